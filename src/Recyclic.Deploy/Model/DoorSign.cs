using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// What a door shows to proxies that find containers by the engine's socket: what the file says to them of the service,
/// in the place of its containers, which come and go.
/// </summary>
/// <param name="Labels">Those that address such a proxy, by name.</param>
/// <param name="Variables">The same of its environment.</param>
/// <param name="Exposed">The ports that plain compose would have its container expose.</param>
public sealed partial record DoorSign(
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string> Variables,
    ImmutableArray<int> Exposed
)
{
    /// <summary>That of a door which no such proxy is told of.</summary>
    public static DoorSign None { get; } =
        new(ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, string>.Empty, []);

    /// <summary>Whether it shows nothing.</summary>
    [JsonIgnore]
    public bool IsEmpty => Labels.IsEmpty && Variables.IsEmpty;

    /// <summary>
    /// Whether both define a thing of Traefik's by one name, and differently: it then uses neither as long as it sees
    /// both.
    /// </summary>
    internal bool ClashesWith(DoorSign other)
    {
        var others = other.Things();
        return Things().Any(thing => others.TryGetValue(thing.Key, out var theirs) && theirs != thing.Value);
    }

    /// <summary>As a container's label.</summary>
    internal string ToLabel() => JsonSerializer.Serialize(this, DoorSignJson.Default.DoorSign);

    /// <summary>What <see cref="ToLabel()"/> wrote; nothing where there is no label or it cannot be read.</summary>
    internal static DoorSign FromLabel(string? label) =>
        Read(label, DoorSignJson.Default.DoorSign) is { Labels: not null, Variables: not null } read
            ? read with
            {
                Exposed = read.Exposed.IsDefault ? [] : read.Exposed,
            }
            : None;

    /// <summary>A door as a label of its service's containers, which is how a way back knows it.</summary>
    internal static string ToLabel(Door door) =>
        JsonSerializer.Serialize(new SignedDoor(door.Networks, door.Sign), DoorSignJson.Default.SignedDoor);

    /// <summary>Null: there is no label, or it cannot be read.</summary>
    /// <param name="routes">All that the service's containers were started for.</param>
    internal static Door? DoorFromLabel(string service, string? label, IEnumerable<Route> routes) =>
        Read(label, DoorSignJson.Default.SignedDoor)
            is { Networks: { IsDefaultOrEmpty: false } networks, Sign: { Labels: not null, Variables: not null } sign }
            ? new Door(
                service,
                [.. routes.Where(route => route.IsInside && route.Service == service)],
                [
                    .. networks.Select(network =>
                        network with
                        {
                            Aliases = network.Aliases.IsDefault ? [] : network.Aliases,
                        }
                    ),
                ]
            )
            {
                Sign = sign with { Exposed = sign.Exposed.IsDefault ? [] : sign.Exposed },
            }
            : null;

    /// <inheritdoc/>
    public bool Equals(DoorSign? other) =>
        other is not null
        && Labels.SequenceEqual(other.Labels)
        && Variables.SequenceEqual(other.Variables)
        && Exposed.SequenceEqual(other.Exposed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Labels.Count, Variables.Count, Exposed.Length);

    private Dictionary<string, string> Things() =>
        (
            from label in Labels
            let thing = Thing().Match(label.Key)
            where thing.Success
            group $"{label.Key}={label.Value}" by thing.Value.ToLowerInvariant()
        ).ToDictionary(thing => thing.Key, thing => string.Join('\n', thing));

    private static T? Read<T>(string? label, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return string.IsNullOrEmpty(label) ? null : JsonSerializer.Deserialize(label, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"\Atraefik\.[a-z]+\.(routers|services|middlewares|serverstransports)\.[^.]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Thing();
}

internal sealed record SignedDoor(ImmutableArray<DoorNetwork> Networks, DoorSign Sign);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DoorSign))]
[JsonSerializable(typeof(SignedDoor))]
internal sealed partial class DoorSignJson : JsonSerializerContext;
