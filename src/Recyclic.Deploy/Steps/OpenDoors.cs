using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Makes the doors by which others call services by name, and brings those in order that are there: see
/// <see cref="Door"/>.
/// </summary>
public sealed record OpenDoors(ImmutableArray<Door> Doors) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"open {(Doors.Length == 1 ? "door" : "doors")} {List(Doors.Select(Describe))}";

    /// <summary>
    /// Opens those that are missing or not as they should be. They come before the accessories, which may ask for their
    /// names at once; the networks that they share are made with the accessories' containers.
    /// </summary>
    internal static IEnumerable<PlannedStep> Of(Application app, Snapshot now)
    {
        var serving = now.Current is { } current ? now[current.Slot] : null;
        // Those that are there show what the serving release says to proxies, until users are moved.
        ImmutableArray<Door> wanted =
        [
            .. app
                .Doors.Select(door =>
                    serving is null ? door : door.Answering(serving.Routes) with { Sign = serving.SignOf(door.Service) }
                )
                .Where(door => !IsInOrder(door, now)),
        ];
        if (wanted.IsEmpty)
            yield break;
        var needsNetworks = wanted
            .SelectMany(door => door.Networks)
            .Any(network => !network.IsOutside && !now.Networks.Contains(network.Name));
        if (needsNetworks && MissingAccessories.Of(app, now).All is { IsEmpty: false } accessories)
            yield return new(Phase.Prepare, new StartAccessories(accessories) { OnlyMade = true });
        yield return new(Phase.Prepare, new OpenDoors(wanted));
    }

    /// <summary>The same steps, with the doors opened only when the edge has somebody to send callers to.</summary>
    internal static ImmutableArray<PlannedStep> AfterCutover(ImmutableArray<PlannedStep> steps)
    {
        var doors = steps.Where(step => step.Action is OpenDoors).Select(step => step with { Phase = Phase.Shift });
        return
        [
            .. steps
                .Where(step => step.Action is not OpenDoors)
                .SelectMany(step => step is { Phase: Phase.Shift, Action: CutOver } ? doors.Prepend(step) : [step]),
        ];
    }

    /// <summary>Doors that this deploy makes go again with it; one that was there stays.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options)
    {
        var there = before.Doors.Select(door => door.Service).ToHashSet();
        ImmutableArray<string> made =
        [
            .. Doors.Select(door => door.Service).Where(service => !there.Contains(service)),
        ];
        return made.IsEmpty ? [] : [new CloseDoors(made)];
    }

    private static bool IsInOrder(Door door, Snapshot now) =>
        now.Doors.Where(found => found.Service == door.Service).ToList() is [{ IsRunning: true } there]
        && there.Sign.Equals(door.Sign)
        && door.Networks.All(network => there.Networks.Contains(network.Name))
        && now.DoorConfigurations.GetValueOrDefault(door.Service) == door.Hash;

    private static string Describe(Door door) =>
        $"{door.Service}:{string.Join("/", door.Routes.Select(route => route.Target).Distinct())} on {string.Join(" and ", door.Networks.Select(network => network.Name))}";
}

internal sealed class OpenDoorsHandler : StepHandler<OpenDoors>
{
    protected override Task RunAsync(
        OpenDoors step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Edge.OpenDoorsAsync(step.Doors, cancellationToken);
}
