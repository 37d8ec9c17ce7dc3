using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>The held lock: requests to its agent.</summary>
/// <param name="hold">What ends when the lock is given up.</param>
internal sealed class LockedHost(AgentSession session, IDisposable hold) : ILockedHost
{
    public CancellationToken Lost { get; } = session.Lost;

    public async Task<HostState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = ParseState(await session.AskAsync("read", cancellationToken));
        if (JournalRotation.Of(state.Journal) is { } kept)
            await RotateAsync(kept, cancellationToken);
        return state;
    }

    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) =>
        session.AskAsync("append " + record.ToJson(), cancellationToken);

    public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
        session.AskAsync(FormattableString.Invariant($"commit {expected} ") + record.ToJson(), cancellationToken);

    public async Task<CanaryOrder?> HearAsync(string deploy, CancellationToken cancellationToken) =>
        CanaryWords.Parse(await session.AskAsync($"hear {deploy}", cancellationToken));

    public Task SetShareAsync(int share, CancellationToken cancellationToken) =>
        session.AskAsync(FormattableString.Invariant($"share {share}"), cancellationToken);

    public Task ConfigureAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) =>
        session.AskAsync(
            $"configure {configuration.Hash} {Convert.ToBase64String(Encoding.UTF8.GetBytes(configuration.Text))}",
            cancellationToken
        );

    public Task ConfigureDoorAsync(Door door, CancellationToken cancellationToken) =>
        PutAsync(door.Service, door.Configuration, cancellationToken);

    public Task ConfigureGateAsync(PortGate gate, CancellationToken cancellationToken) =>
        PutAsync(gate.Name, gate.Configuration, cancellationToken);

    public Task PutCertificateAsync(TlsCertificate certificate, CancellationToken cancellationToken) =>
        session.AskAsync(
            $"certificate {certificate.State.Name} {certificate.State.ToWord()} {Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate.Pem))}",
            cancellationToken
        );

    public Task AnswerChallengesAsync(
        string thumbprint,
        ImmutableArray<string> hosts,
        CancellationToken cancellationToken
    ) => session.AskAsync($"challenges {thumbprint} {string.Join(' ', hosts)}", cancellationToken);

    public Task AdoptCertificateAsync(
        CertificateState certificate,
        string account,
        CancellationToken cancellationToken
    ) => session.AskAsync($"adopt {certificate.Name} {certificate.ToWord()} {account}", cancellationToken);

    public Task HandOverEdgeAsync(CancellationToken cancellationToken) =>
        session.AskAsync("handover", cancellationToken);

    public Task ReturnEdgeAsync(CancellationToken cancellationToken) => session.AskAsync("return", cancellationToken);

    public Task ReloadAsync(CancellationToken cancellationToken) => session.AskAsync("reload", cancellationToken);

    public async Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) =>
        HAProxyAnswers.OpenSessions(await session.AskAsync("sessions", cancellationToken), slot);

    public async Task<int> OpenSessionsAsync(
        Slot slot,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    ) => HAProxyAnswers.OpenSessions(await session.AskAsync("sessions", cancellationToken), slot, services);

    public async Task<bool> HoldAsync(
        ImmutableDictionary<string, TimeSpan> patience,
        int? until,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var services = patience.Select(entry => $"{entry.Key}={Milliseconds(entry.Value)}");
        var share = until?.ToString(CultureInfo.InvariantCulture) ?? "-";
        var request = patience.IsEmpty ? "hold 0" : $"hold {Milliseconds(limit)} {share} {string.Join(' ', services)}";
        return (await session.AskAsync(request, cancellationToken)).Contains("held");

        static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
    }

    public async Task<ImmutableDictionary<string, ImmutableArray<string>>> UsableServersAsync(
        CancellationToken cancellationToken
    ) => HAProxyAnswers.UsableServers(await session.AskAsync("haproxy show stat", cancellationToken));

    public ValueTask DisposeAsync()
    {
        hold.Dispose();
        return session.DisposeAsync();
    }

    /// <summary>What has become too long is made shorter by whoever reads it with the lock in hand.</summary>
    private async Task RotateAsync(KeptDeploys kept, CancellationToken cancellationToken)
    {
        try
        {
            await session.AskAsync($"keep {kept.Whole} {kept.InShort}", cancellationToken);
        }
        catch (StepFailedException) when (!session.Lost.IsCancellationRequested)
        {
            // An edge of before knows no such word, or its disk is full: the journal stays as it is.
        }
    }

    private Task<ImmutableArray<string>> PutAsync(
        string name,
        string configuration,
        CancellationToken cancellationToken
    ) =>
        session.AskAsync(
            $"door {name} {Convert.ToBase64String(Encoding.UTF8.GetBytes(configuration))}",
            cancellationToken
        );

    internal static HostState ParseState(ImmutableArray<string> lines)
    {
        string Value(string key) =>
            lines
                .FirstOrDefault(line => line.StartsWith(key + " ", StringComparison.Ordinal))
                ?[(key.Length + 1)..].Trim()
            ?? "";
        int? Number(string key) =>
            int.TryParse(Value(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return new HostState(
            long.TryParse(Value("generation"), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
                ? generation
                : 0,
            Number("running-share"),
            Number("file-share"),
            Value("configuration"),
            Number("free-megabytes") ?? long.MaxValue,
            Journal.Parse(lines.Where(line => line.StartsWith('{')))
        )
        {
            Edge = Value("edge"),
            Certificates =
            [
                .. lines
                    .Select(line => line.Split(' '))
                    .Where(words => words is ["certificate", _, _])
                    .Select(words => CertificateState.Parse(words[1], words[2]))
                    .OfType<CertificateState>()
                    .DistinctBy(certificate => certificate.Name),
            ],
            EdgeVersion = Value("haproxy"),
            Memory = HostMemory.Parse(Value("memory")),
            Now =
                long.TryParse(Value("now"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                && milliseconds is > 0 and < 253402300800000
                    ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                    : null,
            Doors = lines
                .Select(line => line.Split(' '))
                .Where(words => words is ["door", _, _])
                .DistinctBy(words => words[1])
                .ToImmutableDictionary(words => words[1], words => words[2]),
            Usable = lines
                .Where(line => line.StartsWith("stat ", StringComparison.Ordinal))
                .Select(line => line[5..])
                .ToList()
                is { Count: > 0 } statistics
                ? HAProxyAnswers.UsableServers(statistics)
                : null,
        };
    }
}
