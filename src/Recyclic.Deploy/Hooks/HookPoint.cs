using System.Collections.Immutable;
using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Hooks;

/// <summary>When a hook runs. A phase that a plan has no step of has no hooks either.</summary>
public enum HookPoint
{
    /// <summary>With the lock held and the plan made, before anything is changed.</summary>
    PrePrepare,

    /// <summary>The new release is healthy, and no user sees it.</summary>
    PostPrepare,

    /// <summary>Right before users move.</summary>
    PreShift,

    /// <summary>Users are on the new release, and it is committed. From here on a failure is a warning.</summary>
    PostShift,

    /// <summary>Before the new release is watched.</summary>
    PreWatch,

    /// <summary>The watch is over.</summary>
    PostWatch,

    /// <summary>Before the old release is stopped.</summary>
    PreRetire,

    /// <summary>The old release is stopped.</summary>
    PostRetire,

    /// <summary>The last of a deploy that went well, whatever phases it had.</summary>
    PostDeploy,

    /// <summary>A deploy failed or was cancelled, and was undone as far as it could be.</summary>
    OnFailure,
}

/// <summary>What hooks are called where people write their names.</summary>
public static class HookPoints
{
    /// <summary>All, in the order of a deploy.</summary>
    public static ImmutableArray<HookPoint> All { get; } = [.. Enum.GetValues<HookPoint>()];

    /// <summary>For example `pre-shift`: what a file in the folder of hooks is called.</summary>
    public static string Name(this HookPoint point) =>
        point switch
        {
            HookPoint.PrePrepare => "pre-prepare",
            HookPoint.PostPrepare => "post-prepare",
            HookPoint.PreShift => "pre-shift",
            HookPoint.PostShift => "post-shift",
            HookPoint.PreWatch => "pre-watch",
            HookPoint.PostWatch => "post-watch",
            HookPoint.PreRetire => "pre-retire",
            HookPoint.PostRetire => "post-retire",
            HookPoint.PostDeploy => "post-deploy",
            _ => "on-failure",
        };

    /// <summary>The point of a name; null: there is none of it.</summary>
    public static HookPoint? Parse(string name) =>
        All.Where(point => point.Name() == name).Select(point => (HookPoint?)point).FirstOrDefault();

    /// <summary>Whether a failure there undoes the deploy, since nothing is committed yet.</summary>
    public static bool Undoes(this HookPoint point) => point <= HookPoint.PreShift;

    internal static HookPoint Before(Phase phase) => HookPoint.PrePrepare + 2 * (int)phase;

    internal static HookPoint After(Phase phase) => HookPoint.PostPrepare + 2 * (int)phase;
}
