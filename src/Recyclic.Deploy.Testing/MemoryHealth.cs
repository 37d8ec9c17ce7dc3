using System.Runtime.CompilerServices;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Testing;

/// <summary>Says how the containers of a <see cref="MemoryCluster"/> are.</summary>
internal sealed class MemoryHealth(MemoryCalls calls) : IHealthSource
{
    private readonly MemoryCluster _cluster = calls.Cluster;

    public async IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var events = _cluster.Listen(since);
        try
        {
            calls.Listens(events);
            while (await events.WaitToReadAsync(cancellationToken))
            while (events.TryPeek(out var happened))
            {
                yield return happened;
                events.TryRead(out _);
            }
        }
        finally
        {
            calls.ListensNoMore();
        }
    }

    public Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        calls.AskAsync<Probe?>("read probe", () => new Probe(false, MemoryClock.Noon, "503"), cancellationToken);

    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken) =>
        calls.AskAsync(
            "probe",
            () =>
            {
                var healthy = true;
                _cluster.Change($"probe {containerId}", () => healthy = _cluster.Probe(containerId));
                return healthy;
            },
            cancellationToken
        );

    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        calls.AskAsync(
            "ask",
            () =>
            {
                _cluster.Change("time passes", _cluster.Pass);
                return _cluster.Ask(containerId, probe);
            },
            cancellationToken
        );

    public Task<HttpAnswer> AskAsync(SmokePlace place, HttpQuestion question, CancellationToken cancellationToken) =>
        calls.AskAsync("smoke test", () => _cluster.Answer(place, question), cancellationToken);

    public IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    ) => AsyncEnumerable.Empty<string>();

    public Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "log",
            () =>
                ImmutableArray.Create(
                    _cluster.Says.GetValueOrDefault(
                        _cluster.Containers.Find(container => container.Id == containerId)?.Image ?? "",
                        $"{containerId} says good-bye"
                    )
                ),
            cancellationToken
        );

    public async IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var said = await calls.AskAsync(
            "log",
            () =>
                _cluster.Containers.Find(container => container.Id == containerId) is { } there
                    ? new LoggedLine(
                        there.StartedAt,
                        _cluster.Says.GetValueOrDefault(there.Image, $"{containerId} runs")
                    )
                    : null,
            cancellationToken
        );
        if (said is not null && question.Last != 0 && !(said.At < question.Since))
            yield return said;
    }
}
