using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// The lock is a container's name, which the engine gives once. The container runs the agent and is held by this
/// process's end of its standard input: when this process dies in any way the input closes, the container ends, and the
/// lock is gone. It starts under another name and takes the lock's by being renamed, so it may start before it is known
/// whether the lock is wanted. </summary>
public sealed partial class DockerHostLock : IHostLock
{
    /// <summary>How long the lock's name may be taken without a holder.</summary>
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan NamePoll = TimeSpan.FromMilliseconds(50);
    private readonly DockerHost _host;
    private readonly TimeProvider _time;
    private readonly string? _run;
    private readonly EdgeImage _image;

    /// <param name="engine">The engine whose applications it is the lock of: it changes them under this lock
    /// alone.</param>
    /// <param name="run">Which CI run this is, for the label; null: none.</param>
    public DockerHostLock(DockerEngine engine, TimeProvider time, string? run = null)
    {
        (_host, _time, _run) = (engine.Host, time, run);
        _image = new EdgeImage(_host.Docker, _host.Client, _host.Changes);
    }

    /// <inheritdoc/>
    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) =>
        new StandByAgent(app, StartIfKnownAsync(app, by, cancellationToken));

    /// <inheritdoc/>
    public async Task<ILockedHost> TakeAsync(
        string app,
        string by,
        IStandBy? ready,
        CancellationToken cancellationToken
    )
    {
        var session = ready is StandByAgent standBy && standBy.App == app ? await standBy.TakeAsync() : null;
        session ??= await StartAsync(app, by, cancellationToken);
        try
        {
            await RenameAsync(session, app, cancellationToken);
            await RemoveStrandedAsync(app, cancellationToken);
            return new LockedHost(session, _host.Changes.Under(app, session.ConfirmAsync));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken)
    {
        await _image.EnsureAsync(cancellationToken);
        return new QueuePlace(
            _host.Docker,
            _host.Reader,
            _time,
            new Naming(app),
            await StartAgentAsync(app, new Naming(app).QueueContainer, EdgeImage.QueueRole, by, cancellationToken)
        );
    }

    /// <inheritdoc/>
    public async Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) =>
        await _host.Records.FindAsync(app, cancellationToken) is not null;

    /// <inheritdoc/>
    public async Task<HostState> PeekAsync(string app, CancellationToken cancellationToken)
    {
        if (await _host.Records.FindAsync(app, cancellationToken) is not { } record)
            return HostState.None;
        var edge = await _host.Reader.FindEdgeAsync(app, cancellationToken);
        if (edge?.IsRunning != true)
            await _image.EnsureAsync(cancellationToken);
        IEnumerable<string> arguments =
            edge?.IsRunning == true
                ? ["exec", "--interactive", edge.Id, "recyclic-agent"]
                : EdgeCommands.Reader(record.Naming, record.Ownership.Mark(AppRecords.Nonce()));
        var (session, why) = await AgentSession.StartAsync("", _host.Changes.StartAgent(arguments), cancellationToken);
        if (session is null)
            throw new EngineException($"the host's records could not be read: {why}");
        await using (session)
            return LockedHost.ParseState(await session.AskAsync("read", cancellationToken));
    }

    /// <inheritdoc/>
    public Task SayAsync(string app, string deploy, CanaryOrder order, CancellationToken cancellationToken) =>
        CanaryWords.SayAsync(_host, app, CanaryWords.Say(deploy, order), cancellationToken);

    /// <inheritdoc/>
    public async Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) =>
        await _host.Reader.FindAsync(app, new Naming(app).LockContainer, cancellationToken) is { IsOwn: true } found
            ? Holder(found.Inspected)
            : null;

    /// <summary>Gives the agent's container the lock's name.</summary>
    /// <exception cref="LockHeldException">Another container has it.</exception>
    private async Task RenameAsync(AgentSession session, string app, CancellationToken cancellationToken)
    {
        var name = new Naming(app).LockContainer;
        var begun = _time.GetTimestamp();
        for (var removals = 0; ; )
        {
            var renamed = await _host.Changes.TakeNameAsync(session.Name, name, cancellationToken);
            if (renamed.Succeeded)
                return;
            var holding = await _host.Reader.FindAsync(app, name, cancellationToken);
            if (holding is { IsOwn: false } foreign)
                throw Foreign(foreign.Otherwise);
            if (holding?.Inspected.State?.Status is "running" or "paused")
                throw new LockHeldException(
                    Holder(holding!.Value.Inspected),
                    (await PeekAsync(app, cancellationToken)).Journal.Interrupted?.Step
                );
            if (!renamed.StandardError.Contains("is already in use", StringComparison.Ordinal))
                throw new EngineException($"the deploy lock could not be taken: {renamed.StandardError.Trim()}");
            // The container that has the name is going. One that stays without running holds the name for nobody.
            if (_time.GetElapsedTime(begun) >= NamePatience)
            {
                if (holding is null || ++removals > 1)
                    throw new EngineException($"the deploy lock could not be taken: {renamed.StandardError.Trim()}");
                await RemoveAsync(app, [holding.Value.Inspected.ID], cancellationToken);
            }
            await Task.Delay(NamePoll, _time, cancellationToken);
        }
    }

    private static ConfigurationException Foreign(Stranger stranger) =>
        new(
            "deploy lock",
            $"{stranger} has the name of the lock, and is none",
            $"Rename it: docker rename {stranger.Name} <name>; or deploy under another name: --project <name>."
        );

    private async Task RemoveStrandedAsync(string app, CancellationToken cancellationToken)
    {
        var stranded = StrandedAgents.Of(
            await _host.Reader.ListOwnAsync(app, cancellationToken),
            new Naming(app).LockContainer
        );
        if (stranded.Length > 0)
            await RemoveAsync(app, stranded, cancellationToken);
    }

    private async Task RemoveAsync(string app, ImmutableArray<string> agents, CancellationToken cancellationToken)
    {
        if (await _host.Records.FindAsync(app, cancellationToken) is { } record)
            await _host.Changes.RemoveAgentsAsync(agents, ExpectedLabels.Ours(record.Ownership), cancellationToken);
    }

    private async Task<AgentSession> StartAsync(string app, string by, CancellationToken cancellationToken)
    {
        await _image.EnsureAsync(cancellationToken);
        return await StartLockAsync(app, by, cancellationToken);
    }

    private async Task<AgentSession?> StartIfKnownAsync(string app, string by, CancellationToken cancellationToken)
    {
        try
        {
            return await IsKnownAsync(app, cancellationToken) && await _image.IsPresentAsync(cancellationToken)
                ? await StartLockAsync(app, by, cancellationToken)
                : null;
        }
        catch (Exception exception)
            when (exception is EngineException or Processes.CommandFailedException or OperationCanceledException)
        {
            // Whoever takes the lock meets the same and says so.
            return null;
        }
    }

    private Task<AgentSession> StartLockAsync(string app, string by, CancellationToken cancellationToken) =>
        StartAgentAsync(app, new Naming(app).LockContainer, EdgeImage.LockRole, by, cancellationToken);

    private async Task<AgentSession> StartAgentAsync(
        string app,
        string prefix,
        string role,
        string by,
        CancellationToken cancellationToken
    )
    {
        var record = await _host.Records.EnsureAsync(app, cancellationToken);
        var name = $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}";
        var (session, why) = await AgentSession.StartAsync(
            name,
            _host.Changes.StartAgent(
                EdgeCommands.Agent(
                    record.Naming,
                    name,
                    role,
                    record.Ownership.Mark(AppRecords.Nonce()),
                    by,
                    _time.GetUtcNow(),
                    _run
                )
            ),
            cancellationToken
        );
        return session ?? throw new EngineException($"the deploy lock could not be taken: {why}");
    }

    /// <inheritdoc/>
    public async Task BreakAsync(string app, CancellationToken cancellationToken)
    {
        if (await _host.Reader.FindAsync(app, new Naming(app).LockContainer, cancellationToken) is not { } found)
            return;
        if (!found.IsOwn)
            throw Foreign(found.Otherwise);
        await RemoveAsync(app, [found.Inspected.ID], cancellationToken);
    }

    private static LockHolder Holder(ContainerInspectResponse inspected)
    {
        var labels = EngineAnswers.Labels(inspected.Config?.Labels);
        DateTimeOffset.TryParse(
            labels.GetValueOrDefault("recyclic.since"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var since
        );
        return new LockHolder(
            PrintableText.Of(labels.GetValueOrDefault("recyclic.by", "unknown"), 200),
            since,
            labels.GetValueOrDefault("recyclic.run") is { } run ? PrintableText.Of(run, 200) : null
        );
    }
}
