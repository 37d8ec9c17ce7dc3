using System.Text.Json;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Counts what the edge's log says while a deploy runs: requests served, and failed through no fault of the client.
/// </summary>
public sealed class RequestCounter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _counting;
    private RequestCount _count = new(0, 0);

    /// <summary>Begins to count, in the background, until it is disposed of.</summary>
    /// <param name="edgeRuns">False: nothing is counted.</param>
    public RequestCounter(IEdgeHost edge, string app, bool edgeRuns) =>
        _counting = edgeRuns ? Task.Run(() => CountAsync(edge, app)) : Task.CompletedTask;

    /// <summary>So far; the log comes a moment after the requests.</summary>
    public RequestCount Count => Volatile.Read(ref _count);

    /// <summary>What a line of the edge's log says of one request: whether it failed, and how long it was held.</summary>
    /// <returns>Null: another kind of line. A 5xx or a session that the server or the edge broke is a failure; one the
    /// client broke is not.</returns>
    public static (bool Failed, long HeldMs)? Read(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            using var entry = JsonDocument.Parse(line);
            return Read(entry.RootElement);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <exception cref="Exception">It is another kind of line: see <see cref="Read(string)"/>.</exception>
    internal static (bool Failed, long HeldMs)? Read(JsonElement entry)
    {
        var end = entry.GetProperty("end").GetString() ?? "--";
        var status = entry.GetProperty("status").GetInt32();
        // An edge of before says nothing of it.
        var held = entry.TryGetProperty("held", out var said) ? Math.Max(0, said.GetInt64()) : 0;
        if (end.Length == 0)
            return null;
        // What the edge refuses because it is no request of HTTP is its client's doing.
        if (end.StartsWith("PR", StringComparison.Ordinal) && status is >= 400 and < 500)
            return (false, held);
        return (end[0] is not ('C' or 'c') && (status >= 500 || status < 0 || end[0] is not ('-' or 'L')), held);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _counting;
        _stop.Dispose();
    }

    private async Task CountAsync(IEdgeHost edge, string app)
    {
        try
        {
            await foreach (var line in edge.FollowEdgeLogAsync(app, _stop.Token))
            {
                if (Read(line) is not var (failed, held))
                    continue;
                var before = Count;
                Volatile.Write(
                    ref _count,
                    new RequestCount(before.Total + 1, before.Failed + (failed ? 1 : 0))
                    {
                        Held = before.Held + (held > 0 ? 1 : 0),
                        LongestHeldMs = Math.Max(before.LongestHeldMs, held),
                    }
                );
            }
        }
        catch (Exception)
        {
            // The deploy is over, or the log broke off: what was counted stands, and counting never fails a deploy.
        }
    }
}
