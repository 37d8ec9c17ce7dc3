using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>
/// What Octokit's requests go through. Reading is tried again after 5xx and broken connections; writing is not, since
/// it might have happened. Both are after a rate limit, which means that nothing has: GitHub says how long to wait. A
/// refusal is told in words. </summary>
internal sealed class GitHubAnswers(GitHubSettings settings, TimeProvider time)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private const int MostTries = 3;
    private const int MostPages = 20;

    /// <summary>How long one request may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>A limit that lasts longer is not waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private CancellationToken _cancellation;
    private int _pages;

    /// <summary>
    /// Says that a call begins, which may be several requests: Octokit hands on no token, and follows pages without
    /// end.
    /// </summary>
    public void Begin(CancellationToken cancellationToken) => (_cancellation, _pages) = (cancellationToken, 0);

    /// <exception cref="GitHubException">GitHub did not do it, or did not say.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation);
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        if (request.Method == HttpMethod.Get && ++_pages > MostPages)
            throw new GitHubException($"{what}: more than {MostPages} pages");
        request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", "2022-11-28");
        for (var tried = 1; ; tried++)
        {
            var (response, problem, pause) = await TryAsync(what, request, either.Token);
            if (response is not null)
                return response;
            if (pause is not { } wait || tried == MostTries)
                throw new GitHubException(problem!);
            await Task.Delay(wait, time, either.Token);
        }
    }

    /// <summary>For what is not there, or hidden.</summary>
    public string NotFound(string what) =>
        $"{what}: {settings.Repository} is not there, or the token may not see it (404)";

    private async Task<(HttpResponseMessage? Response, string? Problem, TimeSpan? Pause)> TryAsync(
        string what,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        TimeSpan? again = request.Method == HttpMethod.Get ? TimeSpan.FromSeconds(1) : null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            var response = await base.SendAsync(request, limit.Token);
            await response.Content.LoadIntoBufferAsync(limit.Token);
            var status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
                return (await WhyNotUnderstoodAsync(request, response, limit.Token)) is { } why
                    ? (null, $"{what}: {why}; does GITHUB_API_URL name GitHub's interface?", null)
                    : (response, null, null);
            // Whether that is a failure is for who asked to say.
            if (status == 404 && request.Method == HttpMethod.Get)
                return (response, null, null);
            if (IsLimited(response, status))
                return (null, $"{what}: GitHub takes no more requests for now", WaitOf(response));
            return (
                null,
                Explain(what, status, response, await response.Content.ReadAsStringAsync(limit.Token)),
                status >= 500 ? again : null
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"{what}: no answer within {Deadline.TotalSeconds:0} s", again);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, $"{what}: {exception.Message}", again);
        }
    }

    private string Explain(string what, int status, HttpResponseMessage response, string text)
    {
        var said = MessageOf(text) is { Length: > 0 } message
            ? $", \"{string.Concat(message.Take(200).Select(c => char.IsControl(c) ? ' ' : c))}\""
            : "";
        said = said.Replace(settings.Token, "***", StringComparison.Ordinal);
        var right = Header(response, "X-Accepted-GitHub-Permissions") is { Length: > 0 and < 200 } needed
            ? $" {needed.Replace('=', ':')}"
            : "";
        return status switch
        {
            401 => $"{what}: GitHub does not accept the token (401{said})",
            403 => $"{what}: the token may not do that (403{said}); give the job the permission{right}",
            404 => NotFound(what),
            _ => $"{what}: status {status}{said}",
        };
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsLimited(HttpResponseMessage response, int status) =>
        status == 429
        || status == 403
            && (response.Headers.RetryAfter is not null || Header(response, "x-ratelimit-remaining") == "0");

    /// <summary>How long to wait; null: too long.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        var wait =
            response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow()
            : long.TryParse(
                Header(response, "x-ratelimit-reset"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var reset
            )
            && reset < 253402300799
                ? DateTimeOffset.FromUnixTimeSeconds(reset) - time.GetUtcNow()
            : TimeSpan.FromSeconds(5);
        return wait > LongestWait ? null
            : wait > TimeSpan.Zero ? wait
            : TimeSpan.Zero;
    }

    /// <summary>What is not understood is no answer; null: it is.</summary>
    private async Task<string?> WhyNotUnderstoodAsync(
        HttpRequestMessage request,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        if (!IsJson(response))
            return "the answer is no JSON";
        // A token goes nowhere else, and half a list is no answer.
        if (IsContinuedElsewhere(response))
            return "the answer goes on at another address";
        return
            request.Method == HttpMethod.Get
            && AnswerShape.WhyNot(
                request.RequestUri!.AbsolutePath,
                await response.Content.ReadAsStringAsync(cancellationToken)
            )
                is { } shape
            ? $"the answer is not what GitHub's interface gives ({shape})"
            : null;
    }

    private bool IsContinuedElsewhere(HttpResponseMessage response)
    {
        var links = response.Headers.TryGetValues("Link", out var values) ? string.Join(',', values).Split(',') : [];
        var here = settings.Api.GetLeftPart(UriPartial.Authority);
        return links.Any(link =>
            !Uri.TryCreate(link.Split(';')[0].Trim(' ', '<', '>'), UriKind.Absolute, out var address)
            || address.GetLeftPart(UriPartial.Authority) != here
        );
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static string? MessageOf(string text)
    {
        try
        {
            return (JsonNode.Parse(text) as JsonObject)?["message"]?.ToString();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
