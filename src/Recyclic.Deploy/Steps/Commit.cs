using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Records a release as the one that users get; from here on its containers restart by themselves.</summary>
public sealed record Commit(Release Release, Slot Slot) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"commit {Release.Tag} on {Slot.Name()}";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is { } current ? [new Commit(current.Release, current.Slot)] : [new Withdraw(Release)];
}

/// <summary>
/// Whether a commit was made is on the host, not in the answer: one that failed is looked up there, and tried once more
/// if it was not made.
/// </summary>
internal sealed class CommitHandler : StepHandler<Commit>
{
    protected override async Task RunAsync(
        Commit step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var host = tools.Host;
        var record = new JournalRecord(tools.Time.GetUtcNow(), tools.Context.DeployId, JournalKind.Commit)
        {
            Release = step.Release,
            Slot = step.Slot,
        };
        if (deploy.CommitIsInDoubt)
            await LearnGenerationAsync(tools, deploy, cancellationToken);
        deploy.CommitBegins();
        try
        {
            await host.CommitAsync(deploy.Generation, record, cancellationToken);
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException && !host.Lost.IsCancellationRequested)
        {
            // The second try is safe: it is refused if the first one was made after all.
            if (!await IsMadeAsync(record, tools, deploy, cancellationToken))
                await host.CommitAsync(deploy.Generation, record, cancellationToken);
        }
        deploy.CommitIsMade();
        // An undo takes the commit back before it moves users back: until then what they have must go on restarting.
        if (deploy.Users is null || deploy.Users == step.Slot)
            await tools.Restarts.SettleAsync(step.Slot, cancellationToken);
        else
            await tools.Restarts.AllowSlotAsync(step.Slot, cancellationToken);
    }

    private static async Task<bool> IsMadeAsync(
        JournalRecord record,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var now = await tools.Host.ReadAsync(cancellationToken);
        var last = now.Journal.Records.LastOrDefault(other => other.Kind is JournalKind.Commit or JournalKind.Withdraw);
        return now.Generation == deploy.Generation + 1
            && last is { Kind: JournalKind.Commit }
            && last.Deploy == record.Deploy
            && last.Slot == record.Slot
            && Equals(last.Release, record.Release);
    }

    /// <summary>
    /// A commit that failed may have happened: then the generation is one higher, and that by this very deploy.
    /// </summary>
    private static async Task LearnGenerationAsync(
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var now = await tools.Host.ReadAsync(cancellationToken);
        if (
            now.Journal.Records.LastOrDefault(record => record.Kind == JournalKind.Commit)?.Deploy
            == tools.Context.DeployId
        )
            deploy.GenerationIs(now.Generation);
    }
}
