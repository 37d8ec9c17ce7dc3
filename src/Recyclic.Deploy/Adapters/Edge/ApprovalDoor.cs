using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// A host's records, reached with a key that can see what approving goes by and append one approval: see
/// <see cref="ApprovalKeyLine"/>. There is no engine behind it, and it is no lock: the far side takes that for as long
/// as it appends.
/// </summary>
public sealed class ApprovalDoor : IHostLock
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>What ssh itself exits with when it fails.</summary>
    private const int Unreachable = 255;

    private readonly ICommandRunner _runner;
    private readonly SshDestination _destination;
    private readonly ImmutableDictionary<string, string> _variables;
    private readonly TimeProvider _time;

    /// <param name="address">`ssh://[user@]host[:port]`.</param>
    /// <param name="variables">What ssh is started with: where its agent is.</param>
    /// <exception cref="ConfigurationException">The address is none of ssh's.</exception>
    public ApprovalDoor(
        ICommandRunner runner,
        EngineAddress address,
        ImmutableDictionary<string, string> variables,
        TimeProvider time
    )
    {
        (_runner, _variables, _time) = (runner, variables, time);
        _destination =
            SshDestination.Parse(address.Host ?? "")
            ?? throw new ConfigurationException(
                "--approval-host",
                $"{address} is not reached by ssh",
                "Write ssh://user@host[:port]."
            );
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_destination}";

    /// <inheritdoc/>
    public async Task<HostState> PeekAsync(string app, CancellationToken cancellationToken) =>
        LockedHost.ParseState([.. await AskAsync(ApprovalKeyLine.Show, "", cancellationToken)]);

    /// <inheritdoc/>
    public async Task<ILockedHost> TakeAsync(
        string app,
        string by,
        IStandBy? ready,
        CancellationToken cancellationToken
    ) => new Hand(this, await PeekAsync(app, cancellationToken));

    /// <summary>Whoever made the line of `authorized_keys` made the records too.</summary>
    public Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>The far side does not say.</summary>
    public Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) =>
        Task.FromResult<LockHolder?>(null);

    /// <inheritdoc/>
    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) => new Nothing();

    /// <inheritdoc/>
    public Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken) => throw Barred();

    /// <inheritdoc/>
    public Task BreakAsync(string app, CancellationToken cancellationToken) => throw Barred();

    private static NotSupportedException Barred() => new("A key that can only approve does nothing else.");

    private async Task<ImmutableArray<string>> AskAsync(string word, string input, CancellationToken cancellationToken)
    {
        var answer = await _runner.RunAsync(
            Command.Of(
                "ssh",
                [
                    "-T",
                    .. SshDestination.Liveness,
                    "-o",
                    "ForwardAgent=no",
                    "-o",
                    "ClearAllForwardings=yes",
                    .. _destination.Arguments(word),
                ]
            ) with
            {
                StandardInput = input,
                Environment = _variables,
                Timeout = Deadline,
            },
            cancellationToken
        );
        var lines = answer.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (answer.Succeeded && lines is [.. var said, "= ok"])
            return [.. said];
        var why = PrintableText.Of(
            answer.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim()
                ?? $"it ended with {answer.ExitCode} and without a word",
            300
        );
        if (answer.StandardError.Contains("is already in use", StringComparison.Ordinal))
            throw new LockHeldException(
                new LockHolder("a deploy, which this key does not see", _time.GetUtcNow(), null),
                null
            );
        throw answer.ExitCode switch
        {
            Unreachable => new EngineException($"{_destination} is not reached: {why}"),
            ApprovalKeyLine.Refused => new ConfigurationException(
                $"approval by {_destination}",
                why,
                "See ./build.sh ApprovalKey, which makes the line of the host's authorized_keys; or run this again."
            ),
            _ => new EngineException(
                $"{_destination} did not {word}: {why}. Is the key there for approvals? ./build.sh ApprovalKey makes its line of authorized_keys"
            ),
        };
    }

    private sealed class Nothing : IStandBy
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Appends one approval, if nothing was deployed since the records were read.</summary>
    private sealed class Hand(ApprovalDoor door, HostState state) : ILockedHost
    {
        public CancellationToken Lost => CancellationToken.None;

        public Task<HostState> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(state);

        public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) =>
            record.Kind == JournalKind.Approve
                ? door.AskAsync(
                    ApprovalKeyLine.Approve,
                    FormattableString.Invariant($"{state.Generation} {record.ToJson()}\n"),
                    cancellationToken
                )
                : throw Barred();

        public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
            throw Barred();

        public Task SetShareAsync(int share, CancellationToken cancellationToken) => throw Barred();

        public Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) => throw Barred();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
