using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Text;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Running;
using Recyclic.Deploy.Smoke;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Asks by HTTP without a port of its own: a program in the edge's container connects to a container of the release, or
/// one in a gate's container to the gate, and what is said goes by that program's streams. So it is the same on a host
/// that is reached by ssh, nothing is public for it, and the edge that serves users is not changed.
/// </summary>
internal sealed class SmokeAsker(HostChanges changes, OutsideAsker outside)
{
    private const int LongestBody = 256 * 1024;

    /// <summary>What the program in the container says once it is connected.</summary>
    private const string Connected = "starting data transfer loop";

    /// <summary>Says nothing of who is there; those who ask for the address by this protocol take such a one.</summary>
    private static readonly byte[] NobodyByProxyProtocol = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x20, 0x00, 0x00, 0x00];

    /// <summary>See <see cref="Ports.IHealthSource.AskAsync(SmokePlace, HttpQuestion, CancellationToken)"/>.</summary>
    public async Task<HttpAnswer> AskAsync(SmokePlace place, HttpQuestion question, CancellationToken cancellationToken)
    {
        var (container, address) = (place.ContainerId, "127.0.0.1");
        if (!place.IsGate)
        {
            var (found, why) = await outside.FindAsync(place.ContainerId, cancellationToken);
            (container, address) = found ?? throw new StepFailedException(why, []);
        }
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var program = changes.StartProbe(
            EdgeCommands.Converse(container, address, place.Port),
            line =>
            {
                if (line.Contains(Connected, StringComparison.Ordinal))
                    connected.TrySetResult();
            }
        );
        await Task.WhenAny(connected.Task, program.Ended).WaitAsync(cancellationToken);
        if (!connected.Task.IsCompleted)
            throw new StepFailedException(Silence(await program.Ended, place), []);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (place.ProxyProtocol)
                await program.Input.WriteAsync(NobodyByProxyProtocol, cancellationToken);
            return await AskAsync(
                place,
                question,
                new DuplexStream(program.Output, program.Input),
                started,
                cancellationToken
            );
        }
        catch (HttpRequestException exception)
        {
            throw new StepFailedException(
                $"gives no answer of HTTP: {PrintableText.Of((exception.InnerException ?? exception).Message, 200)}",
                []
            );
        }
    }

    private static async Task<HttpAnswer> AskAsync(
        SmokePlace place,
        HttpQuestion question,
        Stream connection,
        long started,
        CancellationToken cancellationToken
    )
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = (_, _) => ValueTask.FromResult(connection),
            // The release is tested, on its own host; whose certificate it is, others look at.
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
        };
        using var client = new HttpMessageInvoker(handler);
        using var request = ToRequest(place, question);
        using var response = await client.SendAsync(request, cancellationToken);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = await ReadAsync(content, cancellationToken);
        return new HttpAnswer(
            (int)response.StatusCode,
            [
                .. response
                    .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                    .SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value)),
            ],
            Encoding.UTF8.GetString(body),
            Stopwatch.GetElapsedTime(started)
        );
    }

    private static HttpRequestMessage ToRequest(SmokePlace place, HttpQuestion question)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(question.Method),
            new Uri($"{(place.IsTls ? "https" : "http")}://{question.Host}{question.Path}")
        )
        {
            Version = place.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = question.Body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(question.Body)),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "recyclic-smoke-test");
        foreach (var (name, value) in question.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<byte[]> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestBody];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                break;
            length += read;
        }
        return buffer[..length];
    }

    private static string Silence(CommandResult ended, SmokePlace place) =>
        ended.StandardError.Contains("refused", StringComparison.OrdinalIgnoreCase)
            ? $"does not listen on port {place.Port}"
            : $"cannot be asked on port {place.Port}: {PrintableText.Of(ended.StandardError.Trim(), 300)}";
}
