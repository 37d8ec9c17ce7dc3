using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>What to deploy.</summary>
/// <param name="ComposeFile">The team's compose file.</param>
/// <param name="Project">The application's name; null: the compose file's own.</param>
/// <param name="Registry">Where images come from, for example `registry.local:5000`; null: the engine's own store.</param>
/// <param name="By">Who deploys, for lock and journal, for example `ann@laptop`.</param>
/// <param name="Wait">Queue behind a deploy that holds the lock instead of failing at once.</param>
public sealed record DeployRequest(string ComposeFile, string? Project, ReleaseTag? Tag, string? Registry, string By, bool Wait, DeployOptions Options)
{
    /// <summary>Who deploys, for lock and journal: one printable line, at most 200 characters of it.</summary>
    public string By { get; init; } = PrintableText.Of(By, 200);

    /// <summary>Which application this is for; null: whatever the compose file says, and nothing is written down of where it is.</summary>
    public ApplicationIdentity? Identity { get; init; }

    /// <summary>Whether a person has agreed to deploy from elsewhere than last time; default: false.</summary>
    public bool AgreesToOrigin { get; init; }

    /// <summary>The environment and what it asks of a release; null: nothing is asked and no name recorded.</summary>
    public AdmissionRule? Admission { get; init; }

    /// <summary>By image reference with tag: the digest, `sha256:…`, that the registry has for it. These are pulled and run by digest.</summary>
    public ImmutableDictionary<string, string> RegistryDigests { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>What a run would do now.</summary>
/// <param name="App">Null for a way back that reads no compose file.</param>
public sealed record DryRun(DeployPlan Plan, Application? App);

/// <summary>
/// A deploy, from start to end: start reading here. Everything up to the plan only reads; <see cref="PlanRunner"/> acts.
/// <code>validate → images present → lock → recover leftovers → snapshot → plan → run → unlock</code>
/// </summary>
public sealed class Deployer(IEngine engine, IHostLock hostLock, IDeployReporter audience, TimeProvider time)
{
    /// <summary>How long `--wait` queues at most.</summary>
    public static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(15);

    /// <summary>How long what comes after the last step may take.</summary>
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(15);

    private readonly CalmReporter _reporter = new(audience);
    private readonly Validator _validator = new(engine, new CalmReporter(audience));

    /// <summary>Deploys a tag. Users get it once it is healthy, or keep what they have.</summary>
    /// <exception cref="ConfigurationException">Invalid request; nothing was touched.</exception>
    /// <exception cref="LockHeldException">Another deploy is at work.</exception>
    public async Task<DeployOutcome> DeployAsync(DeployRequest request, CancellationToken cancellationToken)
    {
        await using var ready = (request.Identity?.App ?? request.Project) is { } likely ? hostLock.StandBy(likely, request.By, cancellationToken) : null;
        var (app, release) = await _validator.ValidateAsync(request, cancellationToken, admit: request.Admission is { NeedsApproval: true } rule
            ? async (name, known) => Admission.Check(rule, known, (await hostLock.PeekAsync(name, cancellationToken)).Journal, time.GetUtcNow())
            : null);
        // On a host that is new to this application even the lock would leave something behind if the plan is refused.
        if (!await hostLock.IsKnownAsync(app.Name, cancellationToken))
            await PlanAsync(app, await engine.ObserveAsync(app.Name, cancellationToken), release, request, cancellationToken);
        await using var host = await LockAsync(app.Name, request, cancellationToken, ready);
        var now = await RecoverAsync(app.Name, app, host, request, cancellationToken);
        return await RunAsync(await PlanAsync(app, now, release, request, cancellationToken), app, host, request, cancellationToken);
    }

    /// <summary>Returns to an earlier release: the previous good one, or the one that <see cref="DeployRequest.Tag"/> names.</summary>
    public async Task<DeployOutcome> RollbackAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        await using var host = await LockAsync(app, request, cancellationToken);
        var now = await RecoverAsync(app, null, host, request, cancellationToken);
        var target = RollbackTarget.Choose(now, request.Tag, time.GetUtcNow());
        if (now.CanReturnTo(target) && target.Slot != now.Current!.Slot)
            return await RunAsync(DeployPlanner.Rollback(now, target, request.Options), null, host, request, cancellationToken);

        _reporter.Note($"{target.Release.Tag} has no containers any more: it is started from its images");
        var (model, release) = await _validator.ValidateAsync(request with { Tag = ReleaseTag.Parse(target.Release.Tag) }, cancellationToken, target.Release);
        var plan = await PlanAsync(model, now, release, KeepingAll(request), cancellationToken, Operation.Rollback);
        return await RunAsync(plan, model, host, request, cancellationToken);
    }

    /// <summary>The plan that <see cref="DeployAsync"/> would run now. Reads only; takes no lock.</summary>
    public async Task<DryRun> PlanDeployAsync(DeployRequest request, bool imagesWillBeBuilt, CancellationToken cancellationToken)
    {
        var (app, release) = await _validator.ValidateAsync(request, cancellationToken, imagesWillBeBuilt: imagesWillBeBuilt);
        var now = await SnapshotAsync(app.Name, await hostLock.PeekAsync(app.Name, cancellationToken), cancellationToken);
        CheckOrigin(now, request);
        if (RecoveryPlanner.Plan(now, request.Options) is { } recovery) _reporter.Note($"first: {recovery.Story}");
        return new DryRun(await PlanAsync(app, now, release, request, cancellationToken), app);
    }

    /// <summary>The plan that <see cref="RollbackAsync"/> would run now. Reads only; takes no lock.</summary>
    public async Task<DryRun> PlanRollbackAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        var now = await SnapshotAsync(app, await hostLock.PeekAsync(app, cancellationToken), cancellationToken);
        var target = RollbackTarget.Choose(now, request.Tag, time.GetUtcNow());
        if (now.CanReturnTo(target) && target.Slot != now.Current!.Slot) return new DryRun(DeployPlanner.Rollback(now, target, request.Options), null);
        var (model, release) = await _validator.ValidateAsync(request with { Tag = ReleaseTag.Parse(target.Release.Tag) }, cancellationToken, target.Release);
        return new DryRun(await PlanAsync(model, now, release, KeepingAll(request), cancellationToken, Operation.Rollback), model);
    }

