using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Selftest.Model;

/// <summary>Pure: how often a one-off was run, by what the engine told, and how often it should have been.</summary>
internal static class OneOffRuns
{
    /// <summary>What is broken, one sentence each; nothing where the application has no one-off.</summary>
    public static IEnumerable<string> Broken(Evidence seen, ImmutableArray<JournalRecord> journal)
    {
        var begins = journal.Where(record => record.Kind == JournalKind.Begin).ToList();
        if (Shape.Of(seen.Case.Scenario).OneOff is not { } oneOff || begins.Count == 0)
            return [];
        var starts = seen
            .Events.Where(happened =>
                happened.Service == oneOff && happened.Moment == Moment.Started && happened.UnixMs >= begins[0].UnixMs()
            )
            .ToList();
        // A rollback to a release of which only images are left makes its container anew, and leaves it so.
        var running = seen
            .Left.Containers.Where(container =>
                container.IsOf(oneOff) && container.State is not ("exited" or "created")
            )
            .ToList();
        return
        [
            .. starts
                .CountBy(start => start.Id)
                .Where(container => container.Value > 1)
                .Select(container => $"{oneOff} was started {container.Value} times in one container"),
            .. begins
                .Zip(begins.Skip(1).Select(next => next.UnixMs()).Append(double.MaxValue))
                .SelectMany(command => BrokenBy(command.First, command.Second, oneOff, seen, journal)),
            .. running.Select(container => $"{oneOff} should have ended: {container.Name} {container.State}"),
        ];
    }

    /// <param name="begin">Of one command; it is over before <paramref name="until"/>.</param>
    private static IEnumerable<string> BrokenBy(
        JournalRecord begin,
        double until,
        string oneOff,
        Evidence seen,
        ImmutableArray<JournalRecord> journal
    )
    {
        var meanwhile = seen
            .Events.Where(happened => happened.UnixMs >= begin.UnixMs() && happened.UnixMs < until)
            .ToList();
        var runs = meanwhile.Count(happened => happened.Service == oneOff && happened.Moment == Moment.Started);
        var own = journal.Where(record => record.Deploy == begin.Deploy).ToList();
        var begun = own.Where(record => record.Kind == JournalKind.StepBegun && record.IsOf($"run {oneOff} once"))
            .Select(record => record.Number)
            .ToHashSet();
        var ended = own.Count(record => record.Kind == JournalKind.StepEnded && begun.Contains(record.Number));
        var command = $"the {begin.Operation} of {begin.Release?.Tag}";
        // Struck between its record and its start, or between its end and the record of that: it may have been run.
        if (runs > begun.Count || runs < ended)
            yield return $"{oneOff} was run {runs} times by {command}, whose journal has {begun.Count} begun and {ended} ended runs of it";
        if (begin.Operation == Operation.Rollback && begun.Count > 0)
            yield return $"{command} was to run {oneOff}";
        if (ended == 0)
            yield break;
        var end =
            meanwhile
                .FirstOrDefault(happened =>
                    happened.Service == oneOff && happened is { Moment: Moment.Ended, ExitCode: 0 }
                )
                ?.UnixMs
            ?? until;
        if (
            meanwhile.Any(happened =>
                happened.Service == Shape.Front && happened.Moment == Moment.Started && happened.UnixMs < end
            )
        )
            yield return $"{Shape.Front} of {begin.Release?.Tag} was started before {oneOff} had ended";
    }
}
