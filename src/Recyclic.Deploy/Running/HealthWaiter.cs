using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Waits at the health gate and during the watch, by the engine's events, and gathers the evidence when it fails.
/// </summary>
internal sealed class HealthWaiter(
    IHealthSource health,
    ContainerWatch watch,
    IDeployReporter reporter,
    TimeProvider time
)
{
    /// <summary>
    /// A watched container that fails its check is asked again after this long, unless the engine has judged before.
    /// </summary>
    private static readonly TimeSpan ProbeAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How often in a row a watched container may leave a question from outside unanswered: one may be lost.
    /// </summary>
    private const int SilencesAtMost = 3;

    /// <summary>The exit code of a process that was killed by signal 9, by a person too.</summary>
    private const int KilledByKernel = 137;

    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private readonly long _begunAt = time.GetTimestamp();

    /// <summary>
    /// The time at the beginning and what has passed since: a clock that is set meanwhile moves no deadline.
    /// </summary>
    private DateTimeOffset Now => _begun + time.GetElapsedTime(_begunAt);

    /// <summary>
    /// Returns when all containers are healthy; fails at once when one cannot become it, and at the deadline.
    /// </summary>
    /// <param name="mark">The watch's mark from before the containers were looked at.</param>
    public async Task AwaitHealthyAsync(
        IEnumerable<Container> containers,
        int mark,
        TimeSpan deadline,
        CancellationToken cancellationToken
    )
    {
        var gate = HealthGate.Over(containers, Now);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var asked = Task.WhenAll(
            gate.Containers.Values.Where(container => container.Probe is not null)
                .Select(container => AskAgainAndAgainAsync(container, asking.Token))
                .Append(new EarlyProbes(health, watch, reporter, time).RunAsync(gate.Containers.Values, asking.Token))
        );
        try
        {
            await foreach (var state in StatesAsync(gate, mark, () => null, limit.Token))
            {
                gate = state;
                reporter.Progress(gate.Describe());
                await ThrowIfFailedAsync(gate, cancellationToken);
                if (gate.Passed(Now))
                    return;
            }
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var late = gate.Containers.Values.First(container => !container.Passes(Now));
            throw new StepFailedException(
                $"{late.Name} was not healthy after {deadline.TotalSeconds:0.#} s",
                [
                    gate.Describe(),
                    .. await EvidenceAsync(late, CancellationToken.None),
                    "to allow more time: --deploy-timeout <seconds>",
                ]
            )
            {
                Service = late.Service,
            };
        }
        finally
        {
            await asking.CancelAsync();
            await asked;
        }
    }

    /// <summary>Fails when one of these containers has stopped working since the mark; does not wait.</summary>
    public Task CheckAsync(IEnumerable<Container> containers, int mark, CancellationToken cancellationToken) =>
        ThrowIfFailedAsync(
            watch.Since(mark).Aggregate(HealthGate.Over(containers, Now), (gate, happened) => gate.After(happened)),
            cancellationToken
        );

    /// <summary>
    /// Watches containers that serve until those named are this old and have passed their health check at that age.
    /// </summary>
    public async Task WatchAsync(
        IEnumerable<Container> containers,
        IReadOnlySet<string> aged,
        int mark,
        TimeSpan age,
        TimeSpan deadline,
        CancellationToken cancellationToken
    )
    {
        var gate = HealthGate.Over(containers, Now);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        var pending = gate
            .Containers.Values.Where(container => aged.Contains(container.Id))
            .ToDictionary(container => container.Id, container => container.StartedAt + age);
        var silences = new Dictionary<string, int>();
        try
        {
            if (gate.Containers.IsEmpty)
                throw new StepFailedException(
                    "there is no container to watch",
                    ["they were removed; by whom, `docker events` may say"]
                );
            await foreach (
                var state in StatesAsync(gate, mark, () => pending.Values.DefaultIfEmpty().Min(), limit.Token)
            )
            {
                await ThrowIfFailedAsync(state, cancellationToken);
                await RemoveProvenAsync(pending, silences, state, limit.Token);
                if (pending.Count == 0)
                    return;
            }
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var doubtful = gate.Containers[pending.Keys.First()];
            throw new StepFailedException(
                $"{doubtful.Name} fails its health check",
                await EvidenceAsync(doubtful, CancellationToken.None)
            )
            {
                Service = doubtful.Service,
            };
        }
    }

    /// <summary>
    /// A container is believed once it passes its own health check at the age asked for; one that fails it gets the
    /// engine's verdict.
    /// </summary>
    private async Task RemoveProvenAsync(
        Dictionary<string, DateTimeOffset> pending,
        Dictionary<string, int> silences,
        HealthGate gate,
        CancellationToken cancellationToken
    )
    {
        var due = pending.Where(entry => Now >= entry.Value).Select(entry => gate.Containers[entry.Key]).ToList();
        var proven = await Task.WhenAll(
            due.Select(async container =>
                (
                    container,
                    silence: await AskAsync(container, cancellationToken),
                    passed: await health.ProbeNowAsync(container.Id, cancellationToken)
                )
            )
        );
        foreach (var (container, silence, passed) in proven)
        {
            var silent = silences[container.Id] = silence is null ? 0 : silences.GetValueOrDefault(container.Id) + 1;
            if (silent >= SilencesAtMost)
                throw new StepFailedException(
                    $"{container.Name} {silence}",
                    await EvidenceAsync(container, cancellationToken)
                )
                {
                    Service = container.Service,
                };
            if (passed && silent == 0)
                pending.Remove(container.Id);
            else
                pending[container.Id] = Now + ProbeAgain;
        }
    }

    /// <summary>Until cancelled; what comes of it is told as events.</summary>
    private async Task AskAgainAndAgainAsync(GatedContainer container, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var silence = await AskAsync(container, cancellationToken);
                watch.Tell(
                    new ContainerEvent(
                        container.Id,
                        container.Name,
                        container.Service,
                        null,
                        silence is null ? ContainerEventKind.Answered : ContainerEventKind.Silent,
                        0,
                        Now
                    )
                    {
                        Why = silence ?? "",
                    }
                );
                await Task.Delay(ProbeAgain, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gate has its verdict.
        }
    }

    /// <summary>
    /// Why it does not do its work as seen from outside; null: it does, or is not to be asked. That it could not be
    /// asked says no good of it either.
    /// </summary>
    private async Task<string?> AskAsync(GatedContainer container, CancellationToken cancellationToken)
    {
        try
        {
            return container.Probe is { } probe ? await health.AskAsync(container.Id, probe, cancellationToken) : null;
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return $"could not be asked: {exception.Message}";
        }
    }

    /// <summary>
    /// The gate as it is, after each event, and at each moment at which time alone may have changed the verdict.
    /// </summary>
    private async IAsyncEnumerable<HealthGate> StatesAsync(
        HealthGate gate,
        int mark,
        Func<DateTimeOffset?> alsoAt,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var seen = Now;
        yield return gate;
        using var events = watch.Subscribe(mark);
        while (true)
        {
            // A moment that came while the gate was judged may not have counted: it is judged again at once.
            var wake = new[] { gate.SettlesAt, alsoAt() }.Where(at => at > seen).Min();
            using var pause = wake is { } at
                ? new CancellationTokenSource(Until(at), time)
                : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, pause.Token);
            try
            {
                gate = gate.After(await events.NextAsync(either.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The moment has come; what has happened by now counts first.
                while (events.TryNext() is { } happened)
                    gate = gate.After(happened);
            }
            seen = Now;
            yield return gate;
        }
    }

    private TimeSpan Until(DateTimeOffset at) =>
        at - Now is var left && left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;

    private async Task ThrowIfFailedAsync(HealthGate gate, CancellationToken cancellationToken)
    {
        if (gate.Failed is not { } failed)
            return;
        // The engine may tell of the end before it tells of its cause.
        if (
            failed is { State: "exited", ExitCode: KilledByKernel }
            && await health.EndedForMemoryAsync(failed.Id, cancellationToken)
        )
            failed = failed with { State = "out of memory" };
        var endedWell = failed is { State: "exited", ExitCode: 0, Health: "none", Probe: null };
        throw new StepFailedException(failed.Failure!, await EvidenceAsync(failed, cancellationToken))
        {
            Service = failed.Service,
            Next = endedWell
                ? $"if {failed.Service} does its work once and ends, say so: x-recyclic: {{ one-off: true }} in it; else mend the release; then deploy it again"
                : null,
        };
    }

    private async Task<ImmutableArray<string>> EvidenceAsync(
        GatedContainer container,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var evidence = ImmutableArray.CreateBuilder<string>();
        try
        {
            if (container.Health != "none" && await health.ReadProbeAsync(container.Id, limit.Token) is { } probe)
                evidence.Add(
                    $"last probe {(probe.Passed ? "passed" : "failed")} at {probe.EndedAt.UtcDateTime:HH:mm:ss}: {(string.IsNullOrWhiteSpace(probe.Output) ? "without a word" : PrintableText.Of(string.Join("; ", probe.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))))}"
                );
            evidence.AddRange(await LastLog.ReadAsync(health, container.Id, container.Name, limit.Token));
        }
        catch (Exception exception)
        {
            evidence.Add($"its log could not be read: {exception.Message}");
        }
        return evidence.ToImmutable();
    }
}
