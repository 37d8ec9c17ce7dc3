using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Everyday;

/// <summary>
/// Pure: puts lines that come by and by, from several containers, in the order in which they were written. Each is held for
/// a moment, for an earlier one that is still on its way.
/// </summary>
internal sealed class LogOrdering
{
    /// <summary>How long a line waits for earlier ones.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>More are not held, whatever may still come.</summary>
    public const int Most = 10_000;

    private readonly PriorityQueue<
        (LogSource Source, LoggedLine Line, TimeSpan At),
        (DateTimeOffset Written, long Number)
    > _held = new();
    private long _number;

    public bool IsEmpty => _held.Count == 0;

    public bool IsFull => _held.Count >= Most;

    /// <param name="at">When it came, by any clock that only goes forward.</param>
    public void Add(LogSource source, LoggedLine line, TimeSpan at) =>
        _held.Enqueue((source, line, at), (line.At, _number++));

    /// <summary>What need not wait any longer, the earliest first.</summary>
    /// <param name="at">Now; null: nothing else comes.</param>
    public IEnumerable<(LogSource Source, LoggedLine Line)> Take(TimeSpan? at)
    {
        while (_held.TryPeek(out var held, out _) && (at is null || IsFull || at - held.At >= Patience))
        {
            _held.Dequeue();
            yield return (held.Source, held.Line);
        }
    }
}
