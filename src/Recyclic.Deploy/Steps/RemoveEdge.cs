using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes the edge: nothing is published any more.</summary>
public sealed record RemoveEdge : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => "remove edge";
}

internal sealed class RemoveEdgeHandler : StepHandler<RemoveEdge>
{
    protected override Task RunAsync(
        RemoveEdge step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Edge.RemoveEdgeAsync(tools.Context.AppName, cancellationToken);
}
