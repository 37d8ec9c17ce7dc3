using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.EndToEnd.Support;

/// <summary>One line of the journal on the host.</summary>
internal sealed record JournalLine(
    DateTimeOffset At,
    string Deploy,
    string Kind,
    string? Step,
    int? Number,
    string? Outcome,
    string? Tag,
    string? Slot
)
{
    /// <summary>What a judge's word on a canary came from; null: it is of something else.</summary>
    public string? Judgement { get; init; }

    public static JournalLine Parse(string line)
    {
        var json = JsonNode.Parse(line)!;
        return new JournalLine(
            json["at"]!.GetValue<DateTimeOffset>(),
            json["deploy"]!.GetValue<string>(),
            json["kind"]!.GetValue<string>(),
            json["step"]?.GetValue<string>(),
            json["number"]?.GetValue<int>(),
            json["outcome"]?.GetValue<string>(),
            json["release"]?["tag"]?.GetValue<string>(),
            json["slot"]?.GetValue<string>()
        )
        {
            Judgement = json["judgement"]?.GetValue<string>(),
        };
    }

    public bool Begins(string step) => Kind == "StepBegun" && Step!.StartsWith(step, StringComparison.Ordinal);
}

/// <summary>
/// A time in which requests may have been sent to a version, taken from the journal's clock, which is this machine's.
/// </summary>
internal sealed record Live(string Version, double FromUnixMs, double UntilUnixMs);

/// <summary>When which version was live, by what the deployer wrote down itself.</summary>
internal static class LivePeriods
{
    /// <summary>
    /// A version is live from the moment its cutover was asked for, until the next one was confirmed.
    /// </summary>
    public static ImmutableArray<Live> Of(IReadOnlyList<JournalLine> journal)
    {
        var periods = new List<Live>();
        var held = new Dictionary<string, string>();
        for (var i = 0; i < journal.Count; i++)
        {
            var line = journal[i];
            if (line is { Kind: "Begin", Slot: { } slot })
                held[slot] = line.Tag!;
            if (
                line.Kind is not ("StepBegun" or "UndoBegun")
                || line.Step?.StartsWith("cut over", StringComparison.Ordinal) != true
            )
                continue;
            // The record after it is written once it is confirmed: its own end, or for an undo the next undo's begin.
            var confirmed = Milliseconds(
                journal.Skip(i + 1).FirstOrDefault(next => next.Deploy == line.Deploy)?.At ?? DateTimeOffset.MaxValue
            );
            if (periods.Count > 0)
                periods[^1] = periods[^1] with { UntilUnixMs = confirmed };
            periods.Add(
                new Live(
                    held[line.Step.EndsWith("blue", StringComparison.Ordinal) ? "Blue" : "Green"],
                    Milliseconds(line.At),
                    double.PositiveInfinity
                )
            );
        }
        return [.. periods];
    }

    private static double Milliseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
