using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Load;

namespace Recyclic.Selftest.Model;

/// <summary>Pure: how often users were moved, as they saw it, and how often they were meant to be.</summary>
internal static class Flips
{
    /// <summary>
    /// How often the answering version changed, over all ports together. A request that began before the first answer
    /// of the new version was complete may still get the old one: it overlaps with the cutover. A later one means that
    /// two versions answered side by side, or that users were moved back.
    /// </summary>
    public static int Seen(IEnumerable<RequestRecord> requests)
    {
        string? current = null,
            before = null;
        var (firstAnswer, flips) = (long.MaxValue, 0);
        foreach (
            var request in requests
                .Where(request => request is { Answered: true, Versions.Length: 1 })
                .OrderBy(request => request.StartedTicks)
        )
        {
            var version = request.Versions[0];
            if (version == current)
                firstAnswer = Math.Min(firstAnswer, request.EndedTicks);
            else if (version != before || request.StartedTicks > firstAnswer)
            {
                if (current is not null)
                    flips++;
                (before, current, firstAnswer) = (current, version, request.EndedTicks);
            }
        }
        return flips;
    }

    /// <summary>
    /// How often the journal says that traffic was moved, recoveries included, which move it without a step of their
    /// own.
    /// </summary>
    public static int Meant(ImmutableArray<JournalRecord> journal) =>
        journal.Count(record =>
            record.Kind is JournalKind.StepBegun or JournalKind.UndoBegun
            && record.Step?.StartsWith("cut over", StringComparison.Ordinal) == true
        ) + journal.Count(record => record is { Kind: JournalKind.End, Outcome: Outcome.Interrupted });
}