    /// <summary>Stops the warm previous release. Returns what was done.</summary>
    public async Task<ImmutableArray<DeployStep>> RetireAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        await using var host = await LockAsync(app, request, cancellationToken);
        var now = await RecoverAsync(app, null, host, request, cancellationToken);
        var steps = DeployPlanner.Retire(now, request.Options).Select(step => step.Action).ToImmutableArray();
        await ExecuteAsync(steps, app, now, host, request, cancellationToken);
        return steps;
    }

    /// <summary>Finishes or reverts what a dead deployer left. Returns the story, or null when there was nothing.</summary>
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
        await SnapshotAsync(app, await hostLock.PeekAsync(app, cancellationToken), cancellationToken);

    /// <summary>The plan, if the host's state allows one.</summary>
    private async Task<DeployPlan> PlanAsync(
        Application app, Snapshot now, Release release, DeployRequest request, CancellationToken cancellationToken, Operation operation = Operation.Deploy)
    {
        // A way back is never refused for want of an approval.
        if (request.Admission is { } rule && operation == Operation.Deploy) Admission.Check(rule, release, now.Journal, time.GetUtcNow());
        Preconditions.Check(app, now);
        var plan = DeployPlanner.Deploy(app, now, release, request.Options, operation);
        if (plan.Steps.Select(step => step.Action).OfType<PrepareEdge>().FirstOrDefault(step => step.Change is EdgeChange.Create or EdgeChange.Replace) is { } edge)
            Preconditions.CheckPorts(await engine.FindPortHoldersAsync(app.Name, edge.Configuration.Ports, cancellationToken));
        return plan;
    }

    private static DeployRequest KeepingAll(DeployRequest request) => request with { Options = request.Options with { KeepReleases = int.MaxValue } };

    private async Task<DeployOutcome> RunAsync(DeployPlan plan, Application? app, ILockedHost host, DeployRequest request, CancellationToken cancellationToken)
    {
        _reporter.Planned(plan);
        var id = $"{time.GetUtcNow():yyyyMMddTHHmmssfff}-{plan.To.Tag}";
        await host.AppendAsync(new JournalRecord(time.GetUtcNow(), id, JournalKind.Begin)
        {
            Operation = plan.Operation,
            Release = plan.To,
            Slot = plan.Slot,
            From = plan.BasedOn.Current?.Release.Tag,
            By = request.By,
            Environment = request.Admission?.Environment,
            KeepWarm = plan.KeepsWarm ? true : null,
            // A way back, which may be started from anywhere, does not say where the next deploy is to come from.
            Origin = plan.Operation == Operation.Deploy ? request.Identity?.Origin : null,
        }, cancellationToken);

        var context = new DeployContext(id, plan.BasedOn.App, app, request.Options, plan.BasedOn.Generation);
        await using var watch = new ContainerWatch(engine, context.AppName, time.GetUtcNow() - TimeSpan.FromSeconds(1));
        await using var counter = new RequestCounter(engine, context.AppName, plan.BasedOn.Edge.IsRunning);
        var executor = new StepExecutor(context, engine, host, watch, _reporter, time);
        var outcome = await new PlanRunner(id, executor, host, _reporter, time).RunAsync(plan, cancellationToken);
        outcome = outcome with { SwitchMs = executor.SwitchMs, Requests = counter.Count };
        await EndAsync(id, outcome, host);
        return outcome.Outcome == Outcome.Success && plan.Operation == Operation.Rollback
            ? outcome with { After = await LookAgainAsync(context.AppName, host) }
            : outcome;
    }

    /// <summary>What is there after a rollback, for its proof. It is over: neither Ctrl-C nor a failure to look changes how it ended.</summary>
    private async Task<Snapshot?> LookAgainAsync(string app, ILockedHost host)
    {
        using var deadline = new CancellationTokenSource(EndDeadline, time);
        try
        {
            return await SnapshotAsync(app, await host.ReadAsync(deadline.Token), deadline.Token);
        }
        catch (Exception exception)
        {
            _reporter.Warn($"what runs after the rollback could not be read: {exception.Message}");
            return null;
        }
    }

    private async Task EndAsync(string id, DeployOutcome outcome, ILockedHost host)
    {
        if (host.Lost.IsCancellationRequested) return;
        using var deadline = new CancellationTokenSource(EndDeadline, time);
        try
        {
            await host.AppendAsync(new JournalRecord(time.GetUtcNow(), id, JournalKind.End)
            {
                Outcome = outcome.Outcome,
                Seconds = Math.Round(outcome.Took.TotalSeconds, 3),
                Requests = outcome.Requests,
                SwitchMs = outcome.SwitchMs is { } ms ? Math.Round(ms, 1) : null,
                Reason = outcome.Failure?.Cause is OperationCanceledException ? "cancelled" : outcome.Failure?.Cause.Message,
            }, deadline.Token);
        }
        catch (Exception exception)
        {
            // What was done stands; the next command finds the deploy without its end and closes it.
            _reporter.Warn($"the end of this deploy could not be recorded: {exception.Message}");
        }
    }

    private async Task<ILockedHost> LockAsync(string app, DeployRequest request, CancellationToken cancellationToken, IStandBy? ready = null)
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
                    return await hostLock.TakeAsync(app, request.By, ready, cancellationToken);
                }
                catch (LockHeldException held) when (request.Wait && !limit.IsCancellationRequested)
                {
                    _reporter.Note($"waiting for the deploy of {held.Holder.By} to end");
                    try
                    {
                        place ??= await hostLock.QueueAsync(app, request.By, either.Token);
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
            if (place is not null) await place.DisposeAsync();
        }
    }

    /// <summary>Repairs what a dead deployer left, then says what is there. The journal then has an end for every begin.</summary>
    private async Task<Snapshot> RecoverAsync(string app, Application? model, ILockedHost host, DeployRequest request, CancellationToken cancellationToken)
    {
        var now = await SnapshotAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
        CheckOrigin(now, request);
        if (RecoveryPlanner.Plan(now, request.Options) is not { } recovery) return now;
        _reporter.Warn(recovery.Story);
        await ExecuteAsync(recovery.Steps, app, now, host, request, cancellationToken, model);
        if (now.Journal.Interrupted is { } interrupted)
            await host.AppendAsync(new JournalRecord(time.GetUtcNow(), interrupted.Deploy, JournalKind.End) { Outcome = Outcome.Interrupted, Reason = recovery.Story }, cancellationToken);
        return await SnapshotAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
    }

    private void CheckOrigin(Snapshot now, DeployRequest request)
    {
        if (request.Identity is { } identity && OriginCheck.Check(identity, now.Journal, request.AgreesToOrigin) is { } other) _reporter.Warn(other);
    }

    private async Task ExecuteAsync(IEnumerable<DeployStep> steps, string app, Snapshot now, ILockedHost host, DeployRequest request, CancellationToken cancellationToken, Application? model = null)
    {
        var context = new DeployContext(now.Journal.Interrupted?.Deploy ?? "-", app, model, request.Options, now.Generation);
        await using var watch = new ContainerWatch(engine, app, time.GetUtcNow() - TimeSpan.FromSeconds(1));
        var executor = new StepExecutor(context, engine, host, watch, _reporter, time);
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
        var seen = await engine.ObserveAsync(app, cancellationToken);
        return seen with
        {
            Generation = state.Generation,
            Share = seen.Edge.IsRunning ? state.Share : null,
            FileShare = state.FileShare,
            Journal = state.Journal,
            Edge = seen.Edge with { Configuration = state.Configuration },
            FreeMegabytes = state.FreeMegabytes,
        };
    }
}
