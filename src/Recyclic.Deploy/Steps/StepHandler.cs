using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Carries out the steps of one kind. It keeps nothing to itself: what steps tell each other is in
/// <see cref="RunningDeploy"/>.
/// </summary>
internal abstract class StepHandler
{
    public abstract Type Handles { get; }

    public abstract Task RunAsync(
        DeployStep step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    );
}

internal abstract class StepHandler<TStep> : StepHandler
    where TStep : DeployStep
{
    public sealed override Type Handles => typeof(TStep);

    public sealed override Task RunAsync(
        DeployStep step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => RunAsync((TStep)step, tools, deploy, cancellationToken);

    protected abstract Task RunAsync(
        TStep step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    );
}
