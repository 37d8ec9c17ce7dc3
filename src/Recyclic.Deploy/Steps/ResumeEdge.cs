using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Starts the edge's container again, with the configuration that it has.</summary>
public sealed record ResumeEdge : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => "start the stopped edge";

    /// <summary>What makes an edge that does not run serve again, for commands that read no compose file.</summary>
    internal static DeployStep Of(Snapshot now) =>
        now.Edge.Exists ? new ResumeEdge() : new PrepareEdge(EdgeChange.Create, PrepareEdge.AsItIs(now));
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
