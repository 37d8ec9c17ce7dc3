using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>Pure: which release a rollback goes to.</summary>
public static class RollbackTarget
{
    /// <exception cref="ConfigurationException">There is none; lists those that there are, with their ages.</exception>
    /// <param name="onlyGood">Whether a release that was taken back as bad is refused: where releases need an approval,
    /// the way to it is one.</param>
    public static Commitment Choose(Snapshot now, ReleaseTag? tag, DateTimeOffset at, bool onlyGood = false)
    {
        var current =
            now.Current
            ?? throw new ConfigurationException(
                "Rollback",
                $"nothing was ever deployed as {now.App}",
                "Deploy first: ./build.sh AtomicDeploy --tag <tag>."
            );
        if (tag is null)
            return Reachable(
                "Rollback",
                now,
                now.Journal.Previous
                    ?? throw new ConfigurationException(
                        "Rollback",
                        $"there is no good release before {current.Release.Tag}",
                        "Name one to go to, --tag <tag>:\n" + Known(now, at)
                    ),
                at
            );
        var found = now.Journal.Find(tag.Value);
        if (found is null)
            throw new ConfigurationException("--tag", $"{tag} was never live here", "Use one of:\n" + Known(now, at));
        if (found.Release.Equals(current.Release))
            throw new ConfigurationException(
                "--tag",
                $"{tag} is what users have now",
                "Use one of:\n" + Known(now, at)
            );
        if (onlyGood && !now.Journal.GoodReleases.Any(good => good.Release.Equals(found.Release)))
            throw new ConfigurationException(
                "--tag",
                $"{tag} was taken back here, and a rollback goes to releases that were good alone",
                $"Leave --tag out for {now.Journal.Previous?.Release.Tag ?? "the one before"}; or have {tag} approved and deploy it."
            );
        return Reachable("--tag", now, found, at);
    }

    /// <summary>Whether a rollback may go to it: no contract migration has begun since.</summary>
    public static bool IsReachable(Snapshot now, Commitment earlier) =>
        Migrations.Between(now.Journal, earlier.Release) is null;

    private static Commitment Reachable(string place, Snapshot now, Commitment earlier, DateTimeOffset at) =>
        Migrations.Between(now.Journal, earlier.Release) is not { } contract
            ? earlier
            : throw new ConfigurationException(
                place,
                $"{earlier.Release.Tag} lies behind a contract migration: {contract.Release?.Tag} has begun, {Age(at - contract.At)} ago, what {earlier.Release.Tag} may not work with ({contract.Step})",
                $"Mend forward with a new release; or, once its database is as {earlier.Release.Tag} needs it, deploy it again: ./build.sh AtomicDeploy --tag {earlier.Release.Tag}."
            );

    /// <summary>
    /// The releases that were live, newest first, with ages and with what is left of them on the host.
    /// </summary>
    public static string Known(Snapshot now, DateTimeOffset at) =>
        string.Join(
            "\n",
            now.Journal.Commitments.Reverse()
                .DistinctBy(commitment => commitment.Release.Id)
                .Take(15)
                .Select(commitment =>
                    $"  {commitment.Release.Tag, -20} live {Age(at - commitment.At)} ago, {StateOf(commitment, now)}{(IsReachable(now, commitment) ? "" : ", behind a contract migration")}"
                )
        );

    /// <summary>`serving`, `warm`, `stopped`, or `images` when only those are left.</summary>
    public static string StateOf(Commitment commitment, Snapshot now) =>
        commitment.Release.Equals(now.Current?.Release) ? "serving"
        : !now.CanReturnTo(commitment) ? "images"
        : now[commitment.Slot].IsRunning ? "warm"
        : "stopped";

    /// <summary>In the largest unit of which there are two: `90 minutes`, `36 hours`; never negative.</summary>
    public static string Age(TimeSpan age) =>
        age switch
        {
            { TotalDays: >= 2 } => $"{age.TotalDays:0} days",
            { TotalHours: >= 2 } => $"{age.TotalHours:0} hours",
            { TotalMinutes: >= 2 } => $"{age.TotalMinutes:0} minutes",
            _ => $"{Math.Max(0, age.TotalSeconds):0} seconds",
        };
}
