using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// A conversation with the agent: one request a line, one answer at a time. See agent.sh for the words.
/// </summary>
internal sealed class AgentSession : IAsyncDisposable
{
    /// <summary>For how long the start of an agent, and an answer, is waited for.</summary>
    public static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old an answer may be that says that the lock is held: a step has one when it begins, so a change right after
    /// costs no question more; what was stopped in between, for however short a time, asks again.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>Well within the minute after which the agent begins to doubt that anybody is there.</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);
    private readonly IRunningCommand _command;
    private readonly IAsyncEnumerator<string> _lines;
    private readonly TimeSpan _answerDeadline;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private long _answered;

    private AgentSession(string name, IRunningCommand command, TimeSpan answerDeadline)
    {
        _answerDeadline = answerDeadline;
        Name = name;
        _command = command;
        _lines = command.ReadLinesAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        Watching = WatchAsync();
    }

    /// <summary>The container that the agent was started in; empty: one that is there without it.</summary>
    public string Name { get; }

    /// <summary>Cancelled when the agent has ended, and with it the lock.</summary>
    public CancellationToken Lost => _lost.Token;

    private Task Watching { get; }

    private Task Pinging { get; set; } = Task.CompletedTask;

    /// <summary>Starts the agent. Returns null, with why, when it does not come up.</summary>
    /// <param name="answerDeadline">How long an answer may take before the lock counts as lost; default: 30 s.</param>
    public static async Task<(AgentSession? Session, string Why)> StartAsync(
        string name,
        IRunningCommand command,
        CancellationToken cancellationToken,
        TimeSpan? answerDeadline = null
    )
    {
        var session = new AgentSession(name, command, answerDeadline ?? AnswerDeadline);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AnswerDeadline);
            if (
                await session._lines.MoveNextAsync().AsTask().WaitAsync(limit.Token)
                && session._lines.Current == "= ready"
            )
            {
                session.Pinging = session.PingAsync();
                return (session, "");
            }
            var ended = await command.Ended.WaitAsync(limit.Token);
            await session.DisposeAsync();
            return (null, ended.StandardError.Trim());
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the lock is known to be held: by an answer of this moment, or by asking.</summary>
    /// <exception cref="StepFailedException">It is lost.</exception>
    public Task ConfirmAsync(CancellationToken cancellationToken) =>
        !_lost.IsCancellationRequested && Stopwatch.GetElapsedTime(Volatile.Read(ref _answered)) < Fresh
            ? Task.CompletedTask
            : AskAsync("ping", cancellationToken);

    /// <summary>Sends one request and returns its answer's lines.</summary>
    /// <exception cref="StepFailedException">The agent refused, or is gone.</exception>
    public async Task<ImmutableArray<string>> AskAsync(string request, CancellationToken cancellationToken)
    {
        if (request.Contains('\n'))
            throw new ArgumentException("A request is one line.", nameof(request));
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // An answer that did not come in time may come yet: it must not be taken for that of a later request.
            if (_lost.IsCancellationRequested)
                throw new StepFailedException(
                    "the deploy lock was lost",
                    ["its container has ended, or does not answer any more"]
                );
            // From here on the answer is awaited whatever the caller's token says: a request that was sent may have
            // taken effect.
            await _command.WriteLineAsync(request, CancellationToken.None);
            var answer = ImmutableArray.CreateBuilder<string>();
            while (await _lines.MoveNextAsync().AsTask().WaitAsync(_answerDeadline, CancellationToken.None))
            {
                Volatile.Write(ref _answered, Stopwatch.GetTimestamp());
                if (_lines.Current == "= ok")
                    return answer.ToImmutable();
                if (_lines.Current == "= error")
                    throw new StepFailedException(
                        $"the host refused '{request.Split(' ')[0]}': {string.Join(" ", answer).Trim()}",
                        answer.ToImmutable()
                    );
                answer.Add(_lines.Current);
            }
            // Its output ends a moment before its program has ended: in that moment nobody may take the lock for held,
            // and undo something.
            await _lost.CancelAsync();
            throw new StepFailedException(
                "the deploy lock was lost",
                ["its container has ended: removed by hand, the engine stopped, or the connection to it broke"]
            );
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException)
        {
            await _lost.CancelAsync();
            throw new StepFailedException(
                "the deploy lock was lost",
                [$"its container does not answer: {exception.Message}"]
            );
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _command.DisposeAsync();
        await Pinging;
        await Watching;
        _done.Dispose();
        _turn.Dispose();
        _lost.Dispose();
    }

    /// <summary>
    /// Tells the agent now and then that somebody is there, and so learns by itself when the way to it is cut.
    /// </summary>
    private async Task PingAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_done.Token, _lost.Token);
        try
        {
            using var timer = new PeriodicTimer(PingInterval);
            while (await timer.WaitForNextTickAsync(stop.Token))
                await AskAsync("ping", stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or StepFailedException)
        {
            // Over, or lost: whoever asks next is told.
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            await _command.Ended;
        }
        catch (Exception exception)
            when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // Ended, one way or another.
        }
        await _lost.CancelAsync();
    }
}
