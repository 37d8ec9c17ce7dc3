using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>
/// Requests to GitHub's REST interface. Reading is tried again after 5xx and broken connections; writing is not, since it might have
/// happened. Both are after a rate limit, which means that nothing has: GitHub says how long to wait.
/// </summary>
internal sealed class GitHubTransport(GitHubSettings settings, TimeProvider time) : IDisposable
{
    private const int MostTries = 3;
    private const int MostPages = 20;

    /// <summary>How long one request may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>A limit that lasts longer is not waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 16 * 1024 * 1024 };

    /// <summary>The answer to a GET; null: 404.</summary>
    public async Task<JsonNode?> ReadAsync(string path, CancellationToken cancellationToken) => (await SendAsync(HttpMethod.Get, AddressOf(path), null, cancellationToken)).Answer;

    /// <summary>The elements of all pages of a list.</summary>
    /// <param name="list">The answer's member that holds the list; null: the answer is the list.</param>
    public async Task<List<JsonNode>> ReadAllAsync(string path, string? list, CancellationToken cancellationToken)
    {
        var all = new List<JsonNode>();
        Uri? next = AddressOf(path);
        for (var page = 0; next is not null; page++)
        {
            if (page == MostPages) throw new GitHubException($"GET {path}: more than {MostPages} pages");
            var (answer, following) = await SendAsync(HttpMethod.Get, next, null, cancellationToken);
            if (answer is null) throw new GitHubException(NotFound("GET", path));
            all.AddRange(((list is null ? answer : answer[list]) as JsonArray ?? []).OfType<JsonNode>());
            next = following;
        }
        return all;
    }

    public async Task<JsonNode> WriteAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, AddressOf(path), body, cancellationToken)).Answer ?? throw new GitHubException(NotFound("POST", path));

    public void Dispose() => _client.Dispose();

    private Uri AddressOf(string path) => new($"{settings.Api.AbsoluteUri.TrimEnd('/')}/repos/{settings.Repository}{path}");

    private async Task<(JsonNode? Answer, Uri? Next)> SendAsync(HttpMethod method, Uri address, JsonObject? body, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var (answer, next, problem, pause) = await TryAsync(method, address, body, cancellationToken);
            if (problem is null) return (answer, next);
            if (pause is not { } wait || tried == MostTries) throw new GitHubException(problem);
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<(JsonNode? Answer, Uri? Next, string? Problem, TimeSpan? Pause)> TryAsync(HttpMethod method, Uri address, JsonObject? body, CancellationToken cancellationToken)
    {
        var what = $"{method} {address.AbsolutePath}";
        TimeSpan? again = method == HttpMethod.Get ? TimeSpan.FromSeconds(1) : null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("recyclic", null));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
            request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await _client.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            var status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode) return (Parse(text) ?? throw new JsonException("no JSON"), NextOf(response), null, null);
            if (status == 404 && method == HttpMethod.Get) return (null, null, null, null);
            if (IsLimited(response, status)) return (null, null, $"{what}: GitHub takes no more requests for now", WaitOf(response));
            return (null, null, Explain(what, status, text), status >= 500 ? again : null);
        }
        catch (JsonException)
        {
            return (null, null, $"{what}: the answer is no JSON; does GITHUB_API_URL name GitHub's interface?", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, null, $"{what}: no answer within {Deadline.TotalSeconds:0} s", again);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, null, $"{what}: {exception.Message}", again);
        }
    }

    private string Explain(string what, int status, string text)
    {
        var said = Parse(text)?["message"]?.ToString() is { Length: > 0 } message ? $", \"{string.Concat(message.Take(200).Select(c => char.IsControl(c) ? ' ' : c))}\"" : "";
        said = said.Replace(settings.Token, "***", StringComparison.Ordinal);
        return status switch
        {
            401 => $"{what}: GitHub does not accept the token (401{said})",
            403 => $"{what}: the token may not do that (403{said}); give the job the permission",
            404 => NotFound(what, ""),
            _ => $"{what}: status {status}{said}",
        };
    }

    private string NotFound(string method, string path) => $"{method}{(path.Length > 0 ? " " + path : "")}: {settings.Repository} is not there, or the token may not see it (404)";

    private static bool IsLimited(HttpResponseMessage response, int status) =>
        status == 429 || status == 403 && (response.Headers.RetryAfter is not null || Header(response, "x-ratelimit-remaining") == "0");

    /// <summary>How long to wait; null: too long.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow()
            : long.TryParse(Header(response, "x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset) && reset < 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(reset) - time.GetUtcNow()
            : TimeSpan.FromSeconds(5);
        return wait > LongestWait ? null : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>The next page, when it is at the same place: a token goes nowhere else.</summary>
    private Uri? NextOf(HttpResponseMessage response)
    {
        var links = string.Join(',', response.Headers.TryGetValues("Link", out var values) ? values : []).Split(',');
        var next = links.FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal))?.Split(';')[0].Trim(' ', '<', '>');
        return Uri.TryCreate(next, UriKind.Absolute, out var address) && address.GetLeftPart(UriPartial.Authority) == settings.Api.GetLeftPart(UriPartial.Authority) ? address : null;
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
