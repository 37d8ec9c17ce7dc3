using System.Collections.Immutable;
using System.Text.Json;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

/// <summary>
/// The digests that an earlier target of this run, perhaps on another machine, has pushed or approved. Who deploys
/// takes exactly these: a tag that is moved in the registry meanwhile changes nothing.
/// </summary>
internal sealed record HandedDigests(string Output, ImmutableSortedDictionary<string, string> ByService)
{
    /// <summary>
    /// What was approved, or else what was pushed; null: nothing was handed over, the registry is to say.
    /// </summary>
    /// <exception cref="ConfigurationException">What was handed over is not what a target of this build
    /// writes.</exception>
    public static HandedDigests? Of(IHazDeployment build)
    {
        if (
            build is IApproveProduction { ApprovedDigests: var approved }
            && approved.TryGet(out var text)
            && text.Length > 0
        )
            return Parse(approved.Name, text);
        return build is IPushImages { ReleaseDigests: var pushed } && pushed.TryGet(out text) && text.Length > 0
            ? Parse(pushed.Name, text)
            : null;
    }

    public static HandedDigests Parse(string output, string text)
    {
        try
        {
            if (
                JsonSerializer.Deserialize<Dictionary<string, string?>>(text) is { Count: > 0 } read
                && read.Values.All(ImageName.IsDigest)
            )
                return new(
                    output,
                    read.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal)
                );
        }
        catch (JsonException)
        {
            // As wrong as one without digests.
        }
        throw new ConfigurationException(
            $"the output {output}",
            "holds no digests by service",
            "It is handed from job to job as {\"api\":\"sha256:…\"}: see the job that sets it."
        );
    }

    public static string Write(IEnumerable<KeyValuePair<string, string>> byService) =>
        JsonSerializer.Serialize(
            byService.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal)
        );

    /// <summary>The digests by the images' references.</summary>
    /// <exception cref="ConfigurationException">A service has none.</exception>
    public ImmutableDictionary<string, string> By(ImmutableSortedDictionary<string, ImageName> images)
    {
        var missing = images.Keys.Except(ByService.Keys).ToList();
        if (missing.Count > 0)
            throw new ConfigurationException([
                .. missing.Select(service => new ConfigurationProblem(
                    $"service {service}",
                    $"the output {Output} has no digest of it, only of {string.Join(", ", ByService.Keys)}",
                    "Push and deploy the same commit."
                )),
            ]);
        return images
            .GroupBy(image => image.Value.ToString())
            .ToImmutableDictionary(same => same.Key, same => ByService[same.First().Key]);
    }
}
