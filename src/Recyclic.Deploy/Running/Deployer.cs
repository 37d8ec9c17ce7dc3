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
public sealed class Deployer
{
    /// <summary>How long `--wait` queues at most.</summary>
    public static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(15);

    private readonly Platform _platform;
    private readonly CalmReporter _reporter;
    private readonly TimeProvider _time;
    private readonly Validator _validator;
    private readonly Snapshots _snapshots;
    private readonly LockQueue _queue;
    private readonly Recovery _recovery;
    private readonly PlanMaker _plans;
    private readonly DeployRun _runs;
    private readonly CertificateRun _certificates;

    /// <param name="audience">Told what happens; what it throws is its own affair.</param>
    public Deployer(Platform platform, IDeployReporter audience, TimeProvider time)
    {
        (_platform, _reporter, _time) = (platform, new CalmReporter(audience), time);
        var files = new ReleaseFileCare(platform, _reporter, time);
        _validator = new Validator(platform, _reporter, time);
        _snapshots = new Snapshots(platform);
        _queue = new LockQueue(platform, _reporter, time);
        _recovery = new Recovery(platform, files, _reporter, time);
        _plans = new PlanMaker(platform, files, _reporter, time);
        _runs = new DeployRun(platform, files, _reporter, time);
        _certificates = new CertificateRun(platform, _snapshots, _queue, _recovery, time);
        Canaries = new CanaryCommand(platform, _snapshots, _queue, _recovery, time);
    }

    /// <summary>What a person says to a deploy that is a canary.</summary>
    public CanaryCommand Canaries { get; }

    /// <summary>Deploys a tag. Users get it once it is healthy, or keep what they have.</summary>
    /// <exception cref="ConfigurationException">Invalid request; nothing was touched.</exception>
    /// <exception cref="LockHeldException">Another deploy is at work.</exception>
    public async Task<DeployOutcome> DeployAsync(DeployRequest request, CancellationToken cancellationToken)
    {
        await using var ready = (request.Identity?.App ?? request.Project) is { } likely
            ? _platform.Lock.StandBy(likely, request.By, cancellationToken)
            : null;
        var (app, release) = await _validator.ValidateAsync(
            request,
            cancellationToken,
            admit: request.Admission is { NeedsApproval: true } rule
                ? async (name, known) =>
                {
                    var state = await _platform.Lock.PeekAsync(name, cancellationToken);
                    Admission.Check(rule, known, state.Journal, state.Now ?? _time.GetUtcNow());
                }
                : null
        );
        // On a host that is new to this application even the lock would leave something behind if the plan is refused.
        if (!await _platform.Lock.IsKnownAsync(app.Name, cancellationToken))
            await _plans.MakeAsync(
                app,
                await _snapshots.LookAsync(app.Name, cancellationToken),
                release,
                request,
                cancellationToken
            );
        await using var host = await _queue.TakeAsync(app.Name, request, cancellationToken, ready);
        var now = await _recovery.RunAsync(app.Name, app, host, request, cancellationToken);
        var (plan, known) = await _plans.MakeAsync(app, now, release, request, cancellationToken);
        return await _runs.RunAsync(plan, known, host, request, cancellationToken);
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
        await using var host = await _queue.TakeAsync(app, request, cancellationToken);
        var now = await _recovery.RunAsync(app, null, host, request, cancellationToken);
        var target = RollbackTarget.Choose(
            now,
            request.Tag,
            _time.GetUtcNow(),
            request.Admission?.NeedsApproval == true
        );
        if (now.CanReturnTo(target) && target.Slot != now.Current!.Slot)
        {
            Preconditions.CheckStrangers(now, null);
            return await _runs.RunAsync(WayBack(now, target, request.Options), null, host, request, cancellationToken);
        }

        _reporter.Note($"{target.Release.Tag} has no containers any more: it is started from its images");
        var (plan, ready) = await PlanFromImagesAsync(now, target.Release, request, cancellationToken);
        return await _runs.RunAsync(plan, ready, host, request, cancellationToken);
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
        var now = await _snapshots.PeekAsync(app.Name, cancellationToken);
        _recovery.CheckOrigin(now, request);
        if (RecoveryPlanner.Plan(now, request.Options) is { } recovery)
            _reporter.Note($"first: {recovery.Story}");
        var (plan, ready) = await _plans.MakeAsync(app, now, release, request, cancellationToken, isDry: true);
        return new DryRun(plan, ready);
    }

