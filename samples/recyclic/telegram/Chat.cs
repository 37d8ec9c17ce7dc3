using System.Collections.Immutable;

namespace Recyclic.Sample.BotApi;

/// <summary>What somebody wrote to the bot.</summary>
internal sealed record Incoming(int Id, DateTimeOffset At, string Text);

/// <summary>
/// Telegram's side of a bot: what was written to it, until it has taken it, and the one request that may wait for more.
/// </summary>
internal sealed class Chat(TimeProvider time)
{
    // Nobody writes on and on to a bot that does not answer.
    private const int MostWaiting = 10;

    private readonly Lock _lock = new();
    private readonly Queue<Incoming> _messages = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _waiting;
    private int _lastId;

    /// <summary>Whether a request waits.</summary>
    public bool IsPolled => Volatile.Read(ref _waiting) is not null;

    /// <summary>Somebody writes to the bot.</summary>
    public void Write(string text)
    {
        lock (_lock)
        {
            if (_messages.Count == MostWaiting)
                return;
            _messages.Enqueue(new Incoming(++_lastId, time.GetUtcNow(), text));
            _written.SetResult();
            _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Messages from an id on; those before it count as taken, and are forgotten.</summary>
    /// <param name="wait">How long to wait where there are none.</param>
    /// <returns>Null: another request has come meanwhile, and it alone is answered.</returns>
    public async Task<ImmutableArray<Incoming>?> PollAsync(int from, TimeSpan wait, CancellationToken cancellationToken)
    {
        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _waiting, other)?.SetResult();
        try
        {
            var deadline = Task.Delay(wait, time, cancellationToken);
            while (true)
            {
                var (messages, written) = Read(from);
                if (!messages.IsEmpty)
                    return messages;
                var first = await Task.WhenAny(other.Task, written, deadline);
                if (first == other.Task)
                    return null;
                if (first == deadline)
                {
                    await deadline;
                    return [];
                }
            }
        }
        finally
        {
            Interlocked.CompareExchange(ref _waiting, null, other);
        }
    }

    private (ImmutableArray<Incoming> Messages, Task Written) Read(int from)
    {
        lock (_lock)
        {
            while (_messages.TryPeek(out var oldest) && oldest.Id < from)
                _messages.Dequeue();
            return ([.. _messages], _written.Task);
        }
    }
}
