using System.Collections.Immutable;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes image tags of releases beyond those kept.</summary>
/// <param name="References">With their tags.</param>
/// <param name="Keep">How many releases keep theirs; printed only.</param>
public sealed record PruneImages(ImmutableArray<string> References, int Keep) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"remove images {List(References)} (keeping {Keep} releases)";
}

internal sealed class PruneImagesHandler : StepHandler<PruneImages>
{
    protected override async Task RunAsync(
        PruneImages step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        foreach (var refused in await tools.Platform.Images.RemoveImagesAsync(step.References, cancellationToken))
            tools.Reporter.Warn(refused);
    }
}
