using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.ModelChecking;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Null: it threw, died or has none.</param>
internal sealed record Ended(int? ExitCode, Exception? Thrown, bool Died, bool WasMet)
{
    public string Why { get; init; } = "";

    public bool Refused => Thrown is ConfigurationException;

    public override string ToString() =>
        Died ? "died"
        : Thrown is not null ? $"{Thrown.GetType().Name}: {Thrown.Message}"
        : $"exit code {ExitCode} {Why}";
}

/// <summary>A host in memory on which happenings happen, each followed by the claims about it.</summary>
internal sealed class World
{
    private readonly Stage _stage;
    private readonly HashSet<Slot> _damaged = [];
    private int _seen = 1;
    private readonly bool _canShare;
    private bool _mayBeWarm;

    /// <param name="model">The application: `api` and `web`, which are routed, and `bot`.</param>
    private World(string model)
    {
        _stage = new Stage(model);
        // Where all that is routed is stop-first a canary is refused.
        _canShare = model != Given.AllStopFirstModel;
        Tags.Fate(_stage.Cluster);
        _stage.Cluster.RoutedServices.UnionWith(["api", "web"]);
        foreach (var service in new[] { "api", "bot" })
            _stage.Cluster.Volumes.Declared[service] = ["/data"];
    }

    private MemoryCluster Cluster => _stage.Cluster;

    /// <summary>What changed on the host at last, for the reader of a failure.</summary>
    private string LastChanges =>
        "\n     | " + string.Join("\n     | ", Cluster.Changes.Where(change => change != "time passes").TakeLast(120));

    /// <summary>
    /// Runs a course of events to its end, then deploys a good release. Returns what was wrong, or null.
    /// </summary>
    public static async Task<string?> WrongInAsync(Trace trace, string model)
    {
        var world = new World(model);
        foreach (var (happening, index) in trace.Happenings.Select((happening, index) => (happening, index)))
            if (await world.ApplyAsync(happening) is { } wrong)
                return $"after {index + 1}. {happening}: {wrong}{world.LastChanges}";
        world.Break(new Breaks(Damage.AccessoryStarts, ""));
        world.Break(new Breaks(Damage.ImagesAreBuilt, "g4"));
        return await world.ApplyAsync(new Does(Verb.Deploy, "g4")) is { } last
            ? $"after one deploy of a good release at the end: {last}{world.LastChanges}"
            : null;
    }

    private async Task<string?> ApplyAsync(Happening happening)
    {
        if (happening is Breaks damage)
            Break(damage);
        var before = Situation.Of(Cluster, _damaged, _mayBeWarm);
        var wrong = happening is Does does ? Claims.About(does, await RunAsync(does), before, Cluster) : null;
        wrong ??= Claims.AlwaysTrueOf(Cluster, _seen, _damaged);
        _seen = Cluster.Seen.Count;
        _damaged.RemoveWhere(slot => Situation.IsWhole(Cluster, slot));
        return wrong;
    }

    private async Task<Ended> RunAsync(Does does)
    {
        _stage.Options = new DeployOptions
        {
            KeepWarm = does.KeepWarm,
            Canary = does.Canary && _canShare ? new CanaryTerms([10, 50], TimeSpan.FromSeconds(2)) : null,
        };
        _mayBeWarm |= does.KeepWarm;
        var met = false;
        MemoryProcess? self = null;
        bool Meets(int call, FaultKind kind) =>
            does.Fault is { } fault && fault.Kind == kind && fault.Call == call && (met = true);
        using var process = self = new MemoryProcess
        {
            DiesAfter = (call, _) => Meets(call, FaultKind.Killed),
            DoneWhenDying = (does.Fault?.Done ?? 100) / 100.0,
            DoneWhenFailing = (does.Fault?.Done ?? 0) / 100.0,
            InterruptsAt = (call, _) => Meets(call, FaultKind.Cancelled),
            Fails = (call, name) =>
            {
                if (Meets(call, FaultKind.Damaged))
                    Break(does.Fault!.Damage!);
                if (Meets(call, FaultKind.LosesLock))
                    self!.LosesLock?.Invoke();
                return Meets(call, FaultKind.Fails) ? new StepFailedException($"{name} failed", []) : null;
            },
        };
        var work = CommandAsync(does, process);
        if (await Task.WhenAny(work, process.Died) != work)
            return new Ended(null, null, true, met);
        try
        {
            var outcome = await work;
            if (outcome?.ExitCode == 0 && does is { Verb: Verb.Deploy, KeepWarm: false })
                _mayBeWarm = false;
            return new Ended(outcome?.ExitCode, null, false, met)
            {
                Why = outcome?.Failure is { } failure
                    ? $"at '{failure.Step}': {failure.Cause.Message}{string.Concat(outcome.UndoFailures.Select(undo => $"; NOT undone '{undo.Step}': {undo.Cause.Message}"))}"
                    : "",
            };
        }
        catch (Exception exception)
        {
            return new Ended(null, exception, false, met);
        }
    }

