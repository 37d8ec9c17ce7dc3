using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>A held lock of which only what is written into the journal is another's to decide; all else passes.</summary>
internal abstract class WrappedHost(ILockedHost inner) : ILockedHost
{
    public CancellationToken Lost => inner.Lost;

    public Task<HostState> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);

    public abstract Task AppendAsync(JournalRecord record, CancellationToken cancellationToken);

    public abstract Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken);

    public Task<CanaryOrder?> HearAsync(string deploy, CancellationToken cancellationToken) =>
        inner.HearAsync(deploy, cancellationToken);

    public Task SetShareAsync(int share, CancellationToken cancellationToken) =>
        inner.SetShareAsync(share, cancellationToken);

    public Task ConfigureAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) =>
        inner.ConfigureAsync(configuration, cancellationToken);

    public Task ConfigureDoorAsync(Door door, CancellationToken cancellationToken) =>
        inner.ConfigureDoorAsync(door, cancellationToken);

    public Task ConfigureGateAsync(PortGate gate, CancellationToken cancellationToken) =>
        inner.ConfigureGateAsync(gate, cancellationToken);

    public Task PutCertificateAsync(TlsCertificate certificate, CancellationToken cancellationToken) =>
        inner.PutCertificateAsync(certificate, cancellationToken);

    public Task AnswerChallengesAsync(
        string thumbprint,
        ImmutableArray<string> hosts,
        CancellationToken cancellationToken
    ) => inner.AnswerChallengesAsync(thumbprint, hosts, cancellationToken);

    public Task AdoptCertificateAsync(
        CertificateState certificate,
        string account,
        CancellationToken cancellationToken
    ) => inner.AdoptCertificateAsync(certificate, account, cancellationToken);

    public Task HandOverEdgeAsync(CancellationToken cancellationToken) => inner.HandOverEdgeAsync(cancellationToken);

    public Task ReturnEdgeAsync(CancellationToken cancellationToken) => inner.ReturnEdgeAsync(cancellationToken);

    public Task ReloadAsync(CancellationToken cancellationToken) => inner.ReloadAsync(cancellationToken);

    public Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) =>
        inner.OpenSessionsAsync(slot, cancellationToken);

    public Task<bool> HoldAsync(
        ImmutableDictionary<string, TimeSpan> patience,
        int? until,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => inner.HoldAsync(patience, until, limit, cancellationToken);

    public Task<int> OpenSessionsAsync(
        Slot slot,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    ) => inner.OpenSessionsAsync(slot, services, cancellationToken);

    public Task<ImmutableDictionary<string, ImmutableArray<string>>> UsableServersAsync(
        CancellationToken cancellationToken
    ) => inner.UsableServersAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
