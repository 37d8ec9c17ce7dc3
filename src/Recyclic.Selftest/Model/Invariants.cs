using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Load;

namespace Recyclic.Selftest.Model;

/// <summary>Pure: what must hold after every case, whatever struck the deployer and when.</summary>
internal static class Invariants
{
    /// <summary>What is broken, one sentence each with its evidence; empty: nothing.</summary>
    public static ImmutableArray<string> Broken(Evidence seen)
    {
        var journal = Journal.Parse(seen.JournalLines).Records;
        return
        [
            .. Commands(seen),
            .. Users(seen, journal),
            .. Records(seen, journal),
            .. Exclusives(seen),
            .. OneOffRuns.Broken(seen, journal),
            .. Leftovers(seen),
        ];
    }

    /// <summary>
    /// Requests that failed and must not have: before a first commit, and in the gap of a stop-first service, there is
    /// nobody to answer.
    /// </summary>
    public static ImmutableArray<RequestRecord> FailedRequests(Evidence seen)
    {
        var journal = Journal.Parse(seen.JournalLines).Records;
        var gaps = Gap.Of(seen, journal);
        var failed = seen.Requests.Where(request => request.Failed && !gaps.Any(gap => gap.Holds(request)));
        if (seen.Serving is not null)
            return [.. failed];
        var periods = Committed(journal);
        return [.. failed.Where(request => periods.Any(period => period.Holds(request.StartedUnixMs)))];
    }

    private static IEnumerable<string> Commands(Evidence seen)
    {
        if (!seen.Struck.WasStruck)
            yield return $"the deployer never came to {seen.Case.Point}:\n{seen.Struck.Tail(12)}";
        else if (!seen.Case.Fault.ExitCodes().Contains(seen.Struck.ExitCode))
            yield return $"the struck command ended with exit code {seen.Struck.ExitCode}:\n{seen.Struck.Tail(12)}";
        if (seen.LockStayed is { } stayed)
            yield return stayed;
        if (seen.StatusAfterFault is null)
            yield return "after the fault Status --json could not be read";
        if (seen.Next.ExitCode != 0)
            yield return $"the next command, {seen.Next.Arguments}, ended with exit code {seen.Next.ExitCode}:\n{seen.Next.Tail(12)}";
        if (seen.TouchedWithoutLock is { } touched)
            yield return $"the deployer that had lost its lock did not keep its hands off: {touched}";
        if (seen.Disturbed is { } disturbed)
            yield return $"what is not the application's was touched: {disturbed}";
    }

    private static IEnumerable<string> Users(Evidence seen, ImmutableArray<JournalRecord> journal)
    {
        var failed = FailedRequests(seen);
        if (failed.Length > 0)
            yield return Failures(failed, seen, journal);
        if (!seen.Requests.Any(request => request.Answered))
            yield return "no request was answered at all";
        var answered = seen.Requests.Where(request => request.Answered).ToList();
        if (answered.Count(request => request.Versions.Length != 1) is > 0 and var mixed)
            yield return $"{mixed} answers came from two versions, or from none";
        var allowed = journal
            .Where(record => record.Kind is JournalKind.Begin or JournalKind.Commit)
            .Select(record => record.Release?.Tag)
            .OfType<string>()
            .Where(Versions.MayServe)
            .Append(seen.Serving)
            .ToHashSet();
        var wrong = answered
            .SelectMany(request => request.Versions)
            .Where(version => !allowed.Contains(version))
            .Distinct()
            .ToList();
        if (wrong.Count > 0)
            yield return $"users were given {string.Join(", ", wrong)}";
        if (Flips.Seen(answered) is var flips && flips > Flips.Meant(journal))
            yield return $"the answering version changed {flips} times, but traffic was moved {Flips.Meant(journal)} times at most";
        var last = answered.OrderBy(request => request.StartedTicks).LastOrDefault().Versions;
        if (answered.Count > 0 && last is [var serving] && serving != seen.StatusAtEnd?.Tag)
            yield return $"users have {serving}, but Status says {seen.StatusAtEnd?.Tag ?? "nothing"}";
        if (seen is { NextTag: { } wanted, Next.ExitCode: 0 } && seen.StatusAtEnd?.Tag != wanted)
            yield return $"the next command was to bring {wanted}, but Status says {seen.StatusAtEnd?.Tag ?? "nothing"}";
    }

    private static IEnumerable<string> Records(Evidence seen, ImmutableArray<JournalRecord> journal)
    {
        if (journal.Length != seen.JournalLines.Length)
            yield return $"{seen.JournalLines.Length - journal.Length} lines of the journal cannot be read";
        foreach (var begin in journal.Where(record => record.Kind == JournalKind.Begin))
            if (
                journal.Count(record => record.Kind == JournalKind.End && record.Deploy == begin.Deploy)
                is not 1
                    and var ends
            )
                yield return $"the journal has {ends} ends of {begin.Deploy}";
        if (seen.StatusAtEnd is not { Interrupted: false, EdgeHealthy: true })
            yield return $"Status at the end: {seen.StatusAtEnd?.ToString() ?? "unreadable"}";
    }

