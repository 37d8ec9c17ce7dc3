using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>
/// An engine of which only the events, the logs and the health checks matter; the test writes the events.
/// </summary>
internal sealed class EventEngine : IHealthSource
{
    private readonly Channel<ContainerEvent> _events = Channel.CreateUnbounded<ContainerEvent>(
        new UnboundedChannelOptions { AllowSynchronousContinuations = true }
    );
    private readonly Channel<bool> _probed = Channel.CreateUnbounded<bool>();
    private int _probes;

    public Func<string, bool> Probe { get; set; } = _ => true;

    /// <summary>A health check run now; null: <see cref="Probe"/> answers at once.</summary>
    public Func<string, CancellationToken, Task<bool>>? ProbeAsync { get; init; }

    public Func<Probe?> ReadsProbe { get; init; } = () => new Probe(false, Given.Noon, "HTTP 503\n");

    public ImmutableArray<string> Log { get; init; } = ["connecting", "connection refused"];

    /// <summary>Each container's environment.</summary>
    public ImmutableArray<string> Variables { get; init; } = [];

    public int Probes => _probes;

    public Task<ImmutableArray<string>> ReadVariablesAsync(string containerId, CancellationToken cancellationToken) =>
        Task.FromResult(Variables);

    /// <summary>Returns when another so many health checks were run.</summary>
    public async Task ProbedAsync(int times)
    {
        for (; times > 0; times--)
            await _probed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void Happens(string name, ContainerEventKind kind, int exitCode = 0) =>
        _events.Writer.TryWrite(new ContainerEvent(name + "-id", name, name, null, kind, exitCode, Given.Noon));

    /// <summary>The stream of events ends, well or by an error.</summary>
    public void Ends(Exception? why = null) => _events.Writer.TryComplete(why);

    public async IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken))
            yield return happened;
    }

    public async IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.Yield();
        foreach (var line in Log)
            yield return new LoggedLine(Given.Noon, line);
    }

    public Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        Task.FromResult(ReadsProbe());

    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        _probed.Writer.TryWrite(true);
        return ProbeAsync?.Invoke(containerId, cancellationToken) ?? Task.FromResult(Probe(containerId));
    }

    /// <summary>Why it is silent as seen from outside; null: it does its work.</summary>
    public Func<string, string?> Silence { get; set; } = _ => null;

    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        Task.Run(() => Silence(containerId), CancellationToken.None);

    /// <summary>Where containers listen by and by; null: nobody can tell.</summary>
    public Channel<string>? Listening { get; init; }

    public async IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (Listening is null)
            yield break;
        await foreach (var name in Listening.Reader.ReadAllAsync(cancellationToken))
            if (ports.ContainsKey(name + "-id"))
                yield return name + "-id";
    }

    public Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    ) => Task.FromResult(Log);
}
