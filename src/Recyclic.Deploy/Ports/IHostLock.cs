using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>What the host keeps about an application's traffic and past.</summary>
/// <param name="Generation">How many commits there have been.</param>
/// <param name="Share">The green share that the running edge applies; null: it does not run.</param>
/// <param name="FileShare">The green share that a restarted edge would apply; null: none written yet.</param>
/// <param name="Configuration">The hash of the one in place; empty: none.</param>
/// <param name="FreeMegabytes">Of the engine's disk.</param>
/// <param name="Journal">The whole of it.</param>
public sealed record HostState(
    long Generation,
    int? Share,
    int? FileShare,
    string Configuration,
    long FreeMegabytes,
    Journal Journal
)
{
    /// <summary>
    /// What the host's clock said: the one clock by which approvals begin and end. Null: it does not say.
    /// </summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>
    /// The addresses of the servers that the edge could send a request to, by backend; null: it does not say.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Usable { get; init; }

    /// <summary>The id of the edge's container that answers, or how it begins; empty: none does.</summary>
    public string Edge { get; init; } = "";

    /// <summary>The version of the program that answers, as it says it; empty: none does.</summary>
    public string EdgeVersion { get; init; } = "";

    /// <summary>
    /// The hash of each door's and gate's configuration that is in place, by service or <see cref="PortGate.Name"/>.
    /// </summary>
    public ImmutableDictionary<string, string> Doors { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The certificates that are in place; default: none.</summary>
    public ImmutableArray<CertificateState> Certificates { get; init; } = [];

    /// <summary>What its host has of memory; null: it was not asked.</summary>
    internal HostMemory? Memory { get; init; }

    /// <summary>That of a host which keeps nothing about the application.</summary>
    public static HostState None { get; } = new(0, null, null, "", long.MaxValue, Journal.Empty);
}

/// <summary>The deploy lock of an application on its host.</summary>
public interface IHostLock
{
    /// <summary>
    /// Gets ready in the background, so that taking the lock of this application is then a matter of milliseconds. It
    /// keeps nobody out, does nothing on a host that is new to the application, and never fails. Dispose it when the
    /// lock is taken or not wanted. </summary>
    IStandBy StandBy(string app, string by, CancellationToken cancellationToken);

    /// <summary>Takes the lock, or throws at once when it is held.</summary>
    /// <param name="ready">What stands by, if anything does; used when it is for this application.</param>
    /// <exception cref="LockHeldException">Another deploy holds it.</exception>
    Task<ILockedHost> TakeAsync(string app, string by, IStandBy? ready, CancellationToken cancellationToken);

    /// <summary>
    /// Gets in the queue for the lock, behind all who are in it. It keeps nobody out who does not queue.
    /// </summary>
    Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken);

    /// <summary>Whether the host keeps anything about this application.</summary>
    Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken);

    /// <summary>Reads without holding the lock; <see cref="HostState.None"/> when nothing was ever deployed.</summary>
    Task<HostState> PeekAsync(string app, CancellationToken cancellationToken);

    /// <summary>Null: nobody holds it. A holder that died holds it no more.</summary>
    Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken);

    /// <summary>
    /// Tells the holder of the lock what a person wants of its canary, which it hears within a second or two; without the
    /// lock. A word that was not heard yet is replaced.
    /// </summary>
    /// <param name="deploy">The deploy that is meant; another one does not hear it.</param>
    Task SayAsync(string app, string deploy, CanaryOrder order, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Takes the lock away from a holder that is alive. For a person, by name only.</summary>
    Task BreakAsync(string app, CancellationToken cancellationToken);
}

/// <summary>Readiness to take a lock soon.</summary>
public interface IStandBy : IAsyncDisposable;

/// <summary>
/// A place in the queue for the lock. It is given up when this is disposed or when this process ends in any way.
/// </summary>
public interface IQueuePlace : IAsyncDisposable
{
    /// <summary>
    /// Waits until the lock is free and all who came earlier have taken it or given up. Who does not queue may take it
    /// first all the same: wait again then.
    /// </summary>
    Task WaitAsync(CancellationToken cancellationToken);
}

/// <summary>
/// The lock, held. Only through it can traffic and journal be changed, so whoever has lost the lock can change neither.
/// It is gone when this is disposed or when this process ends in any way.
/// </summary>
public interface ILockedHost : IRecord, ITraffic, IAsyncDisposable
{
    /// <summary>Cancelled when the lock is lost.</summary>
    CancellationToken Lost { get; }
}

