using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>What comes before each command that changes something: a dead deployer's leftovers are put right.</summary>
internal sealed class Recovery(Platform platform, ReleaseFileCare files, IDeployReporter reporter, TimeProvider time)
{
    private readonly Snapshots _snapshots = new(platform);

    /// <summary>
    /// Repairs what a dead deployer left, then says what is there. The journal then has an end for every begin.
    /// </summary>
    public async Task<Snapshot> RunAsync(
        string app,
        Application? model,
        ILockedHost host,
        DeployRequest request,
        CancellationToken cancellationToken,
        CanaryCourse course = CanaryCourse.Back
    )
    {
        var now = await _snapshots.TakeAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
        CheckOrigin(now, request);
        if (RecoveryPlanner.Plan(now, request.Options, course) is not { } recovery)
            return now;
        reporter.Warn(recovery.Story);
        try
        {
            await ExecuteAsync(recovery.Steps, app, now, host, request, cancellationToken, model);
        }
        catch (StepFailedException exception)
            when (exception.Stays && now.Journal.Interrupted is not null && !host.Lost.IsCancellationRequested)
        {
            await host.AppendAsync(
                new JournalRecord(time.GetUtcNow(), now.Journal.Interrupted.Deploy, JournalKind.End)
                {
                    Outcome = Outcome.Failed,
                    Reason = exception.Message,
                },
                cancellationToken
            );
            throw;
        }
        catch (StepFailedException exception) when (course != CanaryCourse.Back && !host.Lost.IsCancellationRequested)
        {
            // It was to go on, and must not: now it goes back as any other.
            now = await _snapshots.TakeAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
            if (RecoveryPlanner.Plan(now, request.Options) is not { } back)
                throw;
            recovery = back with { Story = $"{exception.Message}; {back.Story}" };
            reporter.Warn(recovery.Story);
            await ExecuteAsync(recovery.Steps, app, now, host, request, cancellationToken, model);
        }
        if (ReleaseFileCare.MayHaveFiles(now, null))
            await files.RemoveUnneededAsync(
                app,
                Retention.Kept((await host.ReadAsync(cancellationToken)).Journal, null, request.Options.KeepReleases)
            );
        if (now.Journal.Interrupted is { } interrupted)
            await host.AppendAsync(
                new JournalRecord(time.GetUtcNow(), interrupted.Deploy, JournalKind.End)
                {
                    Outcome = Outcome.Interrupted,
                    Reason = recovery.Story,
                },
                cancellationToken
            );
        return await _snapshots.TakeAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Warns of, or refuses, a deploy from elsewhere than the one before.</summary>
    public void CheckOrigin(Snapshot now, DeployRequest request)
    {
        if (
            request.Identity is { } identity
            && OriginCheck.Check(identity, now.Journal, request.AgreesToOrigin) is { } other
        )
            reporter.Warn(other);
    }

    /// <summary>Runs steps that have no plan around them.</summary>
    public async Task ExecuteAsync(
        IEnumerable<DeployStep> steps,
        string app,
        Snapshot now,
        ILockedHost host,
        DeployRequest request,
        CancellationToken cancellationToken,
        Application? model = null
    )
    {
        var context = new DeployContext(
            now.Journal.Interrupted?.Deploy ?? "-",
            app,
            model,
            request.Options,
            now.Generation
        )
        {
            Naming = now.Names,
        };
        await using var watch = new ContainerWatch(platform.Health, app, time.GetUtcNow() - TimeSpan.FromSeconds(1));
        var executor = new StepExecutor(context, platform, host, watch, reporter, time);
        foreach (var step in steps)
        {
            reporter.Note(step.Describe());
            try
            {
                await executor.ExecuteAsync(step, cancellationToken);
            }
            catch (StepFailedException exception) when (step is HandOver { GoesOn: true } or RunOneOff)
            {
                // What is broken by itself must not keep the rest from being put right.
                reporter.Warn($"{step.Describe()}: {exception.Message}");
            }
        }
    }
}