    private static IEnumerable<string> Exclusives(Evidence seen)
    {
        var slot = seen.StatusAtEnd?.Slot;
        foreach (var service in Shape.Of(seen.Case.Scenario).Exclusives)
        {
            var running = new HashSet<string>();
            foreach (var happened in seen.Events.Where(happened => happened.IsExclusive && happened.Service == service))
            {
                if (happened.Moment == Moment.Started)
                    running.Add(happened.Id);
                if (happened.Moment == Moment.Ended)
                    running.Remove(happened.Id);
                if (running.Count > 1)
                    yield return $"{service}, which is exclusive, ran twice: {string.Join(" and ", running.Select(id => id[..Math.Min(12, id.Length)]))}";
            }
            var left = seen
                .Left.Containers.Where(container => container.IsOf(service) && container.State == "running")
                .Select(container => container.Name)
                .ToList();
            if (
                left is not [var only]
                || slot is null
                || !only.StartsWith($"{seen.App}--{slot}-", StringComparison.Ordinal)
            )
                yield return $"{service}, which is exclusive, should run once, in {slot ?? "a slot"}; running: {(left.Count == 0 ? "none" : string.Join(", ", left))}";
        }
    }

    private static IEnumerable<string> Leftovers(Evidence seen)
    {
        if (seen.StatusAtEnd?.Locked == true)
            yield return "the lock is held at the end";
        if (seen.StatusAtEnd?.Slot is not { } serving)
            yield break;
        var shape = Shape.Of(seen.Case.Scenario);
        var (here, there) = (Lasting(serving), Lasting(serving == "blue" ? "green" : "blue"));
        if (here.Count != Shape.Lasting || here.Any(container => container.State != "running"))
            yield return $"the serving slot has {Shown(here)}";
        // Stopped for a rollback, or never there: a container of the idle slot that runs or was only created is
        // forgotten. After a rollback to a warm release the one that it leaves stays warm, but for its exclusive
        // service.
        var mayBeWarm = seen.Case is { Scenario: Scenario.RollbackWarm, Next: NextCommand.Rollback };
        if (
            there.Count is not (0 or Shape.Lasting)
            || (there.Any(container => container.State is not ("exited" or "created")) && !(mayBeWarm && IsWarm(there)))
            || there.Count(container => container.State == "created") > shape.Exclusives.Length
        )
            yield return $"the idle slot has {Shown(there)}";
        var others = seen
            .Left.Containers.Except(here)
            .Except(there)
            .Where(container =>
                !shape
                    .Standing.Prepend("edge")
                    .Any(name => container == new ContainerSeen($"{seen.App}-{name}", "running"))
            )
            .Where(container => shape.OneOff is not { } oneOff || !container.IsOf(oneOff))
            .Where(container => !IsGate(container, seen.App))
            .ToList();
        if (others.Count > 0)
            yield return $"left over: {Shown(others)}";
        if (!seen.Left.Networks.SetEquals(seen.Ordinary.Networks))
            yield return $"networks are {string.Join(", ", seen.Left.Networks)}, not {string.Join(", ", seen.Ordinary.Networks)}";
        if (!seen.Left.Volumes.SetEquals(seen.Ordinary.Volumes))
            yield return $"volumes are {string.Join(", ", seen.Left.Volumes)}, not {string.Join(", ", seen.Ordinary.Volumes)}";

        List<ContainerSeen> Lasting(string slot) =>
            [
                .. seen
                    .Left.Of(seen.App, slot)
                    .Where(container => shape.OneOff is not { } oneOff || !container.IsOf(oneOff)),
            ];
    }

    /// <summary>What publishes a port; one that is stopped is forgotten.</summary>
    private static bool IsGate(ContainerSeen container, string app) =>
        container.Name.StartsWith($"{app}-gate-", StringComparison.Ordinal) && container.State == "running";

    private static bool IsWarm(List<ContainerSeen> slot) =>
        slot.All(container => container.State == (container.IsOf("worker") ? "exited" : "running"));

    /// <summary>From each first commit until it is taken back.</summary>
    private static List<LivePeriod> Committed(ImmutableArray<JournalRecord> journal)
    {
        var periods = new List<LivePeriod>();
        var depth = 0;
        foreach (var record in journal)
        {
            var at = record.UnixMs();
            if (record.Kind == JournalKind.Commit && ++depth == 1)
                periods.Add(LivePeriod.From(record.Release?.Tag ?? "?", at));
            if (record.Kind == JournalKind.Withdraw && --depth == 0)
                periods[^1] = periods[^1] with { UntilUnixMs = at };
        }
        return periods;
    }

    private static string Failures(
        ImmutableArray<RequestRecord> failed,
        Evidence seen,
        ImmutableArray<JournalRecord> journal
    )
    {
        var (first, last) = (failed.Min(request => request.StartedUnixMs), failed.Max(request => request.EndedUnixMs));
        var before = journal.LastOrDefault(record => record.At.ToUnixTimeMilliseconds() <= first);
        return string.Join(
            "\n        ",
            [
                FormattableString.Invariant(
                    $"{failed.Length} requests failed within {last - first:0} ms, after {before?.Kind.ToString() ?? "nothing"} {before?.Step} in the journal; the first:"
                ),
                .. failed
                    .Take(3)
                    .Select(request =>
                        FormattableString
                            .Invariant(
                                $"{request.Target} {request.Failure} {request.Detail}, from {Since(request.StartedUnixMs)} to {Since(request.EndedUnixMs)} ms"
                            )
                            .Replace('\n', ' ')
                    ),
                .. journal
                    .Where(record => Math.Abs(record.UnixMs() - first) < 2000)
                    .Select(record =>
                        FormattableString.Invariant(
                            $"the journal: {Since(record.UnixMs())} ms {record.Kind} {record.Step}"
                        )
                    ),
                .. seen.EdgeTroubles.Take(5).Select(line => $"the edge's log: {line}"),
            ]
        );

        double Since(double unixMs) => Math.Round(unixMs - first);
    }

    private static string Shown(List<ContainerSeen> containers) =>
        containers.Count == 0
            ? "no container"
            : string.Join(", ", containers.Select(container => $"{container.Name} {container.State}"));
}
