using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Creates the slot networks and the edge's, and connects accessories to the slots under their own names.</summary>
public sealed record ConnectNetworks(ImmutableArray<string> Accessories) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => Accessories.IsEmpty ? "create networks" : $"connect {List(Accessories)} to both slots";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) => before.Current is null ? [new RemoveNetworks()] : [];
}

internal sealed class ConnectNetworksHandler : StepHandler<ConnectNetworks>
{
    protected override Task RunAsync(ConnectNetworks step, StepTools tools, RunningDeploy deploy, CancellationToken cancellationToken) =>
        tools.Engine.ConnectAsync(tools.App, step.Accessories, cancellationToken);
}
