using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>A plan, run and recorded: its begin and its end are in the journal, whatever becomes of it.</summary>
internal sealed class DeployRun(Platform platform, ReleaseFileCare files, IDeployReporter reporter, TimeProvider time)
{
    /// <summary>How long what comes after the last step may take.</summary>
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(15);

    public async Task<DeployOutcome> RunAsync(
        DeployPlan plan,
        Application? app,
        ILockedHost host,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        reporter.Planned(plan);
        var id = $"{time.GetUtcNow():yyyyMMddTHHmmssfff}-{plan.To.Tag}";
        await host.AppendAsync(
            new JournalRecord(time.GetUtcNow(), id, JournalKind.Begin)
            {
                Operation = plan.Operation,
                Release = plan.To,
                Slot = plan.Slot,
                From = plan.BasedOn.Current?.Release.Tag,
                By = request.By,
                Environment = request.Admission?.Environment,
                Commit = plan.Operation == Operation.Deploy ? request.Commit : null,
                KeepWarm = plan.KeepsWarm ? true : null,
                SmokeTestsSkipped = plan.Operation == Operation.Deploy ? request.Options.SmokeTests.Skipped : null,
                Canary = CanaryPlan.Terms(plan, request.Options),
                WatchFor = WatchPlan.For(plan.BasedOn, request.Options, plan.Operation),
                Volumes = plan.Volumes is { IsEmpty: false } volumes ? [.. volumes] : null,
                Adopted = plan.BasedOn.Adopted is { IsEmpty: false } adopted ? [.. adopted] : null,
                OneOffs = app?.OneOffs.Select(service => service.Name).ToArray() is { Length: > 0 } once ? once : null,
                FilesKey =
                    app is null || app.Files.All.IsEmpty && app.AccessoryFiles.IsEmpty
                        ? null
                        : plan.BasedOn.Journal.FilesKey ?? app.Files.Key,
                // A way back, which may be started from anywhere, does not say where the next deploy is to come from.
                Origin = plan.Operation == Operation.Deploy ? request.Identity?.Origin : null,
            },
            cancellationToken
        );

        var context = new DeployContext(id, plan.BasedOn.App, app, request.Options, plan.BasedOn.Generation)
        {
            Naming = plan.BasedOn.Names,
            Release = plan.To,
            Facts = HookFacts.Of(plan, request, id),
        };
        await using var watch = new ContainerWatch(
            platform.Health,
            context.AppName,
            time.GetUtcNow() - TimeSpan.FromSeconds(1)
        );
        await using var counter = new RequestCounter(platform.Edge, context.AppName, plan.BasedOn.Edge.IsRunning);
        var executor = new StepExecutor(context, platform, host, watch, reporter, time);
        // What runs out of memory may be why there is a way back at all: nothing keeps anybody from it.
        await using var guard =
            plan.Operation == Operation.Deploy && !request.Options.AllowLowMemory
                ? new OutOfMemoryGuard(platform, watch, context.AppName)
                : null;
        var outcome = await new PlanRunner(id, executor, host, reporter, time, guard).RunAsync(plan, cancellationToken);
        outcome = LikelyCause.Named(outcome) with
        {
            SwitchMs = executor.SwitchMs,
            Warnings = [.. outcome.Warnings, .. executor.Warnings],
            Requests = plan.IsRouted ? counter.Count : null,
        };
        if (
            plan.Operation == Operation.Deploy
            && !host.Lost.IsCancellationRequested
            && ReleaseFileCare.MayHaveFiles(plan.BasedOn, app)
        )
            await files.RemoveUnneededAsync(
                context.AppName,
                Retention.Kept(
                    plan.BasedOn.Journal,
                    outcome.Outcome is Outcome.Success or Outcome.Failed ? plan.To : null,
                    request.Options.KeepReleases
                )
            );
        await EndAsync(id, outcome, host);
        await HookRun.AfterFailureAsync(outcome, context, reporter);
        return outcome.Failure is not null || plan.Operation == Operation.Rollback
            ? outcome with
            {
                After = await LookAgainAsync(context.AppName),
            }
            : outcome;
    }

    /// <summary>
    /// What is there in the end, with or without the lock: the proof of a rollback, and what users have after a
    /// failure. It is over: neither Ctrl-C nor a failure to look changes how it ended.
    /// </summary>
    private async Task<Snapshot?> LookAgainAsync(string app)
    {
        using var deadline = new CancellationTokenSource(EndDeadline, time);
        try
        {
            return await new Snapshots(platform).PeekAsync(app, deadline.Token);
        }
        catch (Exception exception)
        {
            reporter.Warn($"what runs now could not be read: {exception.Message}");
            return null;
        }
    }

    private async Task EndAsync(string id, DeployOutcome outcome, ILockedHost host)
    {
        if (host.Lost.IsCancellationRequested)
            return;
        using var deadline = new CancellationTokenSource(EndDeadline, time);
        try
        {
            await host.AppendAsync(
                new JournalRecord(time.GetUtcNow(), id, JournalKind.End)
                {
                    Outcome = outcome.Outcome,
                    Seconds = Math.Round(outcome.Took.TotalSeconds, 3),
                    Requests = outcome.Requests,
                    SwitchMs = outcome.SwitchMs is { } ms ? Math.Round(ms, 1) : null,
                    Reason =
                        outcome.Failure?.Cause is OperationCanceledException
                            ? "cancelled"
                            : outcome.Failure?.Cause.Message,
                },
                deadline.Token
            );
        }
        catch (Exception exception)
        {
            // What was done stands; the next command finds the deploy without its end and closes it.
            reporter.Warn($"the end of this deploy could not be recorded: {exception.Message}");
        }
    }
}
