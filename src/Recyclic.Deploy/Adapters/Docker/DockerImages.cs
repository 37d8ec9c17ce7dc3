using System.Collections.Immutable;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The images that the engine has.</summary>
internal sealed class DockerImages(HostChanges changes, EngineClient engine, Func<Task>? logIn)
{
    public async Task<ImmutableDictionary<string, ImageFacts>> InspectAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var found = await Task.WhenAll(
            references.Select(async reference =>
                (reference, image: await engine.FindImageAsync(reference, cancellationToken))
            )
        );
        return found
            .Where(entry => entry.image is not null)
            .ToImmutableDictionary(
                entry => entry.reference,
                entry => new ImageFacts(
                    entry.reference,
                    entry.image!.ID ?? "",
                    entry.image.Architecture ?? "",
                    entry.image.Os ?? ""
                )
                {
                    Volumes = EngineAnswers.ImageVolumes(entry.image),
                    HealthCheck = EngineAnswers.HealthCheck(entry.image),
                    Ports = EngineAnswers.ImagePorts(entry.image),
                    User = entry.image.Config?.User ?? "",
                }
            );
    }

    public async Task<string?> PullAsync(string reference, CancellationToken cancellationToken)
    {
        if (reference.StartsWith("sha256:", StringComparison.Ordinal))
            return "its content is no longer on the host";
        if (logIn is not null)
            await logIn();
        var result = await changes.PullAsync(reference, cancellationToken);
        return result.Succeeded
            ? null
            : result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()
                ?? "the pull failed";
    }

    public async Task<ImmutableArray<string>> RemoveAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var reference in references)
        {
            var result = await changes.RemoveImageAsync(reference, cancellationToken);
            if (!result.Succeeded && !result.StandardError.Contains("No such image", StringComparison.Ordinal))
                refused.Add($"image {reference} stays: {result.StandardError.Trim()}");
        }
        return refused.ToImmutable();
    }
}
