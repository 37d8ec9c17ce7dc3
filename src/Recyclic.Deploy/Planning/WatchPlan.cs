using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what a deploy watches once users have the new release, and when the way back is taken by itself.</summary>
internal static class WatchPlan
{
    /// <summary>So long after one way back no other one is taken without a person.</summary>
    public static readonly TimeSpan Alone = TimeSpan.FromHours(1);

    /// <summary>
    /// Sessions of the old slot end by themselves while the new one is watched; the drain waits for the rest. All of it
    /// leaves the way back open.
    /// </summary>
    public static IEnumerable<PlannedStep> Of(SlotChange change)
    {
        if (change.Options.Watch > TimeSpan.Zero)
            yield return new(Phase.Watch, new Watch(change.To, change.Options.Watch));
        if (For(change.Now, change.Options, Operation.Deploy) is { } time)
            yield return new(Phase.Watch, new WatchOver(change.To, time));
        if (change.From is { } old && !change.Options.KeepWarm)
            yield return new(Phase.Watch, new Drain(old, change.Options.DrainTimeout));
    }

    /// <summary>How long it is judged; null: not at all.</summary>
    public static TimeSpan? For(Snapshot now, DeployOptions options, Operation operation) =>
        operation == Operation.Deploy && now.Current is not null && options.WatchFor > TimeSpan.Zero
            ? options.WatchFor
            : null;

    /// <summary>
    /// The watch whose deployer died. Nobody knows how much of it was had, so its time begins again; whoever wants
    /// something else than to go on does not wait.
    /// </summary>
    public static IEnumerable<DeployStep> Again(Snapshot now, InterruptedDeploy interrupted, CanaryCourse course)
    {
        if (course == CanaryCourse.On && interrupted.WatchFor is { } time && now[interrupted.Slot.Other()].IsRunning)
            yield return new WatchOver(interrupted.Slot, time);
    }

    /// <summary>Whether a watch had found that everybody must go back, and can, before its deployer died.</summary>
    public static bool HadSaidBack(Snapshot now, InterruptedDeploy interrupted) =>
        interrupted is { Breached: true, Before: { } former }
        && now.CanReturnTo(former)
        && Migrations.Between(now.Journal, former.Release) is null;

    /// <summary>What a person should know of it beforehand.</summary>
    public static IEnumerable<string> Notes(Application app, Snapshot now, DeployOptions options)
    {
        if (options.WatchFor <= TimeSpan.Zero)
            yield break;
        if (now.Current is null)
            yield return "there is no release to go back to from the first one, so it is not judged after the cutover";
        else if (Unrouted.IsSo(app, now))
            yield return "nothing is published, so the watch sees the health of the containers alone";
        else if (app.Services.Any(service => service.IsContract))
            yield return "the contract migration runs when the watch is over: until then the way back is open";
    }

    /// <summary>Why nobody is moved back without a person; null: everybody is.</summary>
    /// <param name="before">What users had before.</param>
    /// <param name="deploy">The deploy that is watched.</param>
    public static string? WhyNotBack(Snapshot now, Commitment? before, string deploy, DateTimeOffset at)
    {
        if (before is null)
            return "there is no release before it";
        var tag = before.Release.Tag;
        if (Migrations.Between(now.Journal, before.Release) is { } contract)
            return $"{contract.Release?.Tag} has run a contract migration, after which {tag} may not work";
        if (
            !now.CanReturnTo(before)
            || !now.Together(before.Slot).All(container => container is { IsRunning: true, IsHealthy: true })
        )
            return $"{tag} on {before.Slot.Name()} is not healthy either";
        return
            now.Journal.Records.LastOrDefault(record =>
                record is { Kind: JournalKind.Watch, Trigger: not null, Stays: null } && record.Deploy != deploy
            )
                is { } earlier
            && at - earlier.At < Alone
            ? $"it would be the second time within an hour (the first: {earlier.At.UtcDateTime:HH:mm} UTC, {earlier.Trigger})"
            : null;
    }
}
