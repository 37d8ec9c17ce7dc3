using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Selftest.Model;

/// <summary>Pure: how often a one-off was run, by what the engine told, and how often it should have been.</summary>
internal static class OneOffRuns
{
    /// <summary>What is broken, one sentence each; nothing where the application has no one-off.</summary>
    public static IEnumerable<string> Broken(Evidence seen, ImmutableArray<JournalRecord> journal)
    {
        if (Shape.Of(seen.Case.Scenario).OneOff is not { } oneOff || journal.IsEmpty) yield break;
        var begins = journal.Where(record => record.Kind == JournalKind.Begin).ToList();
        var (first, events) = (UnixMs(begins[0]), seen.Events.Where(happened => happened.Service == oneOff).ToList());
        var starts = events.Where(happened => happened.Moment == Moment.Started && happened.UnixMs >= first).ToList();
        foreach (var again in starts.GroupBy(start => start.Id).Where(group => group.Count() > 1)) yield return $"{oneOff} was started {again.Count()} times in one container";
        for (var at = 0; at < begins.Count; at++)
        {
            var (begin, until) = (begins[at], at + 1 < begins.Count ? UnixMs(begins[at + 1]) : double.MaxValue);
            var runs = starts.Count(start => start.UnixMs >= UnixMs(begin) && start.UnixMs < until);
            var own = journal.Where(record => record.Deploy == begin.Deploy).ToList();
            var numbers = own.Where(record => record.Kind == JournalKind.StepBegun && record.Step!.StartsWith($"run {oneOff} once", StringComparison.Ordinal)).Select(record => record.Number).ToHashSet();
            // Struck between its record and its start, or between its end and the record of that: it may have been run.
            var ended = own.Count(record => record.Kind == JournalKind.StepEnded && numbers.Contains(record.Number));
            if (runs > numbers.Count || runs < ended) yield return $"{oneOff} was run {runs} times by the {begin.Operation} of {begin.Release?.Tag}, whose journal has {numbers.Count} begun and {ended} ended runs of it";
            if (begin.Operation == Operation.Rollback && numbers.Count > 0) yield return $"a rollback was to run {oneOff}";
            if (ended > 0 && seen.Events.Any(happened => happened.Service == Shape.Front && happened.Moment == Moment.Started && happened.UnixMs >= UnixMs(begin)
                && happened.UnixMs < EndOf(events, UnixMs(begin)))) yield return $"{Shape.Front} of {begin.Release?.Tag} was started before {oneOff} had ended";
        }
        // A rollback to a release of which only images are left makes its container anew, and leaves it so.
        if (seen.Left.Containers.Where(container => container.IsOf(oneOff) && container.State is not ("exited" or "created")).ToList() is { Count: > 0 } running)
            yield return $"{oneOff} should have ended: {string.Join(", ", running.Select(container => $"{container.Name} {container.State}"))}";
    }

    /// <summary>Of its first run since a time.</summary>
    private static double EndOf(List<ContainerEvent> events, double since) =>
        events.Where(happened => happened is { Moment: Moment.Ended, ExitCode: 0 } && happened.UnixMs >= since).Select(happened => happened.UnixMs).DefaultIfEmpty(0).Min();

    private static double UnixMs(JournalRecord record) => (record.At - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
