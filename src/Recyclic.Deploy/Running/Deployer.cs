using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// A deploy, from start to end: start reading here. Everything up to the plan only reads; <see cref="PlanRunner"/>
/// acts.
/// <code>validate → images present → lock → recover leftovers → snapshot → plan → run → unlock</code>
/// </summary>
public sealed class Deployer(Platform platform, IDeployReporter audience, TimeProvider time)
{
    /// <summary>How long `--wait` queues at most.</summary>
    public static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(15);

    /// <summary>How long what comes after the last step may take.</summary>
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(15);

    private readonly CalmReporter _reporter = new(audience);
    private readonly Validator _validator = new(platform, new CalmReporter(audience));
    private readonly ReleaseFileCare _files = new(platform, new CalmReporter(audience), time);

    /// <summary>Deploys a tag. Users get it once it is healthy, or keep what they have.</summary>
    /// <exception cref="ConfigurationException">Invalid request; nothing was touched.</exception>
    /// <exception cref="LockHeldException">Another deploy is at work.</exception>
    public async Task<DeployOutcome> DeployAsync(DeployRequest request, CancellationToken cancellationToken)
    {
        await using var ready = (request.Identity?.App ?? request.Project) is { } likely
            ? platform.Lock.StandBy(likely, request.By, cancellationToken)
            : null;
        var (app, release) = await _validator.ValidateAsync(
            request,
            cancellationToken,
            admit: request.Admission is { NeedsApproval: true } rule
                ? async (name, known) =>
                    Admission.Check(
                        rule,
                        known,
                        (await platform.Lock.PeekAsync(name, cancellationToken)).Journal,
                        time.GetUtcNow()
                    )
                : null
        );
        // On a host that is new to this application even the lock would leave something behind if the plan is refused.
        if (!await platform.Lock.IsKnownAsync(app.Name, cancellationToken))
            await PlanAsync(app, await LookAsync(app.Name, cancellationToken), release, request, cancellationToken);
        await using var host = await LockAsync(app.Name, request, cancellationToken, ready);
        var now = await RecoverAsync(app.Name, app, host, request, cancellationToken);
        var (plan, known) = await PlanAsync(app, now, release, request, cancellationToken);
        return await RunAsync(plan, known, host, request, cancellationToken);
    }

    /// <summary>
    /// Returns to an earlier release: the previous good one, or the one that <see cref="DeployRequest.Tag"/> names.
    /// </summary>
    public async Task<DeployOutcome> RollbackAsync(
        string app,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var host = await LockAsync(app, request, cancellationToken);
        var now = await RecoverAsync(app, null, host, request, cancellationToken);
        var target = RollbackTarget.Choose(now, request.Tag, time.GetUtcNow());
        if (now.CanReturnTo(target) && target.Slot != now.Current!.Slot)
        {
            Preconditions.CheckStrangers(now, null);
            return await RunAsync(
                DeployPlanner.Rollback(now, target, request.Options),
                null,
                host,
                request,
                cancellationToken
            );
        }

        _reporter.Note($"{target.Release.Tag} has no containers any more: it is started from its images");
        var (model, release) = await _validator.ValidateAsync(
            request with
            {
                Tag = ReleaseTag.Parse(target.Release.Tag),
            },
            cancellationToken,
            target.Release
        );
        var (plan, ready) = await PlanAsync(
            model,
            now,
            release,
            KeepingAll(request),
            cancellationToken,
            Operation.Rollback
        );
        return await RunAsync(plan, ready, host, request, cancellationToken);
    }

    /// <summary>The plan that <see cref="DeployAsync"/> would run now. Reads only; takes no lock.</summary>
    public async Task<DryRun> PlanDeployAsync(
        DeployRequest request,
        bool imagesWillBeBuilt,
        CancellationToken cancellationToken
    )
    {
        var (app, release) = await _validator.ValidateAsync(
            request,
            cancellationToken,
            imagesWillBeBuilt: imagesWillBeBuilt
        );
        var now = await SnapshotAsync(
            app.Name,
            await platform.Lock.PeekAsync(app.Name, cancellationToken),
            cancellationToken
        );
        CheckOrigin(now, request);
        if (RecoveryPlanner.Plan(now, request.Options) is { } recovery)
            _reporter.Note($"first: {recovery.Story}");
        var (plan, ready) = await PlanAsync(app, now, release, request, cancellationToken);
        return new DryRun(plan, ready);
    }

