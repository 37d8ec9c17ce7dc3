using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Creates accessories that do not exist yet; existing ones are left alone.</summary>
public sealed record StartAccessories(ImmutableArray<string> Services) : DeployStep
{
    /// <summary>
    /// Whether they wait for the release, and so find it by its names from their start on; default: it comes after
    /// them.
    /// </summary>
    public bool AfterRelease { get; init; }

    /// <summary>
    /// Whether their containers are made only, and their networks with them, so that doors can be opened there before
    /// any of them asks for a name; default: they are started.
    /// </summary>
    public bool OnlyMade { get; init; }

    /// <inheritdoc/>
    public override string Describe() =>
        $"{(OnlyMade ? "make" : "start")} accessories {List(Services)}{(AfterRelease ? ", which wait for the release" : "")}";

    /// <summary>Those of them that are on the networks of the slots.</summary>
    internal ImmutableArray<string> JoinedBy(Application app) =>
        [
            .. app
                .Accessories.Where(accessory => accessory.IsJoined)
                .Select(accessory => accessory.Name)
                .Where(Services.Contains),
        ];

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is null ? [new RemoveAccessories(Services)] : [];
}

internal sealed class StartAccessoriesHandler : StepHandler<StartAccessories>
{
    protected override async Task RunAsync(
        StartAccessories step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        if (step.AfterRelease && tools.Platform.Traits.HasSlotNetworks)
        {
            await tools.Platform.Accessories.StartAccessoriesAsync(
                tools.App,
                step.Services,
                start: false,
                cancellationToken
            );
            await tools.Platform.Accessories.ConnectAsync(tools.App, step.JoinedBy(tools.App), cancellationToken);
        }
        await tools.Platform.Accessories.StartAccessoriesAsync(
            tools.App,
            step.Services,
            start: !step.OnlyMade,
            cancellationToken
        );
        if (step.OnlyMade)
            return;
        var mark = tools.Watch.Mark;
        var now = await tools.ObserveAsync(cancellationToken);
        // One that others wait for to complete ends by itself; compose has seen to it.
        var services = (JsonObject)tools.App.Document["services"]!;
        var started = now.Accessories.Where(container =>
            step.Services.Contains(container.Service) && !ComposeReader.MustComplete(services, container.Service)
        );
        var options = tools.Context.Options.Allowing(tools.App.Accessories.Select(accessory => accessory.Patience));
        await tools.Health.AwaitHealthyAsync(started, mark, options.DeployTimeout, cancellationToken);
    }
}
