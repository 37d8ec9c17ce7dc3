using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The images of accessories that a deploy is about to start: there, or had, before anything is touched.
/// </summary>
internal sealed class AccessoryImages(Platform platform, IDeployReporter reporter)
{
    /// <summary>
    /// By accessory. One with a platform of its own is left to compose, which knows how to ask for it.
    /// </summary>
    public static ImmutableDictionary<string, string> Of(Application app) =>
        app
            .Accessories.Where(accessory =>
                ModelOf(app, accessory.Name) is { } model && model["image"] is not null && model["platform"] is null
            )
            .ToImmutableDictionary(accessory => accessory.Name, accessory => accessory.Image);

    /// <exception cref="ConfigurationException">One that is to be started cannot be had.</exception>
    public async Task PullMissingAsync(
        Application app,
        IEnumerable<KeyValuePair<string, string>> absent,
        DeployRequest request,
        ReleaseTag tag,
        CancellationToken cancellationToken
    )
    {
        var missing = absent.ToList();
        if (missing.Count == 0)
            return;
        // An accessory is started once: one that has its container needs its image no more.
        var known = (await platform.Host.ObserveAsync(app.Name, cancellationToken))
            .Accessories.Select(container => container.Service)
            .ToHashSet();
        missing.RemoveAll(entry => known.Contains(entry.Key));
        if (missing.Count == 0)
            return;
        reporter.Note($"pulling {string.Join(", ", missing.Select(entry => entry.Value).Distinct())}");
        var reasons = await Task.WhenAll(
            missing.Select(async entry =>
                (entry.Key, entry.Value, Why: await platform.Images.PullAsync(entry.Value, cancellationToken))
            )
        );
        var refused = reasons
            .Where(reason => reason.Why is not null)
            .OrderBy(reason => reason.Key, StringComparer.Ordinal)
            .ToList();
        if (refused.Count > 0)
            throw new ConfigurationException([
                .. refused.Select(reason => new ConfigurationProblem(
                    $"accessory {reason.Key}",
                    $"there is no image {reason.Value}{(reason.Why!.Length > 0 ? $": {PrintableText.Of(reason.Why)}" : "")}",
                    Mend(ModelOf(app, reason.Key)!, request.Registry, tag, request.CommandOptions)
                )),
            ]);
    }

    internal static string Mend(JsonObject model, string? registry, ReleaseTag tag, string options = "") =>
        model["build"] is null ? "Is its name right, and does the engine reach its registry?"
        : registry is null ? $"Build it: ./build.sh BuildImages --tag {tag}{options}"
        : model["image"].AsText()?.StartsWith(registry + "/", StringComparison.Ordinal) == true
            ? $"Push it: ./build.sh PushImages --tag {tag} --registry {registry}{options}"
        : "Let it travel by the registry, as the releases do: image: ${REGISTRY:+${REGISTRY:-}/}<name>:<version>";

    private static JsonObject? ModelOf(Application app, string service) =>
        app.Document["services"].At(service) as JsonObject;
}
