using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes the doors of services: nobody finds them by name any more.</summary>
public sealed record CloseDoors(ImmutableArray<string> Services) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"close {(Services.Length == 1 ? "door" : "doors")} {List(Services)}";

    /// <summary>
    /// Those that neither the new release has nor the one before it, which may be returned to; null: there is none.
    /// </summary>
    /// <param name="serving">The slot of the release before; null: there is none.</param>
    internal static CloseDoors? Of(Application app, Snapshot now, Slot? serving)
    {
        var kept = app
            .Doors.Select(door => door.Service)
            .Concat(
                serving is { } slot
                    ? now[slot].Routes.Where(route => route.IsInside).Select(route => route.Service)
                    : []
            )
            .ToHashSet();
        ImmutableArray<string> gone =
        [
            .. now.Doors.Select(door => door.Service).Where(service => !kept.Contains(service)),
        ];
        return gone.IsEmpty ? null : new CloseDoors(gone);
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
