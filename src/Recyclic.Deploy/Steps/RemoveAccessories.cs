using System.Collections.Immutable;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes accessories that this very deploy created, with the volumes that it created for them.</summary>
public sealed record RemoveAccessories(ImmutableArray<string> Services) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"remove accessories {List(Services)}";
}

internal sealed class RemoveAccessoriesHandler : StepHandler<RemoveAccessories>
{
    protected override Task RunAsync(
        RemoveAccessories step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Accessories.RemoveAccessoriesAsync(tools.App, step.Services, cancellationToken);
}