    /// <summary>The plan that <see cref="RollbackAsync"/> would run now. Reads only; takes no lock.</summary>
    public async Task<DryRun> PlanRollbackAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        var now = await _snapshots.PeekAsync(app, cancellationToken);
        _recovery.CheckOrigin(now, request);
        var target = RollbackTarget.Choose(
            now,
            request.Tag,
            _time.GetUtcNow(),
            request.Admission?.NeedsApproval == true
        );
        if (now.CanReturnTo(target) && target.Slot != now.Current!.Slot)
            return new DryRun(WayBack(now, target, request.Options), null);
        var (plan, ready) = await PlanFromImagesAsync(now, target.Release, request, cancellationToken);
        return new DryRun(plan, ready);
    }

    /// <summary>Stops the warm previous release. Returns what was done.</summary>
    /// <param name="generation">Only as long as nothing was committed since this many commits; null: whatever
    /// was.</param>
    public async Task<ImmutableArray<DeployStep>> RetireAsync(
        string app,
        DeployRequest request,
        CancellationToken cancellationToken,
        long? generation = null
    )
    {
        await using var host = await _queue.TakeAsync(app, request, cancellationToken);
        var now = await _recovery.RunAsync(app, null, host, request, cancellationToken);
        if (generation is { } count && now.Generation != count)
            return [];
        var steps = DeployPlanner.Retire(now, request.Options).Select(step => step.Action).ToImmutableArray();
        await _recovery.ExecuteAsync(steps, app, now, host, request, cancellationToken);
        return steps;
    }

    /// <summary>
    /// Finishes or reverts what a dead deployer left. Returns the story, or null when there was nothing.
    /// </summary>
    public async Task<string?> RecoverAsync(string app, DeployRequest request, CancellationToken cancellationToken)
    {
        await using var host = await _queue.TakeAsync(app, request, cancellationToken);
        var before = await _snapshots.TakeAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
        var story = RecoveryPlanner.Plan(before, request.Options, CanaryCourse.On)?.Story;
        await _recovery.RunAsync(app, null, host, request, cancellationToken, CanaryCourse.On);
        return story;
    }

    /// <summary>
    /// Gives the edge the certificates that the compose file has by now. Only those for the host names that it has
    /// certificates for already: others come with a deploy.
    /// </summary>
    /// <param name="app">The application's name.</param>
    /// <param name="isDry">Whether it is only said what would be done.</param>
    /// <param name="renews">Whether those that are obtained are, where their time has come.</param>
    /// <exception cref="ConfigurationException">A certificate is of no use; nothing was touched.</exception>
    /// <exception cref="StepFailedException">One that clients refuse could not be obtained.</exception>
    public Task<CertificateChange> PutCertificatesAsync(
        string app,
        DeployRequest request,
        bool isDry,
        CancellationToken cancellationToken,
        bool renews = false
    ) => _certificates.RunAsync(app, request, isDry, renews, cancellationToken);

    /// <summary>
    /// Builds the edge's image again, with today's packages, and puts an edge made of it in the place of the one that
    /// serves, without closing a connection. Returns what was done on the application: nothing where no edge is at work.
    /// </summary>
    public async Task<ImmutableArray<DeployStep>> UpgradeEdgeAsync(
        string app,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        await _platform.Edge.RenewEdgeImageAsync(cancellationToken);
        await using var host = await _queue.TakeAsync(app, request, cancellationToken);
        var now = await _recovery.RunAsync(app, null, host, request, cancellationToken);
        var steps = EdgePlan.Upgrade(now);
        await _recovery.ExecuteAsync(steps, app, now, host, request, cancellationToken);
        return steps;
    }

    /// <summary>What is on the host now. Reads only.</summary>
    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) =>
        _snapshots.PeekAsync(app, cancellationToken);

    private static DeployPlan WayBack(Snapshot now, Commitment target, DeployOptions options) =>
        PlanExtras.With(RollbackPlanner.Plan(now, target, options), null, options);

    /// <summary>The way back to a release that has no containers any more. It removes no image.</summary>
    private async Task<(DeployPlan Plan, Application App)> PlanFromImagesAsync(
        Snapshot now,
        Release earlier,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var (app, release) = await _validator.ValidateAsync(
            request with
            {
                Tag = ReleaseTag.Parse(earlier.Tag),
            },
            cancellationToken,
            earlier
        );
        return await _plans.MakeAsync(
            app,
            now,
            release,
            request with
            {
                Options = request.Options with { KeepReleases = int.MaxValue },
            },
            cancellationToken,
            Operation.Rollback
        );
    }
}
