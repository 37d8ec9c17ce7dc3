using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes the doors of services: nobody finds them by name any more.</summary>
public sealed record CloseDoors(ImmutableArray<string> Services) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"close {(Services.Length == 1 ? "door" : "doors")} {List(Services)}";

    /// <summary>
    /// Those that neither the new release has nor the one before it, which may be returned to.
    /// </summary>
    internal static IEnumerable<PlannedStep> Of(Application app, SlotChange change)
    {
        var before = change.From is { } old ? change.Now[old].Routes : [];
        var kept = before.Concat(app.Routes).Where(route => route.IsInside).Select(route => route.Service).ToHashSet();
        ImmutableArray<string> gone =
        [
            .. change.Now.Doors.Select(door => door.Service).Where(service => !kept.Contains(service)),
        ];
        if (!gone.IsEmpty)
            yield return new(Phase.Retire, new CloseDoors(gone));
    }
}

internal sealed class CloseDoorsHandler : StepHandler<CloseDoors>
{
    protected override Task RunAsync(
        CloseDoors step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Edge.CloseDoorsAsync(tools.Context.AppName, step.Services, cancellationToken);
}
