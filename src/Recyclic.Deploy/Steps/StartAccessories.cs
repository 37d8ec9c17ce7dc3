using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Creates accessories that do not exist yet; existing ones are left alone.</summary>
public sealed record StartAccessories(ImmutableArray<string> Services) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"start accessories {List(Services)}";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) => before.Current is null ? [new RemoveAccessories(Services)] : [];
}

internal sealed class StartAccessoriesHandler : StepHandler<StartAccessories>
{
    protected override async Task RunAsync(StartAccessories step, StepTools tools, RunningDeploy deploy, CancellationToken cancellationToken)
    {
        await tools.Platform.Accessories.StartAccessoriesAsync(tools.App, step.Services, cancellationToken);
        var mark = tools.Watch.Mark;
        var now = await tools.ObserveAsync(cancellationToken);
        // One that others wait for to complete ends by itself; compose has seen to it.
        var services = (JsonObject)tools.App.Document["services"]!;
        var started = now.Accessories.Where(container => step.Services.Contains(container.Service) && !ComposeReader.MustComplete(services, container.Service));
        var options = tools.Context.Options.Allowing(tools.App.Accessories.Select(accessory => accessory.Patience));
        await tools.Health.AwaitHealthyAsync(started, mark, options.DeployTimeout, cancellationToken);
    }
}
