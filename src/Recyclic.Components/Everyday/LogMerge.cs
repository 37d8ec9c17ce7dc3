using System.Runtime.CompilerServices;
using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Everyday;

/// <summary>Logs that have an end as one, by time.</summary>
internal static class LogMerge
{
    /// <summary>
    /// All lines of all logs, the earliest first; of each log no more than one line is held.
    /// </summary>
    public static async IAsyncEnumerable<(LogSource Source, LoggedLine Line)> OfAsync(
        IReadOnlyList<(LogSource Source, IAsyncEnumerable<LoggedLine> Lines)> logs,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var readers = logs.Select(log => log.Lines.GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            var first = await Task.WhenAll(readers.Select(reader => reader.MoveNextAsync().AsTask()));
            var next = new PriorityQueue<int, (DateTimeOffset, int)>();
            for (var log = 0; log < readers.Count; log++)
                if (first[log])
                    next.Enqueue(log, (readers[log].Current.At, log));
            while (next.TryDequeue(out var log, out _))
            {
                yield return (logs[log].Source, readers[log].Current);
                if (await readers[log].MoveNextAsync())
                    next.Enqueue(log, (readers[log].Current.At, log));
            }
        }
        finally
        {
            foreach (var reader in readers)
                await reader.DisposeAsync();
        }
    }
}
