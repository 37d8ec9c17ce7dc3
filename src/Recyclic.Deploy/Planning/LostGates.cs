using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: gates of ports that were stopped or removed are part of what is put right.</summary>
internal static class LostGates
{
    /// <summary>The ports of what users have in the end are published.</summary>
    public static RecoveryPlan? With(RecoveryPlan? plan, Snapshot now)
    {
        var slot = plan?.Steps.OfType<CutOver>().LastOrDefault()?.Slot ?? now.Serving;
        if (
            slot is not { } serving
            || now.Edge is not { Exists: true, Ports.IsEmpty: true }
            || OpenGates.Of(PortGate.Of(now[serving].Routes), now) is not { } gates
        )
            return plan;
        return plan is null
            ? new RecoveryPlan(
                [gates],
                $"nobody answers on {string.Join(", ", gates.Gates)}, which users have: the gate was stopped or removed, and is opened again"
            )
            : plan with
            {
                Steps = [.. plan.Steps, gates],
            };
    }
}
