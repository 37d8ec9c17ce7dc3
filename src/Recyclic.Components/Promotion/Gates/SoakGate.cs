using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>The environment before has run these very images for so long, without an incident.</summary>
/// <param name="For">Default of the sample: 24 hours.</param>
public sealed record SoakGate(TimeSpan For) : Gate
{
    /// <inheritdoc/>
    public override string Name => "soaked";

    /// <inheritdoc/>
    public override IEnumerable<GateMistake> Mistakes(DeployEnvironment environment)
    {
        if (For <= TimeSpan.Zero)
            yield return new("the time is not above zero", "Use a time above zero.");
        if (environment.PromotesFrom is null)
            yield return new("there is no environment before", "Set PromotesFrom.");
    }

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts)
    {
        var from = facts.Environment.PromotesFrom ?? "?";
        if (facts.Hotfix is { } reason)
            return Waived($"waived for a hotfix: {reason}");
        if (facts.Source is not { } journal)
            return Failed(
                $"{from} could not be read: {facts.SourceProblem ?? "it has no journal"}",
                $"See ./build.sh Status --environment {from}."
            );
        var periods = Soak.PeriodsOf(facts.DigestSet, journal, facts.Now);
        if (periods.IsEmpty)
        {
            var serving = journal.Current is { } current
                ? $"; it runs {current.Release.Tag} ({current.Release.DigestSet})"
                : "";
            return Failed(
                $"{from} has never run these images ({facts.DigestSet}){serving}",
                $"Deploy them there: ./build.sh DeployStaging --tag {facts.Tag}"
            );
        }
        if (periods[^1].Incident is { } incident)
            return Failed(
                $"{from} had an incident with them: {incident}",
                $"Mend it and deploy a new release to {from}."
            );
        var best = periods.Where(period => period.Incident is null).MaxBy(period => period.Length)!;
        return best.Length >= For
            ? Passed(
                $"{from} ran these images ({facts.DigestSet}) for {Spelled.Time(best.Length)} without an incident, from {best.From:yyyy-MM-dd HH:mm} UTC"
            )
            : Failed(
                $"{from} has run these images for {Spelled.Time(best.Length)} of {Spelled.Time(For)}",
                best.IsOpen
                    ? $"Wait until {best.From + For:yyyy-MM-dd HH:mm} UTC, or use --hotfix \"<why>\"."
                    : $"Deploy them to {from} again and leave them there."
            );
    }
}

/// <summary>A time in which a release served without a break.</summary>
/// <param name="From">When it was committed, or last passed a smoke test that had failed.</param>
/// <param name="Length">Up to now where it still serves.</param>
/// <param name="Incident">What went wrong in it; null: nothing.</param>
/// <param name="IsOpen">Whether it still serves.</param>
internal sealed record SoakPeriod(DateTimeOffset From, TimeSpan Length, string? Incident, bool IsOpen);

/// <summary>Pure: how long a release served, by the journal.</summary>
internal static class Soak
{
    /// <summary>The periods in which these images served, oldest first.</summary>
    public static System.Collections.Immutable.ImmutableArray<SoakPeriod> PeriodsOf(
        string digestSet,
        Journal journal,
        DateTimeOffset now
    )
    {
        var periods = new List<SoakPeriod>();
        DateTimeOffset? since = null;
        string? incident = null;
        JournalRecord? begin = null;
        foreach (var record in journal.Records)
        {
            if (record.Kind == JournalKind.Begin)
                begin = record;
            switch (record)
            {
                case { Kind: JournalKind.Commit, Release: { } release } when release.DigestSet == digestSet:
                    since ??= record.At;
                    break;
                case { Kind: JournalKind.Commit or JournalKind.Withdraw } when since is { } start:
                    // A rollback away, or an undo, says that something was wrong.
                    var isReturn =
                        record.Kind == JournalKind.Withdraw
                        || begin?.Operation == Operation.Rollback
                        || record.Release is { } next && begin?.Release?.Equals(next) == false;
                    if (isReturn)
                        incident ??= $"it was taken back at {record.At:yyyy-MM-dd HH:mm} UTC";
                    periods.Add(new(start, record.At - start, incident, false));
                    (since, incident) = (null, null);
                    break;
                case { Kind: JournalKind.SmokeTest, Outcome: Outcome.Failed }
                    when since is not null && record.Release?.DigestSet == digestSet:
                    incident ??=
                        $"its smoke test failed at {record.At:yyyy-MM-dd HH:mm} UTC: {record.Reason?.Split('\n')[0]}";
                    break;
                case { Kind: JournalKind.SmokeTest, Outcome: Outcome.Success }
                    when since is not null
                        && incident?.StartsWith("its smoke test", StringComparison.Ordinal) == true
                        && record.Release?.DigestSet == digestSet:
                    // It has been tried again and works: the time counts from then on.
                    (since, incident) = (record.At, null);
                    break;
            }
        }
        if (since is { } open)
            periods.Add(new(open, now - open, incident, true));
        return [.. periods];
    }
}