    /// <summary>The plan that <see cref="RollbackAsync"/> would run now. Reads only; takes no lock.</summary>
    public async Task<DryRun> PlanRollbackAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        var now = await SnapshotAsync(app, await platform.Lock.PeekAsync(app, cancellationToken), cancellationToken);
        CheckOrigin(now, request);
        var target = RollbackTarget.Choose(now, request.Tag, time.GetUtcNow());
        if (now.CanReturnTo(target) && target.Slot != now.Current!.Slot)
            return new DryRun(DeployPlanner.Rollback(now, target, request.Options), null);
        var (model, release) = await _validator.ValidateAsync(
            request with
            {
                Tag = ReleaseTag.Parse(target.Release.Tag),
            },
            cancellationToken,
            target.Release
        );
        var (plan, ready) = await PlanAsync(
            model,
            now,
            release,
            KeepingAll(request),
            cancellationToken,
            Operation.Rollback
        );
        return new DryRun(plan, ready);
    }

    /// <summary>Stops the warm previous release. Returns what was done.</summary>
    public async Task<ImmutableArray<DeployStep>> RetireAsync(
        string app,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var host = await LockAsync(app, request, cancellationToken);
        var now = await RecoverAsync(app, null, host, request, cancellationToken);
        var steps = DeployPlanner.Retire(now, request.Options).Select(step => step.Action).ToImmutableArray();
        await ExecuteAsync(steps, app, now, host, request, cancellationToken);
        return steps;
    }

    /// <summary>
    /// Finishes or reverts what a dead deployer left. Returns the story, or null when there was nothing.
    /// </summary>
    public async Task<string?> RecoverAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        await using var host = await LockAsync(app, request, cancellationToken);
        var before = await SnapshotAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
        var story = RecoveryPlanner.Plan(before, request.Options)?.Story;
        await RecoverAsync(app, null, host, request, cancellationToken);
        return story;
    }

    /// <summary>What is on the host now. Reads only.</summary>
    public async Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) =>
        await SnapshotAsync(app, await platform.Lock.PeekAsync(app, cancellationToken), cancellationToken);

    /// <summary>
    /// The plan, if the host's state allows one, and the application with what its release needs of the host.
    /// </summary>
    private async Task<(DeployPlan Plan, Application App)> PlanAsync(
        Application app,
        Snapshot now,
        Release release,
        DeployRequest request,
        CancellationToken cancellationToken,
        Operation operation = Operation.Deploy
    )
    {
        // A way back is never refused for want of an approval.
        if (request.Admission is { } rule && operation == Operation.Deploy)
            Admission.Check(rule, release, now.Journal, time.GetUtcNow());
        (app, release) = await _files.ReadyAsync(app, now, release, operation, cancellationToken);
        if (DataVolumes.Candidates(app, now) is { IsEmpty: false } volumes)
            now = now with { Volumes = await platform.Host.ReadVolumesAsync(volumes, cancellationToken) };
        if (operation == Operation.Deploy)
            ReplacementCheck.Check(app, now, request.Replaces);
        Preconditions.CheckTraits(app, now, request.Options);
        Preconditions.Check(app, now);
        foreach (var pretender in now.Pretenders)
            _reporter.Note($"{pretender}, has labels of {app.Name}, but is none of its containers: it is not touched");
        now = await new ImagesOfOthers(platform, _reporter).ReadAsync(now, release, request.Options, cancellationToken);
        var plan = DeployPlanner.Deploy(app, now, release, request.Options, operation);
        if (
            plan.Steps.Select(step => step.Action).OfType<PrepareEdge>().FirstOrDefault(step => step.TakesPorts) is
            { } edge
        )
            Preconditions.CheckPorts(
                await platform.Host.FindPortHoldersAsync(app.Name, edge.Configuration.Ports, cancellationToken)
            );
        if (OwnPorts.WantedBy(app, now) is { IsEmpty: false } own)
            Preconditions.CheckPorts(await platform.Host.FindPortHoldersAsync(app.Name, own, cancellationToken));
        return (plan, app);
    }

    private static DeployRequest KeepingAll(DeployRequest request) =>
        request with
        {
            Options = request.Options with { KeepReleases = int.MaxValue },
        };

    private async Task<DeployOutcome> RunAsync(
        DeployPlan plan,
        Application? app,
        ILockedHost host,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        _reporter.Planned(plan);
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
                KeepWarm = plan.KeepsWarm ? true : null,
                Volumes = plan.Volumes is { IsEmpty: false } volumes ? [.. volumes] : null,
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
        };
        await using var watch = new ContainerWatch(
            platform.Health,
            context.AppName,
            time.GetUtcNow() - TimeSpan.FromSeconds(1)
        );
        await using var counter = new RequestCounter(platform.Edge, context.AppName, plan.BasedOn.Edge.IsRunning);
        var executor = new StepExecutor(context, platform, host, watch, _reporter, time);
        var outcome = await new PlanRunner(id, executor, host, _reporter, time).RunAsync(plan, cancellationToken);
        outcome = LikelyCause.Named(outcome) with
        {
            SwitchMs = executor.SwitchMs,
            Requests = plan.IsRouted ? counter.Count : null,
        };
        if (plan.Operation == Operation.Deploy && !host.Lost.IsCancellationRequested && HasFiles(plan.BasedOn, app))
            await _files.RemoveUnneededAsync(
                context.AppName,
                Retention.Kept(
                    plan.BasedOn.Journal,
                    outcome.Outcome is Outcome.Success or Outcome.Failed ? plan.To : null,
                    request.Options.KeepReleases
                )
            );
        await EndAsync(id, outcome, host);
        return outcome.Failure is not null || plan.Operation == Operation.Rollback
            ? outcome with
            {
                After = await LookAgainAsync(context.AppName),
            }
            : outcome;
    }

    /// <summary>Whether any release ever had files of its own, so that there may be some to remove.</summary>
    private static bool HasFiles(Snapshot now, Application? app) =>
        now.Journal.FilesKey is not null || app is { Files.IsEmpty: false } or { AccessoryFiles.IsEmpty: false };

    /// <summary>
    /// What is there in the end, with or without the lock: the proof of a rollback, and what users have after a
    /// failure. It is over: neither Ctrl-C nor a failure to look changes how it ended.
    /// </summary>
    private async Task<Snapshot?> LookAgainAsync(string app)
    {
        using var deadline = new CancellationTokenSource(EndDeadline, time);
        try
        {
            return await SnapshotAsync(app, await platform.Lock.PeekAsync(app, deadline.Token), deadline.Token);
        }
        catch (Exception exception)
        {
            _reporter.Warn($"what runs now could not be read: {exception.Message}");
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
            _reporter.Warn($"the end of this deploy could not be recorded: {exception.Message}");
        }
    }

    private async Task<ILockedHost> LockAsync(
        string app,
        DeployRequest request,
        CancellationToken cancellationToken,
        IStandBy? ready = null
    )
    {
        using var limit = new CancellationTokenSource(LongestQueue, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        IQueuePlace? place = null;
        try
        {
            while (true)
            {
                try
                {
                    return await platform.Lock.TakeAsync(app, request.By, ready, cancellationToken);
                }
                catch (LockHeldException held) when (request.Wait && !limit.IsCancellationRequested)
                {
                    _reporter.Note($"waiting for the deploy of {held.Holder.By} to end");
                    try
                    {
                        place ??= await platform.Lock.QueueAsync(app, request.By, either.Token);
                        await place.WaitAsync(either.Token);
                    }
                    catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                    {
                        throw held;
                    }
                }
            }
        }
        finally
        {
            if (place is not null)
                await place.DisposeAsync();
        }
    }

    /// <summary>
    /// Repairs what a dead deployer left, then says what is there. The journal then has an end for every begin.
    /// </summary>
    private async Task<Snapshot> RecoverAsync(
        string app,
        Application? model,
        ILockedHost host,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var now = await SnapshotAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
        CheckOrigin(now, request);
        if (RecoveryPlanner.Plan(now, request.Options) is not { } recovery)
            return now;
        _reporter.Warn(recovery.Story);
        await ExecuteAsync(recovery.Steps, app, now, host, request, cancellationToken, model);
        if (HasFiles(now, null))
            await _files.RemoveUnneededAsync(
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
        return await SnapshotAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
    }

    private void CheckOrigin(Snapshot now, DeployRequest request)
    {
        if (
            request.Identity is { } identity
            && OriginCheck.Check(identity, now.Journal, request.AgreesToOrigin) is { } other
        )
            _reporter.Warn(other);
    }

    private async Task ExecuteAsync(
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
        var executor = new StepExecutor(context, platform, host, watch, _reporter, time);
        foreach (var step in steps)
        {
            _reporter.Note(step.Describe());
            try
            {
                await executor.ExecuteAsync(step, cancellationToken);
            }
            catch (StepFailedException exception) when (step is HandOver)
            {
                // An exclusive service that is broken by itself must not keep the rest from being put right.
                _reporter.Warn($"{step.Describe()}: {exception.Message}");
            }
        }
    }

    private async Task<Snapshot> SnapshotAsync(string app, HostState state, CancellationToken cancellationToken)
    {
        var seen = await LookAsync(app, cancellationToken);
        return seen with
        {
            Generation = state.Generation,
            Share = seen.LacksEdge ? null : state.Share,
            FileShare = state.FileShare,
            Journal = state.Journal,
            Edge = seen.Edge with { Configuration = state.Configuration },
            FreeMegabytes = state.FreeMegabytes,
            DoorConfigurations = state.Doors,
            Usable = seen.Edge.IsRunning ? state.Usable : null,
        };
    }

    private async Task<Snapshot> LookAsync(string app, CancellationToken cancellationToken) =>
        await platform.Host.ObserveAsync(app, cancellationToken) with
        {
            Traits = platform.Traits,
        };
}
