using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What containers wrote.</summary>
public sealed partial class EngineClient
{
    private const int LogBuffer = 32 * 1024;

    /// <summary>
    /// The lines of a container's log, both streams in the order in which the engine got them; none of one that is gone.
    /// </summary>
    /// <exception cref="StepFailedException">The engine keeps no log that can be read, or broke off.</exception>
    internal async IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string container,
        LogQuestion question,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await ConnectAsync(cancellationToken);
        // A connection each: one that is followed lasts, and must not take the place of questions.
        using var client = Client(_version);
        using var stream = await OpenLogAsync(client, container, question, cancellationToken);
        if (stream is null)
            yield break;
        var lines = new Dictionary<MultiplexedStream.TargetStream, LogFraming>();
        var buffer = new byte[LogBuffer];
        while (await ReadAsync(stream, buffer, question.Follows, cancellationToken) is { EOF: false } read)
        {
            if (!lines.TryGetValue(read.Target, out var framing))
                lines[read.Target] = framing = new LogFraming();
            foreach (var line in framing.Take(buffer.AsMemory(0, read.Count)))
                yield return line;
        }
        foreach (var framing in lines.Values)
            if (framing.Rest() is { } rest)
                yield return rest;
    }

    /// <summary>Null: there is no such container, or it is being removed.</summary>
    private static async Task<MultiplexedStream?> OpenLogAsync(
        DockerClient client,
        string container,
        LogQuestion question,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Of one that has written nothing yet the answer begins with its first line.
        if (!question.Follows)
            limit.CancelAfter(AnswerDeadline);
        try
        {
            return await client.Containers.GetContainerLogsAsync(
                PathOf(container),
                new ContainerLogsParameters
                {
                    ShowStdout = true,
                    ShowStderr = true,
                    Timestamps = true,
                    Follow = question.Follows,
                    Tail = question.Last?.ToString(CultureInfo.InvariantCulture) ?? "all",
                    Since = question.Since is { } since ? Moment(since) : null,
                },
                limit.Token
            );
        }
        catch (DockerApiException exception)
            when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
        catch (Exception exception) when (Broke(exception, cancellationToken) is { } why)
        {
            throw new StepFailedException($"the engine gives no log: {why}", []);
        }
    }

    private static async Task<MultiplexedStream.ReadResult> ReadAsync(
        MultiplexedStream stream,
        byte[] buffer,
        bool follows,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!follows)
            limit.CancelAfter(AnswerDeadline);
        try
        {
            return await stream.ReadOutputAsync(buffer, 0, buffer.Length, limit.Token);
        }
        catch (Exception exception) when (Broke(exception, cancellationToken) is { } why)
        {
            throw new StepFailedException($"the engine broke off: {why}", []);
        }
    }

    /// <summary>Why an answer does not come; null: it is not wanted any more, or that is none of ours.</summary>
    private static string? Broke(Exception exception, CancellationToken cancellationToken) =>
        exception
            is HttpRequestException
                or IOException
                or DockerApiException
                or TimeoutException
                or ObjectDisposedException
                or OperationCanceledException
        && !cancellationToken.IsCancellationRequested
            ? exception.Message.ReplaceLineEndings(" ").Trim()
            : null;

    /// <summary>Seconds with nine digits behind the point, as the engine reads a moment.</summary>
    private static string Moment(DateTimeOffset time)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:000000000}"
        );
    }
}
