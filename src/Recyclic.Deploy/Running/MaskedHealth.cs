using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Running;

/// <summary>
/// What containers wrote, without the secrets that were given to them: masked here, before anything is cut or joined,
/// and by what the engine itself says they have, whoever started them.
/// </summary>
internal sealed class MaskedHealth(IHealthSource inner, SecretLearner learner) : IHealthSource
{
    public IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) => inner.WatchAsync(app, since, cancellationToken);

    public async Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken)
    {
        if (await inner.ReadProbeAsync(containerId, cancellationToken) is not { } probe)
            return null;
        if (probe.Output.Length == 0)
            return probe;
        learner.Learn(await inner.ReadVariablesAsync(containerId, cancellationToken));
        return probe with { Output = learner.Masked(probe.Output) };
    }

    public IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    ) => inner.WatchListeningAsync(ports, cancellationToken);

    public Task<bool> EndedForMemoryAsync(string containerId, CancellationToken cancellationToken) =>
        inner.EndedForMemoryAsync(containerId, cancellationToken);

    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken) =>
        inner.ProbeNowAsync(containerId, cancellationToken);

    public async Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        await inner.AskAsync(containerId, probe, cancellationToken) is { } why ? learner.Masked(why) : null;

    public Task<HttpAnswer> AskAsync(SmokePlace place, HttpQuestion question, CancellationToken cancellationToken) =>
        inner.AskAsync(place, question, cancellationToken);

    public async Task<string> MaskAsync(string containerId, string text, CancellationToken cancellationToken)
    {
        learner.Learn(await inner.ReadVariablesAsync(containerId, cancellationToken));
        return learner.Masked(await inner.MaskAsync(containerId, text, cancellationToken));
    }

    public async Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    )
    {
        learner.Learn(await inner.ReadVariablesAsync(containerId, cancellationToken));
        return learner.Masked(await inner.ReadLogAsync(containerId, lines, cancellationToken));
    }

    public async IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        learner.Learn(await inner.ReadVariablesAsync(containerId, cancellationToken));
        var masked = learner.LineByLine();
        await foreach (var line in inner.ReadLogAsync(containerId, question, cancellationToken))
            yield return line with
            {
                Text = masked(line.Text),
            };
    }

    public Task<ImmutableArray<string>> ReadVariablesAsync(string containerId, CancellationToken cancellationToken) =>
        inner.ReadVariablesAsync(containerId, cancellationToken);
}
