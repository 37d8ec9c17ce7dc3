using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Creates the slot networks and the edge's, and connects accessories to the slots under their own names.
/// </summary>
public sealed record ConnectNetworks(ImmutableArray<string> Accessories) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        Accessories.IsEmpty ? "create networks" : $"connect {List(Accessories)} to both slots";

    /// <summary>What is to be created or connected before a release starts; null: nothing is.</summary>
    /// <param name="missing">Accessories that this deploy starts first.</param>
    internal static ConnectNetworks? Of(Application app, Snapshot now, ImmutableArray<string> missing)
    {
        if (!now.Traits.HasSlotNetworks)
            return null;
        var slots = new[] { now.Names.SlotNetwork(Slot.Blue), now.Names.SlotNetwork(Slot.Green) };
        var apart = app
            .Accessories.Where(accessory => accessory.IsJoined)
            .Select(accessory => accessory.Name)
            .Where(name =>
                missing.Contains(name)
                || now.Accessories.Any(container => container.Service == name && slots.Except(container.Networks).Any())
            )
            .ToImmutableArray();
        var edgeApart = now.Edge.Exists && slots.Except(now.Edge.Networks).Any();
        return apart.Length > 0 || edgeApart || !now.Names.Networks.All(now.Networks.Contains)
            ? new ConnectNetworks(apart)
            : null;
    }

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is null ? [new RemoveNetworks()] : [];
}

internal sealed class ConnectNetworksHandler : StepHandler<ConnectNetworks>
{
    protected override Task RunAsync(
        ConnectNetworks step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Accessories.ConnectAsync(tools.App, step.Accessories, cancellationToken);
}
