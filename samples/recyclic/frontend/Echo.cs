using System.Net.WebSockets;
using System.Text;

namespace Recyclic.Sample.Frontend;

/// <summary>
/// A WebSocket that tells the version when it opens and sends back what it gets: a session that a deploy must let
/// finish.
/// </summary>
internal sealed class Echo(Release release, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(2);

    public async Task RunAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "websocket";
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping
        );
        try
        {
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(release.Version),
                WebSocketMessageType.Text,
                endOfMessage: true,
                context.RequestAborted
            );
            await EchoAsync(socket, stop.Token, context.RequestAborted);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException)
        {
            // The client left without a word.
        }
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken stopping, CancellationToken aborted)
    {
        var buffer = new byte[4096];
        // A read in flight cannot be cancelled without aborting the socket, so it is left to run while the stop is
        // awaited beside it.
        var stopped = Task.Delay(Timeout.Infinite, stopping);
        while (true)
        {
            var receive = socket.ReceiveAsync(buffer.AsMemory(), aborted).AsTask();
            if (await Task.WhenAny(receive, stopped) == stopped)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
                limit.CancelAfter(CloseDeadline);
                await socket.CloseOutputAsync(
                    WebSocketCloseStatus.EndpointUnavailable,
                    "this version is going away",
                    limit.Token
                );
                await ((Task)receive.WaitAsync(limit.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
            var message = await receive;
            if (message.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, aborted);
                return;
            }
            await socket.SendAsync(
                buffer.AsMemory(0, message.Count),
                message.MessageType,
                message.EndOfMessage,
                aborted
            );
        }
    }
}
