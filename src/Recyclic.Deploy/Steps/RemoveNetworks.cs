using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes the application's networks; one that somebody else uses stays, and is named.</summary>
public sealed record RemoveNetworks : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => "remove networks";
}

internal sealed class RemoveNetworksHandler : StepHandler<RemoveNetworks>
{
    protected override async Task RunAsync(
        RemoveNetworks step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var kept in await tools.Platform.Accessories.RemoveNetworksAsync(tools.Context.AppName, cancellationToken)
        )
            tools.Reporter.Warn(kept);
    }
}
