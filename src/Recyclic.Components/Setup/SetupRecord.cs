using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recyclic.Components.Setup;

internal enum ChangeKind
{
    /// <summary>A file of apt's configuration was written.</summary>
    Source,

    /// <summary>A package was installed that was not there.</summary>
    Package,

    /// <summary>The engine was started.</summary>
    Engine,

    /// <summary>An image was pulled or made.</summary>
    Image,
}

/// <summary>One thing that Setup did to a machine.</summary>
/// <param name="What">The file's path, the package's name, the engine's program, the image's name.</param>
/// <param name="Detail">The file's content, the package's version, how the engine was started (`systemd`, `process`),
/// how the image came (`pulled`, `made`).</param>
internal sealed record SetupChange(ChangeKind Kind, string What, string Detail, DateTimeOffset At);

/// <summary>
/// What Setup did to a machine and has not taken back, oldest first. Pure; each change is written down before it is
/// made.
/// </summary>
internal sealed record SetupRecord(ImmutableArray<SetupChange> Changes)
{
    private static readonly JsonSerializerOptions Style = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static SetupRecord Empty { get; } = new(ImmutableArray<SetupChange>.Empty);

    public IEnumerable<SetupChange> Of(ChangeKind kind) => Changes.Where(change => change.Kind == kind);

    /// <summary>With a change; the same thing done again keeps its first time.</summary>
    public SetupRecord With(SetupChange change) =>
        new([
            .. Changes.Where(other => (other.Kind, other.What) != (change.Kind, change.What)),
            Changes.FirstOrDefault(other => (other.Kind, other.What) == (change.Kind, change.What)) is { } first
                ? change with
                {
                    At = first.At,
                }
                : change,
        ]);

    public SetupRecord Without(ChangeKind kind, string what) =>
        new([.. Changes.Where(change => (change.Kind, change.What) != (kind, what))]);

    public string ToJson() => JsonSerializer.Serialize(new Document(1, Changes), Style) + "\n";

    /// <summary>Null when the text is no such record, or of a later version.</summary>
    public static SetupRecord? Parse(string json)
    {
        try
        {
            return
                JsonSerializer.Deserialize<Document>(json, Style)
                    is { Format: 1, Changes: { IsDefault: false } changes }
                && changes.All(change => change is { What: not null, Detail: not null })
                ? new(changes)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToText(string place)
    {
        if (Changes.IsEmpty)
            return $"Setup has changed nothing on this machine, or has taken it back ({place}).";
        var lines = new List<string> { $"Setup did this on this machine ({place}):" };
        foreach (var change in Changes)
            lines.Add($"  {change.At:yyyy-MM-dd HH:mm} UTC  {Describe(change)}");
        lines.Add("./build.sh Setup --undo takes it back, as far as nothing else uses it.");
        return string.Join('\n', lines);
    }

    private static string Describe(SetupChange change) =>
        change.Kind switch
        {
            ChangeKind.Source => $"wrote {change.What}",
            ChangeKind.Package => $"installed {change.What} {change.Detail}",
            ChangeKind.Engine =>
                $"started {change.What}{(change.Detail == "systemd" ? ", now and with the machine" : " in the background")}",
            _ => $"{change.Detail} the image {change.What}",
        };

    private sealed record Document(int Format, ImmutableArray<SetupChange> Changes);
}
