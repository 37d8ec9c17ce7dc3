using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>What services mount of an engine's host by its absolute path: files that no release brings.</summary>
internal sealed class HostPathCheck(IHostObserver host)
{
    /// <summary>
    /// What a service mounts of the engine's host has to be there before anything starts, where the engine would not
    /// create it.
    /// </summary>
    /// <returns>What the engine will create, a sentence each.</returns>
    /// <exception cref="ConfigurationException">Something is not there.</exception>
    public async Task<ImmutableArray<string>> CheckAsync(
        Application app,
        string file,
        string image,
        CancellationToken cancellationToken
    )
    {
        var wanted = HostPaths.Of(app);
        if (wanted.IsEmpty)
            return [];
        var absent = await host.FindAbsentPathsAsync(
            wanted.Select(path => path.Path).Distinct(),
            image,
            cancellationToken
        );
        var problems = wanted
            .Where(path => absent.Contains(path.Path) && !path.IsCreated)
            .Select(path => new ConfigurationProblem(
                $"{file}: services.{path.Service}",
                $"it mounts {path.Path} of the engine's host, which is not there",
                "Create it there. Or have it go with the release: keep it below the compose file's folder, and write a path that is relative to it, read-only (:ro)."
            ))
            .Distinct()
            .ToImmutableArray();
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
        return
        [
            .. wanted
                .Where(path =>
                    absent.Contains(path.Path)
                    && !app.Warnings.Any(warning => warning.Contains(path.Path, StringComparison.Ordinal))
                )
                .Select(path =>
                    $"{path.Path} does not exist on the engine's host: Docker creates it as an empty folder"
                )
                .Distinct(),
        ];
    }
}
