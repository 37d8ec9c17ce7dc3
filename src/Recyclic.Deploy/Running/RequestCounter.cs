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
    private long _total;
    private long _failed;

    /// <summary>Begins to count, in the background, until it is disposed of.</summary>
    /// <param name="edgeRuns">False: nothing is counted.</param>
    public RequestCounter(IEdgeHost edge, string app, bool edgeRuns) =>
        _counting = edgeRuns ? Task.Run(() => CountAsync(edge, app)) : Task.CompletedTask;

    /// <summary>So far; the log comes a moment after the requests.</summary>
    public RequestCount Count => new(Interlocked.Read(ref _total), Interlocked.Read(ref _failed));

    /// <summary>Whether a line of the edge's log is a request, and whether that request failed.</summary>
    /// <returns>Null: another kind of line. A 5xx or a session that the server or the edge broke is a failure; one the
    /// client broke is not.</returns>
    public static bool? Failed(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            using var entry = JsonDocument.Parse(line);
            var end = entry.RootElement.GetProperty("end").GetString() ?? "--";
            var status = entry.RootElement.GetProperty("status").GetInt32();
            if (end[0] is 'C' or 'c')
                return false;
            return status >= 500 || status < 0 || end[0] is not ('-' or 'L');
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or IndexOutOfRangeException
            )
        {
            return null;
        }
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
                if (Failed(line) is not { } failed)
                    continue;
                Interlocked.Increment(ref _total);
                if (failed)
                    Interlocked.Increment(ref _failed);
            }
        }
        catch (Exception)
        {
            // The deploy is over, or the log broke off: what was counted stands, and counting never fails a deploy.
        }
    }
}
