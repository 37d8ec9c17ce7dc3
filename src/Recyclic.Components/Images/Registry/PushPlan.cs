using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Registry;

/// <summary>An image to push.</summary>
/// <param name="Id">What the engine knows it by; null: the engine does not have it.</param>
/// <param name="Remote">What the registry has under its tag; null: nothing.</param>
internal sealed record PushItem(string Service, ImageName Image, string? Id, RemoteImage? Remote)
{
    /// <summary>
    /// Whether what the registry has under the tag stays. So with the image of an accessory: its tag names no release,
    /// every machine that builds it makes other content of it, and hosts that run it are not to be surprised.
    /// </summary>
    public bool IsKept { get; init; }

    /// <summary>Whether the registry has it already.</summary>
    public bool IsThere => Remote is not null && (IsKept || Id is { } id && Remote.IsSameAs(id));
}

/// <summary>Pure: which images go to a registry, and what forbids it.</summary>
internal static class PushPlan
{
    /// <summary>
    /// By service, the images that a release takes from the registry: those of release services, and what else of it is
    /// built here.
    /// </summary>
    /// <exception cref="ConfigurationException">A release service's image does not name the registry.</exception>
    public static ImmutableSortedDictionary<string, ImageName> Images(ComposeModel compose, string registry)
    {
        var problems = new List<ConfigurationProblem>();
        var images = ImmutableSortedDictionary.CreateBuilder<string, ImageName>(StringComparer.Ordinal);
        foreach (var (service, model) in compose.Resolved["services"] as JsonObject ?? [])
        {
            if (model?["image"]?.GetValue<string>() is not { } reference)
                continue;
            // Images as written may come from anywhere.
            if (
                (!IsOfRelease(compose, service) || compose.Choice.IsFile)
                && (model["build"] is null || !RegistryAddress.IsOf(registry, reference))
            )
                continue;
            if (RegistryAddress.IsOf(registry, reference) && ImageName.Parse(reference) is { } image)
                images[service] = image;
            else
                problems.Add(
                    new(
                        $"service {service}",
                        $"its image {reference} is not in {registry}",
                        $"Let the compose file say where: image: ${{REGISTRY:+${{REGISTRY:-}}/}}<name>:${{{compose.TagVariable}}}"
                    )
                );
        }
        if (problems.Count > 0)
            throw new ConfigurationException([.. problems]);
        if (images.Count == 0)
            throw new ConfigurationException(
                compose.File,
                "no release service has an image to push",
                $"Write the images that you build with the tag variable: image: ${{REGISTRY:+${{REGISTRY:-}}/}}<name>:${{{compose.TagVariable}}}"
            );
        return images.ToImmutable();
    }

    /// <summary>Whether a service's image is one of a release, and not an accessory's.</summary>
    public static bool IsOfRelease(ComposeModel compose, string service) => compose.Choice.IsReleased(service);

    /// <exception cref="ConfigurationException">A tag would come to mean other content.</exception>
    public static void Check(IEnumerable<PushItem> items, bool overwrite)
    {
        var moved = items.Where(item => item.Remote is not null && !item.IsThere).ToList();
        if (moved.Count == 0 || overwrite)
            return;
        throw new ConfigurationException([
            .. moved.Select(item => new ConfigurationProblem(
                $"service {item.Service}",
                $"{item.Image} is in the registry with other content: {item.Remote!.Digest}, here it is {item.Id}",
                "A tag names one version for good: push under a new one, or say --overwrite-tag when nobody uses it."
            )),
        ]);
    }

    /// <summary>What was pushed, as the one document of `--json`.</summary>
    public static string ToJson(
        string registry,
        string tag,
        IReadOnlyDictionary<string, (ImageName Image, string Digest)> pushed
    ) =>
        new JsonObject
        {
            ["registry"] = registry,
            ["tag"] = tag,
            ["images"] = new JsonObject(
                pushed
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry =>
                        KeyValuePair.Create(
                            entry.Key,
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["reference"] = entry.Value.Image.ToString(),
                                    ["digest"] = entry.Value.Digest,
                                }
                        )
                    )
            ),
        }.ToJsonString(new() { WriteIndented = true });
}

/// <summary>Pure: the images of a compose file's release services.</summary>
internal static class ReleaseImages
{
    /// <summary>By service, the image as the file names it.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ComposeModel compose) =>
        (compose.Resolved["services"] as JsonObject ?? [])
            .Where(service => PushPlan.IsOfRelease(compose, service.Key) && service.Value?["image"] is not null)
            .ToImmutableSortedDictionary(
                service => service.Key,
                service => service.Value!["image"]!.GetValue<string>(),
                StringComparer.Ordinal
            );

    /// <summary>An image with tag, by a digest instead.</summary>
    public static string ByDigest(string image, string digest) => $"{image[..image.LastIndexOf(':')]}@{digest}";
}

/// <summary>Pure: `docker push` as it prints what it does.</summary>
internal sealed class PushProgress
{
    private readonly HashSet<string> _layers = [];
    private readonly HashSet<string> _done = [];
    private readonly Lock _lock = new();

    /// <summary>The digest that the registry gave the image; null: not printed yet.</summary>
    public string? Digest { get; private set; }

    public void Read(string line)
    {
        lock (_lock)
        {
            var parts = line.Trim().Split(": ", 2);
            if (
                parts.Length == 2
                && parts[1].StartsWith("digest: ", StringComparison.Ordinal)
                && parts[1].Split(' ') is [_, var digest, ..]
                && ImageName.IsDigest(digest)
            )
                Digest = digest;
            else if (parts.Length == 2 && parts[0].Length is >= 12 and <= 64 && parts[0].All(char.IsAsciiHexDigit))
            {
                _layers.Add(parts[0]);
                if (
                    parts[1].StartsWith("Pushed", StringComparison.Ordinal)
                    || parts[1].StartsWith("Layer already exists", StringComparison.Ordinal)
                    || parts[1].StartsWith("Mounted from", StringComparison.Ordinal)
                )
                    _done.Add(parts[0]);
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return $"{_done.Count} of {_layers.Count} layers";
    }
}
