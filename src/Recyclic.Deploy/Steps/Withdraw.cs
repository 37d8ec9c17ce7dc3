using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Takes the first commit of all back: there is no release before it.</summary>
public sealed record Withdraw(Release Release) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"withdraw the commit of {Release.Tag}";
}

internal sealed class WithdrawHandler : StepHandler<Withdraw>
{
    protected override Task RunAsync(
        Withdraw step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) =>
        tools.Host.AppendAsync(
            new JournalRecord(tools.Time.GetUtcNow(), tools.Context.DeployId, JournalKind.Withdraw)
            {
                Release = step.Release,
            },
            cancellationToken
        );
}
