using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Which services a release consists of; all others are accessories. Pure.</summary>
/// <param name="Released">In the file's order.</param>
/// <param name="Accessories">In the file's order.</param>
/// <param name="IsFile">Whether the file itself is the release: no tag names the images of its services, they are taken
/// as written.</param>
public sealed record ReleaseChoice(ImmutableArray<string> Released, ImmutableArray<string> Accessories, bool IsFile)
{
    /// <summary>Whether nobody has said what is released: neither a tag, nor the file, nor the command line.</summary>
    public bool IsGuess { get; init; }

    /// <summary>Where nobody has said it: why services that could be released are accessories, by service.</summary>
    public ImmutableSortedDictionary<string, string> Reasons { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>False also for a service that the file does not have.</summary>
    public bool IsReleased(string service) => Released.Contains(service);

    /// <summary>What a dry run says of it: `released: web, api; accessories: db`.</summary>
    public override string ToString() => $"released: {Names(Released)}; accessories: {Names(Accessories)}";

    /// <summary>
    /// The command line has the word, then each service's `x-recyclic: { release: … }`. Where these do not say: what
    /// takes its image from the tag variable or from one of its own; else what is built here and has no name; else the
    /// file itself is the release. </summary>
    public static ReleaseChoice Of(ComposeModel compose)
    {
        var services = compose.Resolved["services"] as JsonObject ?? [];
        var tagged = compose.TagUsers.Union(compose.ImageVariables.Keys);
        if (tagged.IsEmpty)
            tagged =
            [
                .. services
                    .Where(service => compose.Named.Contains(service.Key) || IsNameless(service.Value))
                    .Select(service => service.Key),
            ];
        if (compose.Asked is { } asked)
            return Split(services, asked.Contains, tagged, ImmutableSortedDictionary<string, string>.Empty);

        var said = services
            .Select(service => service.Key)
            .Where(name => Said(compose, name) is not null)
            .ToImmutableDictionary(name => name, name => Said(compose, name) == true);
        if (tagged.Any(name => said.GetValueOrDefault(name, true)) || said.ContainsValue(true))
            return Split(
                services,
                name => said.GetValueOrDefault(name, tagged.Contains(name)),
                tagged,
                ImmutableSortedDictionary<string, string>.Empty
            );
        var reasons = Reserved(services);
        // What is on the host's network is an accessory as long as there is something else to release.
        if (services.All(service => reasons.ContainsKey(service.Key)))
            reasons = reasons.RemoveRange(
                reasons
                    .Where(reason =>
                        NetworkModes.IsHost(services[reason.Key])
                        && ImageKinds.Of(services[reason.Key].At("image").AsText() ?? "") is null
                    )
                    .Select(reason => reason.Key)
            );
        return Split(services, name => said.GetValueOrDefault(name, !reasons.ContainsKey(name)), tagged, reasons) with
        {
            IsGuess = true,
        };
    }

    /// <summary>
    /// Whether compose itself would name its image: it is built here, and the file has no name for it.
    /// </summary>
    public static bool IsNameless(JsonNode? service) => service.At("build") is not null && service.At("image") is null;

    private static ReleaseChoice Split(
        JsonObject services,
        Func<string, bool> isReleased,
        ImmutableHashSet<string> tagged,
        ImmutableSortedDictionary<string, string> reasons
    )
    {
        var (released, accessories) = (
            services.Select(service => service.Key).Where(isReleased).ToImmutableArray(),
            services.Select(service => service.Key).Where(name => !isReleased(name)).ToImmutableArray()
        );
        return new(released, accessories, !released.Any(tagged.Contains)) { Reasons = reasons };
    }

    /// <summary>Null: the file does not say, or says something that is neither true nor false.</summary>
    private static bool? Said(ComposeModel compose, string service) =>
        compose.Extensions[service].At("release")?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>
    /// What is an accessory unless somebody says otherwise: it keeps data, stands in front of the others, or is tied to
    /// the host or to one container.
    /// </summary>
    private static ImmutableSortedDictionary<string, string> Reserved(JsonObject services)
    {
        var reasons = new Dictionary<string, string>();
        foreach (var (name, service) in services)
        {
            if (service.At("image").AsText() is { } image && ImageKinds.Of(image) is { } kind)
                reasons.TryAdd(name, ImageKinds.Describe(kind));
            foreach (var key in new[] { "network_mode", "pid", "ipc", "uts", "cgroup", "userns_mode" })
                if (
                    service.At(key).AsText() is { Length: > 0 } shared
                    && (
                        key == "network_mode" && shared != "bridge"
                        || shared == "host"
                        || shared.Contains(':', StringComparison.Ordinal)
                    )
                )
                    Tie(name, $"{key}: {shared}", shared);
            foreach (
                var source in (service.At("volumes_from") as JsonArray ?? [])
                    .Select(entry => entry.AsText())
                    .OfType<string>()
            )
                Tie(name, $"volumes_from: {source}", $"service:{source.Split(':')[0]}");
        }
        return reasons.ToImmutableSortedDictionary(StringComparer.Ordinal);

        void Tie(string service, string why, string to)
        {
            reasons.TryAdd(service, why);
            if (to.Split(':') is ["service", var other])
                reasons.TryAdd(other, $"{why} of {service}");
        }
    }

    private static string Names(ImmutableArray<string> services) =>
        services.IsEmpty ? "none" : string.Join(", ", services);
}
