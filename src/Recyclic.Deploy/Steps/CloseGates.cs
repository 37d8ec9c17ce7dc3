using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes the gates of ports: the host does not publish them any more.</summary>
public sealed record CloseGates(ImmutableArray<PortGate> Gates) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"no longer publish {List(Gates)}";

    /// <summary>
    /// Those that neither the new release has nor the one before it, which may be returned to.
    /// </summary>
    internal static IEnumerable<PlannedStep> Of(Application app, SlotChange change)
    {
        var kept = PortGate.Of([.. app.Routes, .. change.From is { } old ? change.Now[old].Routes : []]);
        var wanted = PortGate.Of(app.Routes);
        ImmutableArray<PortGate> gone =
        [
            .. change
                .Now.Gates.Select(there => there.Gate)
                .Where(gate => !kept.Contains(gate) && !wanted.Any(gate.IsInTheWayOf)),
        ];
        if (!gone.IsEmpty)
            yield return new(Phase.Retire, new CloseGates(gone));
    }
}

internal sealed class CloseGatesHandler : StepHandler<CloseGates>
{
    protected override Task RunAsync(
        CloseGates step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Edge.CloseGatesAsync(tools.Context.AppName, step.Gates, cancellationToken);
}
