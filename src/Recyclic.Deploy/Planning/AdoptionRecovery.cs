using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: how what an interrupted first deploy took from plain compose is given back.</summary>
internal static class AdoptionRecovery
{
    /// <summary>All is given back to those that are still there.</summary>
    public static IEnumerable<DeployStep> GiveBack(Snapshot now, InterruptedDeploy interrupted)
    {
        if (interrupted.Before is not null || interrupted.Adopted.Still(now) is not { IsEmpty: false } there)
            yield break;
        var gates = now.Gates.Select(each => each.Gate).Where(gate => there.Any(each => each.Holds($"{gate.Port}")));
        if (gates.ToImmutableArray() is { IsEmpty: false } open)
            yield return new CloseGates(open);
        if (now.Doors is { IsEmpty: false } doors)
            yield return new CloseDoors([.. doors.Select(door => door.Service)]);
        yield return new StartAdopted(there, interrupted.Slot);
    }
}
