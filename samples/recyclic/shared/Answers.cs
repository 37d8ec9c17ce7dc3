using System.Text.Json.Serialization;

namespace Recyclic.Sample;

/// <summary>The answer of <c>/version</c>.</summary>
public sealed record VersionAnswer(string Service, string Version);

/// <summary>The answer of <c>/health</c>; a reason comes with every status that is not healthy.</summary>
public sealed record HealthAnswer(string Service, string Version, string Status, string? Reason);

/// <summary>The answer of a request that failed.</summary>
public sealed record ErrorAnswer(string Error);

/// <summary>The answer of <c>/slow</c>.</summary>
public sealed record SlowAnswer(string Service, string Version, int Ms);

/// <summary>A row of the table <c>items</c>.</summary>
public sealed record Item(long Id, string Name, DateTimeOffset At, string Version);

/// <summary>What a client sends to add an item.</summary>
public sealed record NewItem(string? Name);

/// <summary>
/// The newest items, how many there are in all, and how often the list was read (null while Redis is away).
/// </summary>
public sealed record ItemList(IReadOnlyList<Item> Items, long Count, long? Reads);

/// <summary>
/// Serializers made at compile time: a service that has just started need not reflect over its types.
/// </summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(VersionAnswer)), JsonSerializable(typeof(HealthAnswer)), JsonSerializable(typeof(ErrorAnswer))]
[
    JsonSerializable(typeof(SlowAnswer)),
    JsonSerializable(typeof(Item)),
    JsonSerializable(typeof(ItemList)),
    JsonSerializable(typeof(NewItem))
]
public sealed partial class SampleJson : JsonSerializerContext;
