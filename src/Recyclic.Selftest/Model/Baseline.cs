namespace Recyclic.Selftest.Model;

/// <summary>Where a scenario starts from.</summary>
/// <param name="IsWarm">Whether the release before runs on without traffic.</param>
/// <param name="NeedsWayBack">Whether the release before must still have its containers.</param>
/// <param name="NeedsEarlier">Whether there must be a release before at all, be it as images only.</param>
/// <param name="Releases">How many releases must have been deployed one after another, the serving one
/// included.</param>
internal sealed record Baseline(bool Exists, bool IsWarm, bool NeedsWayBack, bool NeedsEarlier, int Releases)
{
    /// <param name="next">What is run after the fault.</param>
    public static Baseline Of(Scenario scenario, NextCommand next) =>
        scenario switch
        {
            Scenario.First => new(false, false, false, false, 0),
            Scenario.RollbackWarm => new(true, true, true, true, Twice(next)),
            Scenario.RollbackStopped => new(true, false, true, true, Twice(next)),
            _ => new(true, false, false, next == NextCommand.Rollback, 1),
        };

    /// <summary>
    /// When the struck rollback went through, another one needs a release before that to which it went.
    /// </summary>
    private static int Twice(NextCommand next) => next == NextCommand.Rollback ? 3 : 1;

    /// <summary>
    /// Whether a release serves and the other slot is as the scenario wants it: only then its steps are the same each
    /// time.
    /// </summary>
    public bool IsReachedBy(StatusSeen? status, Inventory inventory, string app)
    {
        if (
            status is not { Tag: { } tag, Slot: { } slot, EdgeHealthy: true, Locked: false, Interrupted: false }
            || !Versions.Good.Contains(tag)
        )
            return false;
        if (NeedsEarlier && status.PreviousState is null)
            return false;
        if (NeedsWayBack && status.PreviousState != (IsWarm ? "warm" : "stopped"))
            return false;
        var idle = inventory.Of(app, slot == "blue" ? "green" : "blue").ToList();
        return idle.Count > 0 && idle.Any(container => container.State == "running") == IsWarm;
    }
}