    private async Task<DeployOutcome?> CommandAsync(Does does, MemoryProcess process)
    {
        switch (does.Verb)
        {
            case Verb.Deploy:
                return await _stage.DeployAsync(does.Tag!, process);
            case Verb.Rollback:
                return await _stage.RollbackAsync(does.Tag, process);
            case Verb.Retire:
                await _stage.RetireAsync(process);
                break;
            case Verb.Promote:
                await _stage.SayAsync(CanaryWord.Promote, CanaryCourse.Next, process);
                break;
            case Verb.Abort:
                await _stage.SayAsync(CanaryWord.Abort, CanaryCourse.Back, process);
                break;
            case Verb.Recover:
                await _stage.RecoverAsync(process);
                break;
            default:
                await _stage.ObserveAsync(process);
                break;
        }
        return null;
    }

    private void Break(Breaks happening) =>
        Cluster.Change(
            $"fault: {happening}",
            () =>
            {
                var serving = (Cluster.Share ?? Cluster.FileShare) == 100 ? Slot.Green : Slot.Blue;
                var slot = happening.Damage == Damage.IdleIsRemoved ? serving.Other() : serving;
                var hit = Cluster.Of(slot).FirstOrDefault(container => container.Service == happening.Subject);
                switch (happening.Damage)
                {
                    case Damage.Crashes when hit is { IsRunning: true }:
                        Cluster.Crash(hit.Id);
                        break;
                    case Damage.Sickens when hit is { IsRunning: true, Health: "healthy" }:
                        Cluster.Sicken(hit.Id);
                        break;
                    case Damage.IsRemoved or Damage.IdleIsRemoved when hit is not null:
                        Cluster.Remove(hit.Id);
                        break;
                    case Damage.EdgeStops when Cluster.Edge.IsRunning:
                        (Cluster.Edge, Cluster.Share) = (Cluster.Edge with { IsRunning = false }, null);
                        break;
                    case Damage.EdgeIsRemoved:
                        Cluster.RemoveEdge();
                        break;
                    case Damage.EdgeAges:
                        Cluster.Edge = Cluster.Edge with { IsOutdated = Cluster.Edge.Exists };
                        break;
                    case Damage.GateIsRemoved when Cluster.Gates.Count > 0:
                        Cluster.Gates.RemoveAt(0);
                        break;
                    case Damage.EdgeIsDisconnected:
                        Cluster.Edge = Cluster.Edge with
                        {
                            Networks = Cluster.Edge.Networks.Remove("zz.store." + happening.Subject),
                        };
                        break;
                    case Damage.AccessoryStops or Damage.AccessoryStarts:
                        for (var i = 0; i < Cluster.Accessories.Count; i++)
                            Cluster.Accessories[i] = Cluster.Accessories[i] with
                            {
                                State = happening.Damage == Damage.AccessoryStarts ? "running" : "exited",
                            };
                        break;
                    case Damage.ImagesGo:
                        foreach (var service in Situation.Services)
                            Cluster.RemoveImage($"team/{service}:{happening.Subject}");
                        break;
                    case Damage.ImagesAreBuilt:
                        Cluster.RemovedImages.RemoveWhere(image =>
                            image.EndsWith(":" + happening.Subject, StringComparison.Ordinal)
                            || image.EndsWith("-" + happening.Subject, StringComparison.Ordinal)
                        );
                        break;
                    default:
                        return;
                }
                if (happening.Damage is Damage.Crashes or Damage.Sickens or Damage.IsRemoved or Damage.IdleIsRemoved)
                    _damaged.Add(slot);
                if (happening.Damage == Damage.EdgeIsDisconnected)
                    _damaged.Add(Slots.Parse(happening.Subject)!.Value);
                if (happening.Damage is Damage.EdgeStops or Damage.EdgeIsRemoved or Damage.GateIsRemoved)
                    _damaged.UnionWith([Slot.Blue, Slot.Green]);
            }
        );
}
