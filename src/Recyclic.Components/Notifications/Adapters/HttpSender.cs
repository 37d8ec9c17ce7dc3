using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Recyclic.Components.Notifications.Adapters;

/// <summary>Where a message goes.</summary>
/// <param name="Secrets">What an answer may not repeat into a warning.</param>
/// <param name="MayRepeat">Whether the receiver takes a second copy for the first one.</param>
internal sealed record Destination(Uri Address, string[] Secrets, bool MayRepeat = false);

/// <summary>
/// Posts JSON, at most twice and within one deadline. A second try is made only where it cannot tell people twice: the
/// connection was never made, so nothing was sent; the receiver said 429, so it took nothing; or it merges copies
/// (PagerDuty, by dedup_key), and then after a 5xx or a broken connection too.
/// </summary>
internal sealed class HttpSender(NotifyOptions options)
{
    private const int LongestAnswer = 2048;
    private const int LongestExcerpt = 120;

    // One client for all senders, made when the first message is sent. Redirects are refused: they would turn the POST
    // into a GET that delivers nothing, or carry a secret to another host.
    private static readonly Lazy<HttpClient> Client = new(() =>
        new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("recyclic", null) } },
        }
    );

    private enum Verdict
    {
        Delivered,
        Refused,
        WorthAnotherTry,
    }

    /// <summary>Null: delivered. Otherwise why not, in one line without secrets.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<string?> PostAsync(Destination destination, byte[] json, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Deadline, options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var started = options.Time.GetTimestamp();
        try
        {
            var first = await TryAsync(destination, json, stop.Token);
            if (first.Verdict != Verdict.WorthAnotherTry)
                return first.Reason;
            var pause = first.RetryAfter ?? options.Pause;
            if (pause >= options.Deadline - options.Time.GetElapsedTime(started))
                return first.Reason
                    + (
                        first.RetryAfter is { } asked
                            ? Invariant($" (asks for a pause of {asked.TotalSeconds:0} s)")
                            : ""
                    );
            await Task.Delay(pause, options.Time, stop.Token);
            return (await TryAsync(destination, json, stop.Token)).Reason;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Invariant($"no answer within {options.Deadline.TotalSeconds:0.##} s");
        }
    }

    private static async Task<(Verdict Verdict, string? Reason, TimeSpan? RetryAfter)> TryAsync(
        Destination destination,
        byte[] json,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, destination.Address)
            {
                Content = new ByteArrayContent(json)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
                },
            };
            using var response = await Client.Value.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (response.IsSuccessStatusCode)
                return (Verdict.Delivered, null, null);
            var verdict =
                response.StatusCode == HttpStatusCode.TooManyRequests
                || (destination.MayRepeat && (int)response.StatusCode >= 500)
                    ? Verdict.WorthAnotherTry
                    : Verdict.Refused;
            var excerpt = await ExcerptAsync(response, destination.Secrets, cancellationToken);
            return (verdict, $"answered {(int)response.StatusCode}{excerpt}", RetryAfter(response));
        }
        catch (HttpRequestException exception)
        {
            // Neither the exception's message nor its inner ones are told: they name the host, which is part of a
            // secret address.
            var (reason, sent) = exception.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => ("host name not found", false),
                HttpRequestError.ConnectionError => ("no connection", false),
                HttpRequestError.SecureConnectionError => ("no TLS connection", false),
                HttpRequestError.ProxyTunnelError => ("no connection through the proxy", false),
                HttpRequestError.ResponseEnded => ("the connection broke before an answer", true),
                _ => ("no valid HTTP answer", true),
            };
            return (!sent || destination.MayRepeat ? Verdict.WorthAnotherTry : Verdict.Refused, reason, null);
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => Max(date - (response.Headers.Date ?? DateTimeOffset.UtcNow), TimeSpan.Zero),
            _ => null,
        };

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    /// <summary>The start of an answer that explains a refusal; nothing of one that repeats a secret.</summary>
    private static async Task<string> ExcerptAsync(
        HttpResponseMessage response,
        string[] secrets,
        CancellationToken cancellationToken
    )
    {
        var buffer = new byte[LongestAnswer];
        int length;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status is the news; an explanation that does not come in time is done without.
            return "";
        }
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        if (secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)))
            return "";
        var excerpt = NoticeText.Value(text, LongestExcerpt);
        return excerpt.Length == 0 ? "" : ": " + excerpt;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
