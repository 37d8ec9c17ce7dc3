using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What edges log: the one that is there, and any that is started while somebody reads.</summary>
internal sealed class EdgeLog(DockerCli docker, HostReader reader)
{
    private readonly ConcurrentDictionary<Channel<string>, Func<string, Task>> _readers = [];

    /// <summary>One was started: whoever reads is told what it logs from its beginning.</summary>
    public void Add(string edge)
    {
        foreach (var follow in _readers.Values)
            _ = follow(edge);
    }

    public async IAsyncEnumerable<string> FollowAsync(
        string app,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = Channel.CreateUnbounded<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = new ConcurrentDictionary<string, Task>();
        _readers[lines] = edge => following.GetOrAdd(edge, id => CopyAsync(id, "all", lines.Writer, stop.Token));
        try
        {
            if (await reader.FindEdgeAsync(app, cancellationToken) is { } there)
                _ = following.GetOrAdd(there.Id, id => CopyAsync(id, "0", lines.Writer, stop.Token));
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
                yield return line;
        }
        finally
        {
            _readers.TryRemove(lines, out _);
            await stop.CancelAsync();
            await Task.WhenAll(following.Values);
        }
    }

    /// <summary>What the edge that is there has kept of a time.</summary>
    public async IAsyncEnumerable<LoggedLine> ReadAsync(
        string app,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (await reader.FindEdgeAsync(app, cancellationToken) is not { } edge)
            yield break;
        await using var logs = docker.StartStream(
            "logs",
            "--timestamps",
            "--since",
            Seconds(from),
            "--until",
            Seconds(until),
            edge.Id
        );
        await foreach (var line in logs.ReadLinesAsync(cancellationToken))
            if (
                line.Split(' ', 2) is [var at, var text]
                && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var time)
            )
                yield return new LoggedLine(time, text);

        static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }

    private async Task CopyAsync(
        string edge,
        string tail,
        ChannelWriter<string> lines,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var logs = docker.StartStream("logs", "--follow", "--tail", tail, edge);
            await foreach (var line in logs.ReadLinesAsync(cancellationToken))
                await lines.WriteAsync(line, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
    }
}
