using System.Collections.Immutable;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>Carries steps out.</summary>
internal interface IStepExecutor
{
    Task ExecuteAsync(DeployStep step, CancellationToken cancellationToken);
}

/// <summary>
/// Carries out the steps of one deploy, each by its handler. All of them have the same tools, and learn from each other
/// by one object.
/// </summary>
internal sealed class StepExecutor : IStepExecutor
{
    private readonly StepHandlers _handlers;
    private readonly StepTools _tools;
    private readonly RunningDeploy _deploy;

    public StepExecutor(
        DeployContext context,
        Platform platform,
        ILockedHost host,
        ContainerWatch watch,
        IDeployReporter reporter,
        TimeProvider time
    )
        : this(StepHandlers.All, new StepTools(context, platform, host, watch, reporter, time)) { }

    internal StepExecutor(StepHandlers handlers, StepTools tools) =>
        (_handlers, _tools, _deploy) = (handlers, tools, new RunningDeploy(tools.Context.Generation, tools.Time));

    /// <summary>
    /// From the last container healthy to the edge having confirmed the cutover, in milliseconds; null before.
    /// </summary>
    public double? SwitchMs => _deploy.SwitchMs;

    /// <inheritdoc cref="RunningDeploy.Warnings"/>
    public ImmutableArray<string> Warnings => _deploy.Warnings;

    public Task ExecuteAsync(DeployStep step, CancellationToken cancellationToken) =>
        _handlers.For(step).RunAsync(step, _tools, _deploy, cancellationToken);
}
