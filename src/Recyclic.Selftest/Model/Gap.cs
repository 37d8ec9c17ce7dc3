using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Load;

namespace Recyclic.Selftest.Model;

/// <summary>Pure: when a stop-first service with a port may leave a request without an answer.</summary>
/// <param name="FromUnixMs">The stop of the one that users have, or their move back to one that is stopped.</param>
/// <param name="UntilUnixMs">Users are on one that has passed its gate.</param>
internal readonly record struct Gap(double FromUnixMs, double UntilUnixMs)
{
    private const string CutOver = "cut over",
        HandOver = "hand over";

    /// <summary>The engine tells of a signal once it has sent it.</summary>
    private const double SignalSlackMs = 500;

    /// <summary>Whether a request was under way in it.</summary>
    public bool Holds(RequestRecord request) =>
        request.Target == Shape.Front && request.StartedUnixMs <= UntilUnixMs && request.EndedUnixMs >= FromUnixMs;

    /// <summary>
    /// By what the engine told, and not by what the deployer meant to do: from each stop until the first record of the
    /// journal that is only made when users are on a container that became healthy after it.
    /// </summary>
    public static ImmutableArray<Gap> Of(Evidence seen, ImmutableArray<JournalRecord> journal)
    {
        // Requests wait while it is handed over, also when that is taken back; not when nobody is left to say that it is
        // over, or when the edge is lost meanwhile.
        var isOrderly = seen.Case.Fault is CaseFault.Interrupt or CaseFault.Fail;
        if (!Shape.Of(seen.Case.Scenario).HasGap || journal.IsEmpty || isOrderly)
            return [];
        // Whatever becomes of it: once the last command is through, nothing may fail.
        var last = journal[^1].UnixMs();
        var fronts = seen
            .Events.Where(happened => happened.Service == Shape.Front)
            .ToLookup(happened => happened.Moment, happened => happened.UnixMs);
        // Users are moved back first; where they had one that was handed over it is started again after that.
        var movedBack = journal
            .Where(record => record.Kind == JournalKind.UndoBegun && record.IsOf(CutOver))
            .Select(record => record.UnixMs());
        return
        [
            .. from begin in fronts[Moment.Signalled].Select(at => at - SignalSlackMs).Concat(movedBack)
            let healthy = FirstAfter(begin, fronts[Moment.Healthy])
            select new Gap(begin, FirstAfter(healthy, Closings(journal))),
        ];

        double FirstAfter(double time, IEnumerable<double> times) =>
            times.Where(at => at >= time).DefaultIfEmpty(last).Min();
    }

    /// <summary>When a cutover had ended, an undo had gone beyond the hand over, or a command was through.</summary>
    private static IEnumerable<double> Closings(ImmutableArray<JournalRecord> journal)
    {
        var cutOvers = journal
            .Where(record => record.Kind == JournalKind.StepBegun && record.IsOf(CutOver))
            .Select(record => (record.Deploy, record.Number))
            .ToHashSet();
        return journal
            .Where(record =>
                record.Kind switch
                {
                    JournalKind.End => true,
                    JournalKind.StepEnded => cutOvers.Contains((record.Deploy, record.Number)),
                    JournalKind.UndoBegun => !record.IsOf(CutOver) && !record.IsOf(HandOver),
                    _ => false,
                }
            )
            .Select(record => record.UnixMs());
    }
}