/// <summary>What the host keeps of an application: its journal, and which commit is the newest.</summary>
public interface IRecord
{
    /// <summary>As the host has it, which is as it will be until the holder of the lock changes it.</summary>
    Task<HostState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns when the record is on the disk. One that is not a commit: those are made by <see cref="CommitAsync"/>.
    /// </summary>
    Task AppendAsync(JournalRecord record, CancellationToken cancellationToken);

    /// <summary>The word that was said to this deploy since it was last asked for; null: none.</summary>
    Task<CanaryOrder?> HearAsync(string deploy, CancellationToken cancellationToken) =>
        Task.FromResult<CanaryOrder?>(null);

    /// <summary>Records a commit, unless another has been made since generation <paramref name="expected"/>.</summary>
    Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken);
}

/// <summary>
/// Where users' requests go. What has to do with the edge's configuration is asked only of platforms that have one
/// (<see cref="PlatformTraits.HasEdge"/>).
/// </summary>
public interface ITraffic
{
    /// <summary>Sets the green share; returns only when the running edge has said it back.</summary>
    Task SetShareAsync(int share, CancellationToken cancellationToken);

    /// <summary>
    /// Validates a configuration and puts it in place; a running edge goes on with the old one until
    /// <see cref="ReloadAsync"/>.
    /// </summary>
    Task ConfigureAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Puts a door's configuration in place; a running door goes on with the old one until it is
    /// opened.</summary>
    Task ConfigureDoorAsync(Door door, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Puts a gate's configuration in place.</summary>
    Task ConfigureGateAsync(PortGate gate, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Puts a certificate and its key in place. A running edge that has one of its name has the new one for each connection
    /// from now on; no connection is closed. One that no configuration names goes with the next configuration.
    /// </summary>
    Task PutCertificateAsync(TlsCertificate certificate, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// From now on the edge, which needs no reload for it, answers authorities that ask whether these host names lead to it.
    /// </summary>
    /// <param name="thumbprint">Of the account that asked for certificates, in base64url.</param>
    Task AnswerChallengesAsync(string thumbprint, ImmutableArray<string> hosts, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Puts a certificate in place that was obtained, with the key that was made for it: as <see cref="PutCertificateAsync"/>
    /// does.
    /// </summary>
    /// <param name="account">Whose it is, <see cref="AcmeCertificate.Account"/>.</param>
    Task AdoptCertificateAsync(CertificateState certificate, string account, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>What the running edge has found out is there for the one that is about to replace it.</summary>
    Task HandOverEdgeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The edge that was to be replaced is the one that may start again.</summary>
    Task ReturnEdgeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Makes a running edge take up the configuration in place; no connection is closed.</summary>
    Task ReloadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Sessions that a slot has open now, in edges that were replaced too.</summary>
    /// <exception cref="Running.StepFailedException">The edge does not answer.</exception>
    Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken);

    /// <summary>
    /// Lets what comes for these services wait while the share is not the one named, until this is called again, and no
    /// longer than the limit. Nothing that has reached a service by then is touched.
    /// </summary>
    /// <param name="patience">By service, how long each request or connection waits at most; empty: nothing waits any
    /// more.</param>
    /// <param name="until">The share with which the wait is over; null: whatever the share is, they wait.</param>
    /// <param name="limit">From now on; for when nobody is left to say that it is over.</param>
    /// <returns>Whether it does; by default it does not, and what comes meanwhile fails.</returns>
    Task<bool> HoldAsync(
        ImmutableDictionary<string, TimeSpan> patience,
        int? until,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => Task.FromResult(false);

    /// <summary>Sessions that some services of a slot have open now; by default those of all.</summary>
    /// <exception cref="Running.StepFailedException">The edge does not answer.</exception>
    Task<int> OpenSessionsAsync(Slot slot, ImmutableArray<string> services, CancellationToken cancellationToken) =>
        OpenSessionsAsync(slot, cancellationToken);

    /// <summary>The addresses of the servers that the edge could send a request to, by backend.</summary>
    Task<ImmutableDictionary<string, ImmutableArray<string>>> UsableServersAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

/// <summary>Another deploy holds the lock; exit code 4.</summary>
public sealed class LockHeldException(LockHolder holder, string? step)
    : Exception(
        $"Another deploy holds the lock: {holder.By}, since {holder.Since:yyyy-MM-dd HH:mm:ss} UTC{(holder.Run is { } run ? $", {run}" : "")}"
            + $"{(step is null ? "" : $", now at: {step}")}.\n  users   untouched by this command\n  next    wait for it to end (--wait does), or see ./build.sh Status"
    )
{
    /// <summary>Whoever held it when it was asked for.</summary>
    public LockHolder Holder { get; } = holder;
}
