using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Carries steps out.</summary>
public interface IStepExecutor
{
    Task ExecuteAsync(DeployStep step, CancellationToken cancellationToken);
}

/// <summary>Every step of a plan, done: each by a few calls of the engine and of the lock holder's hand on the host.</summary>
public sealed class StepExecutor(
    DeployContext context, IEngine engine, ILockedHost host, ContainerWatch watch, IDeployReporter reporter, TimeProvider time) : IStepExecutor
{
    private static readonly TimeSpan SessionPoll = TimeSpan.FromMilliseconds(50);
    private readonly HealthWaiter _health = new(engine, watch, reporter, time);
    private readonly EdgeCare _edge = new(engine, host, context, reporter, time);
    private readonly RestartPolicies _restarts = new(engine, context.AppName);
    private long _generation = context.Generation;
    private bool _commitIsInDoubt;
    private long _healthyAt;
    private Slot? _pointsTo;
    private Slot? _fresh;
    private int _freshMark;
    private IReadOnlyCollection<Container> _freshContainers = [];

    /// <summary>From the last container healthy to the edge having confirmed the cutover, in milliseconds; null before.</summary>
    public double? SwitchMs { get; private set; }

    private Application App => context.App ?? throw new InvalidOperationException("This step needs the compose file, which a way back to a kept release does not read.");

    public Task ExecuteAsync(DeployStep step, CancellationToken cancellationToken) => step switch
    {
        StartAccessories accessories => StartAccessoriesAsync(accessories, cancellationToken),
        RemoveAccessories accessories => engine.RemoveAccessoriesAsync(App, accessories.Services, cancellationToken),
        ConnectNetworks connect => engine.ConnectAsync(App, connect.Accessories, cancellationToken),
        RemoveNetworks => RemoveNetworksAsync(cancellationToken),
        PrepareEdge prepare => _edge.PrepareAsync(prepare, cancellationToken),
        ResumeEdge => _edge.ResumeAsync(cancellationToken),
        RestoreNames restore => RestoreNamesAsync(restore, cancellationToken),
        RemoveEdge => engine.RemoveEdgeAsync(context.AppName, cancellationToken),
        ClearSlot clear => engine.RemoveReleaseAsync(context.AppName, clear.Slot, cancellationToken),
        StartRelease start => engine.StartReleaseAsync(App, start.Slot, start.Release, start.Volumes, context.Options.HealthCheckInterval, cancellationToken),
        ResumeRelease resume => ResumeAsync(resume, cancellationToken),
        AwaitHealthy gate => AwaitHealthyAsync(gate, cancellationToken),
        HandOver handOver => HandOverAsync(handOver, cancellationToken),
        CutOver cutOver => CutOverAsync(cutOver, cancellationToken),
        Commit commit => CommitAsync(commit, cancellationToken),
        SetRestarts restarts => _restarts.SettleAsync(restarts.Slot, cancellationToken),
        Withdraw withdraw => WithdrawAsync(withdraw, cancellationToken),
        Drain drain => DrainAsync(drain, cancellationToken),
        Watch step2 => WatchAsync(step2, cancellationToken),
        StopRelease stop => StopAsync(stop, cancellationToken),
        RemoveRelease remove => engine.RemoveReleaseAsync(context.AppName, remove.Slot, cancellationToken),
        PruneImages prune => PruneAsync(prune, cancellationToken),
        _ => throw new UnreachableException($"No executor for {step.GetType().Name}"),
    };

    private async Task StartAccessoriesAsync(StartAccessories step, CancellationToken cancellationToken)
    {
        await engine.StartAccessoriesAsync(App, step.Services, cancellationToken);
        var mark = watch.Mark;
        var now = await engine.ObserveAsync(context.AppName, cancellationToken);
        // One that others wait for to complete ends by itself; compose has seen to it.
        var services = (JsonObject)App.Document["services"]!;
        var started = now.Accessories.Where(container => step.Services.Contains(container.Service) && !ComposeReader.MustComplete(services, container.Service));
        await _health.AwaitHealthyAsync(started, mark, context.Options.DeployTimeout, cancellationToken);
    }

    /// <summary>A container that has just started is found by itself within a moment; only what stays lost is connected anew.</summary>
    private async Task RestoreNamesAsync(RestoreNames step, CancellationToken cancellationToken)
    {
        var restoring = new NameRestoration(engine, host, context, time);
        await restoring.RunAsync(step.Slot, cancellationToken);
    }

    private async Task RemoveNetworksAsync(CancellationToken cancellationToken)
    {
        foreach (var kept in await engine.RemoveNetworksAsync(context.AppName, cancellationToken)) reporter.Warn(kept);
    }

    private async Task ResumeAsync(ResumeRelease step, CancellationToken cancellationToken)
    {
        var slot = (await engine.ObserveAsync(context.AppName, cancellationToken))[step.Slot];
        await engine.StartContainersAsync(slot.Containers.Where(container => !container.IsExclusive).Select(container => container.Id), cancellationToken);
    }

    private async Task AwaitHealthyAsync(AwaitHealthy step, CancellationToken cancellationToken)
    {
        var (mark, containers) = await ObserveAsync(step.Slot, step.Services, cancellationToken);
        // Now, while they start: the cutover needs it, and is not to wait for it.
        await _restarts.AllowAsync(containers, cancellationToken);
        await AwaitReadyAsync(step.Slot, containers, mark, step.Deadline, cancellationToken);
        (_fresh, _freshMark, _freshContainers) = (step.Slot, mark, containers);
    }

    /// <summary>Healthy, and known to the edge; looking for the one stops when the other fails.</summary>
    private async Task AwaitReadyAsync(Slot slot, IReadOnlyCollection<Container> containers, int mark, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var known = AwaitKnownToEdgeAsync(slot, containers, either.Token);
        try
        {
            await _health.AwaitHealthyAsync(containers, mark, deadline, cancellationToken);
            _healthyAt = time.GetTimestamp();
            await known;
        }
        finally
        {
            await either.CancelAsync();
            await Task.WhenAny(known);
        }
    }

    /// <summary>The edge learns addresses from the engine's DNS as containers start; normally long before they are healthy.</summary>
    private async Task AwaitKnownToEdgeAsync(Slot slot, IReadOnlyCollection<Container> containers, CancellationToken cancellationToken)
    {
        var targets = EdgeTargets.Of(containers, slot, context.Naming.SlotNetwork(slot));
        if (targets.IsEmpty) return;
        await _edge.UntilAsync(async () =>
        {
            var usable = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
            await _edge.AskAsync(async () => usable = await host.UsableServersAsync(cancellationToken), cancellationToken);
            return targets.AreKnown(usable);
        }, context.Options.DeployTimeout, $"the edge did not find all containers of {slot.Name()}", cancellationToken);
    }

    private async Task HandOverAsync(HandOver step, CancellationToken cancellationToken)
    {
        var now = await engine.ObserveAsync(context.AppName, cancellationToken);
        // One that has just crashed may come back by its restart policy at any moment: only a stop keeps it down.
        var old = step.From is { } from ? now[from].Of(step.Service).Where(container => container.State != "created").ToList() : [];
        await _restarts.HandAsync(old, now[step.To].Of(step.Service), cancellationToken);
        await engine.StopContainersAsync(old.Select(container => container.Id), cancellationToken);
        // The release that takes over may not have this service at all.
        if (!now[step.To].Of(step.Service).Any()) return;
        await engine.StartContainersAsync(now[step.To].Of(step.Service).Select(container => container.Id), cancellationToken);
        var (mark, started) = await ObserveAsync(step.To, [step.Service], cancellationToken);
        await AwaitReadyAsync(step.To, started, mark, step.Deadline, cancellationToken);
    }

    private async Task CutOverAsync(CutOver step, CancellationToken cancellationToken)
    {
        if (_fresh != step.Slot) await _restarts.AllowSlotAsync(step.Slot, cancellationToken);
        await _edge.AskAsync(() => host.SetShareAsync(step.Slot.FullShare(), cancellationToken), cancellationToken);
        _pointsTo = step.Slot;
        SwitchMs ??= _healthyAt == 0 ? null : time.GetElapsedTime(_healthyAt).TotalMilliseconds;
    }

    /// <summary>Whether a commit was made is on the host, not in the answer: one that failed is looked up there, and tried once more if it was not made.</summary>
    private async Task CommitAsync(Commit step, CancellationToken cancellationToken)
    {
        var record = new JournalRecord(time.GetUtcNow(), context.DeployId, JournalKind.Commit) { Release = step.Release, Slot = step.Slot };
        if (_commitIsInDoubt) await LearnGenerationAsync(cancellationToken);
        _commitIsInDoubt = true;
        try
        {
            await host.CommitAsync(_generation, record, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !host.Lost.IsCancellationRequested)
        {
            // The second try is safe: it is refused if the first one was made after all.
            if (!await IsMadeAsync(record, cancellationToken)) await host.CommitAsync(_generation, record, cancellationToken);
        }
        _commitIsInDoubt = false;
        _generation++;
        // An undo takes the commit back before it moves users back: until then what they have must go on restarting.
        if (_pointsTo is null || _pointsTo == step.Slot) await _restarts.SettleAsync(step.Slot, cancellationToken);
        else await _restarts.AllowSlotAsync(step.Slot, cancellationToken);
    }

    private async Task<bool> IsMadeAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var now = await host.ReadAsync(cancellationToken);
        var last = now.Journal.Records.LastOrDefault(other => other.Kind is JournalKind.Commit or JournalKind.Withdraw);
        return now.Generation == _generation + 1 && last is { Kind: JournalKind.Commit } && last.Deploy == record.Deploy && last.Slot == record.Slot && Equals(last.Release, record.Release);
    }

    /// <summary>A commit that failed may have happened: then the generation is one higher, and that by this very deploy.</summary>
    private async Task LearnGenerationAsync(CancellationToken cancellationToken)
    {
        var now = await host.ReadAsync(cancellationToken);
        if (now.Journal.Records.LastOrDefault(record => record.Kind == JournalKind.Commit)?.Deploy == context.DeployId) _generation = now.Generation;
    }

    private Task WithdrawAsync(Withdraw step, CancellationToken cancellationToken) =>
        host.AppendAsync(new JournalRecord(time.GetUtcNow(), context.DeployId, JournalKind.Withdraw) { Release = step.Release }, cancellationToken);

    private async Task DrainAsync(Drain step, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var open = 0;
        while (true)
        {
            await _edge.AskAsync(async () => open = await host.OpenSessionsAsync(step.Slot, cancellationToken), cancellationToken, withoutEdge: () => open = 0);
            if (open == 0) return;
            if (time.GetElapsedTime(started) >= step.Deadline)
            {
                reporter.Warn($"{open} sessions of {step.Slot.Name()} were still open after {step.Deadline.TotalSeconds:0.#} s and will be cut (--drain-timeout)");
                return;
            }
            reporter.Progress($"{open} open");
            // While the old slot drains the new one serves: if it breaks, that must not wait for the drain's end.
            if (_fresh is { } fresh && fresh != step.Slot) await _health.CheckAsync(_freshContainers, _freshMark, cancellationToken);
            // HAProxy has no event for the end of a session.
            await Task.Delay(SessionPoll, time, cancellationToken);
        }
    }

    private async Task WatchAsync(Watch step, CancellationToken cancellationToken)
    {
        var (mark, containers) = await ObserveAsync(step.Slot, null, cancellationToken);
        // An exclusive service has only just started; it is watched with the others, but not waited for.
        var aged = containers.Where(container => !container.IsExclusive).Select(container => container.Id).ToHashSet();
        await _health.WatchAsync(containers, aged, mark, step.Age, step.Age + context.Options.DeployTimeout, cancellationToken);
        if ((await engine.ObserveAsync(context.AppName, cancellationToken)).Edge is { Exists: true, IsRunning: false }) await _edge.StartAgainAsync(cancellationToken);
    }

    private async Task StopAsync(StopRelease step, CancellationToken cancellationToken)
    {
        var slot = (await engine.ObserveAsync(context.AppName, cancellationToken))[step.Slot];
        await _restarts.ForbidAsync(slot.Containers, cancellationToken);
        await engine.StopContainersAsync(slot.Containers.Where(container => container.State is "running" or "restarting").Select(container => container.Id), cancellationToken);
    }

    private async Task PruneAsync(PruneImages step, CancellationToken cancellationToken)
    {
        foreach (var refused in await engine.RemoveImagesAsync(step.References, cancellationToken)) reporter.Warn(refused);
    }

    private async Task<(int Mark, IReadOnlyCollection<Container> Containers)> ObserveAsync(Slot slot, IEnumerable<string>? services, CancellationToken cancellationToken)
    {
        var mark = watch.Mark;
        var containers = (await engine.ObserveAsync(context.AppName, cancellationToken))[slot].Containers
            .Where(container => services is null || services.Contains(container.Service)).ToList();
        foreach (var missing in (services ?? []).Except(containers.Select(container => container.Service)))
            throw new StepFailedException($"{missing} has no container in {slot.Name()}", ["it was created and then removed; by whom, `docker events` may say"]);
        return (mark, containers);
    }
}
