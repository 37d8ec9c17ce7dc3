using Recyclic.Build;
using Recyclic.Build.Tooling.DotNet;

namespace Recyclic.Components.Packages.Adapters;

/// <summary>Sends the packages of one version.</summary>
internal static class Publishing
{
    /// <exception cref="TargetFailedException">The source refuses a package; those before it are there.</exception>
    public static void Run(IPublish build)
    {
        var version = Packing.VersionOf(build);
        // A name of NuGet's configuration or an address stays as it is; a folder is where the caller sees it.
        var folder = build.WorkingDirectory / build.Source!;
        var source =
            Uri.TryCreate(build.Source, UriKind.Absolute, out _) || !folder.DirectoryExists()
                ? build.Source!
                : folder.ToString();
        if (build.DryRun)
        {
            build.WriteLine($"would publish the packages of {version} to {source}");
            return;
        }
        var packages = build
            .PackagesDirectory.GlobFiles($"*.{version.Split('+')[0]}.nupkg")
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .ToList();
        if (packages.Count == 0)
            throw new TargetFailedException($"there is no package of {version} in {build.PackagesDirectory}");
        foreach (var package in packages)
            DotNetTasks.DotNetNuGetPush(_ =>
                _.SetTargetPath(package)
                    .SetSource(source)
                    .SetApiKey(build.NugetApiKey)
                    .SetSkipDuplicate(build.SkipDuplicate ? true : null)
            );
        build.ReportSummary("Published", $"{packages.Count}, {version}");
    }
}
