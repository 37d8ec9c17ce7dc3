using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Starts the edge's container again, with the configuration that it has.</summary>
public sealed record ResumeEdge : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => "start the stopped edge";
}

internal sealed class ResumeEdgeHandler : StepHandler<ResumeEdge>
{
    protected override Task RunAsync(
        ResumeEdge step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Edge.ResumeAsync(cancellationToken);
}
