using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Everyday;

/// <summary>Pure: where to look, told once, after the first deploy of an application.</summary>
internal static class FirstLook
{
    /// <param name="options">What a command needs to mean the same application, each after a space.</param>
    /// <param name="hasLogs">Whether the build has the target Logs.</param>
    /// <returns>Null: it was told before.</returns>
    public static string? Of(DeployOutcome outcome, string options, bool hasLogs)
    {
        var plan = outcome.Plan;
        if (plan.BasedOn.Current is not null || plan.Operation != Operation.Deploy)
            return null;
        var plain =
            $"docker compose -p {plan.BasedOn.Names.SlotProject(plan.Slot)} logs -f (until the next deploy: then it is {plan.Slot.Other().Name()})";
        return hasLogs ? $"  logs      ./build.sh Logs --follow{options}\n  or        {plain}" : $"  logs      {plain}";
    }
}
