using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Has doors show what the release that users have says to proxies. A container's labels cannot be changed: each door is
/// made anew beside the old one, which goes once the new one answers.
/// </summary>
public sealed record RelabelDoors(ImmutableArray<Door> Doors) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"relabel {(Doors.Length == 1 ? "door" : "doors")} {List(Doors.Select(door => door.Service))} (made anew, then the old goes)";

    /// <summary>
    /// Where a release follows another that says something else. The doors of a first one were made with its labels.
    /// </summary>
    internal static IEnumerable<PlannedStep> Of(Application app, Snapshot now)
    {
        if (now.Current is not { } current)
            yield break;
        var old = now[current.Slot];
        ImmutableArray<Door> doors =
        [
            .. app
                .Doors.Where(door => !door.Sign.Equals(old.SignOf(door.Service)))
                .Select(door => door.Answering(old.Routes)),
            .. Gone(now, old, [.. app.Doors.Select(door => door.Service)]),
        ];
        if (!doors.IsEmpty)
            yield return new(Phase.Shift, new RelabelDoors(doors));
    }

    /// <summary>
    /// Where users are on a release whose containers are there: on the way back, or where a deployer has died.
    /// </summary>
    internal static IEnumerable<DeployStep> For(Snapshot now, Slot serving)
    {
        var old = now[serving.Other()];
        var wanted = now[serving].SignedDoors.ToList();
        ImmutableArray<Door> doors =
        [
            .. wanted
                .Where(door => now.Doors.All(there => there.Service != door.Service || !there.Sign.Equals(door.Sign)))
                .Select(door => door.Answering(old.Routes)),
            .. Gone(now, old, [.. wanted.Select(door => door.Service)]),
        ];
        if (!doors.IsEmpty)
            yield return new RelabelDoors(doors);
    }

    /// <summary>Nobody is to lead requests any more to what has left the file, or has no labels any more.</summary>
    private static IEnumerable<Door> Gone(Snapshot now, SlotState old, ImmutableHashSet<string> wanted) =>
        from door in old.SignedDoors
        where !wanted.Contains(door.Service)
        where now.Doors.Any(there => there.Service == door.Service && !there.Sign.IsEmpty)
        select door with
        {
            Sign = DoorSign.None,
        };

    /// <summary>The doors show again what the release before says.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is { } current
            ?
            [
                new RelabelDoors([
                    .. Doors.Select(door => door with { Sign = before[current.Slot].SignOf(door.Service) }),
                ]),
            ]
            : [];
}

internal sealed class RelabelDoorsHandler : StepHandler<RelabelDoors>
{
    protected override async Task RunAsync(
        RelabelDoors step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        foreach (var door in step.Doors)
            await tools.Host.ConfigureDoorAsync(door, cancellationToken);
        await tools.Platform.Edge.OpenDoorsAsync(tools.Context.AppName, step.Doors, cancellationToken);
    }
}
