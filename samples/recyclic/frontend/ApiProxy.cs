using Microsoft.Extensions.Primitives;

namespace Recyclic.Sample.Frontend;

/// <summary>Forwards <c>/api/*</c> to the api and streams both bodies.</summary>
internal sealed class ApiProxy(ApiClient api, Release release, ILogger<ApiProxy> log)
{
    /// <summary>Until the first byte of an answer; the slowest honest one takes 30 s.</summary>
    private static readonly TimeSpan HeadersDeadline = TimeSpan.FromSeconds(35);

    // Headers that belong to one connection, and those of our own that the api's answer replaces.
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
    };

    public async Task ForwardAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        context.Response.Headers["X-Frontend-Version"] = release.Version;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HeadersDeadline);
        try
        {
            using var answer = await SendAsync(context.Request, deadline.Token);
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            CopyAnswerHead(answer, context.Response);
            await answer.Content.CopyToAsync(context.Response.Body, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client went away, nobody is left to answer.
        }
        catch (OperationCanceledException)
        {
            await FailAsync(context, 504, $"the api did not answer within {HeadersDeadline.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            await FailAsync(context, 502, $"the api cannot be reached: {failure.GetBaseException().Message}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequest incoming, CancellationToken cancellationToken)
    {
        var repeatable = HttpMethods.IsGet(incoming.Method) && !HasBody(incoming);
        try
        {
            using var request = ToApi(incoming);
            return await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        // Once: the api's container may just have been replaced. A connection that opened and then died without an answer
        // needs nothing here: for a request without a body the handler has already tried another.
        catch (HttpRequestException failure) when (repeatable && failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            log.LogInformation("GET {Path} is sent once more: {Reason}", incoming.Path, failure.Message);
            using var request = ToApi(incoming);
            return await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
    }

    private static HttpRequestMessage ToApi(HttpRequest incoming)
    {
        incoming.Path.StartsWithSegments("/api", out var rest);
        var target = (rest.HasValue ? rest.ToUriComponent() : "/") + incoming.QueryString.ToUriComponent();
        var request = new HttpRequestMessage(HttpMethod.Parse(incoming.Method), new Uri(target, UriKind.Relative));
        // An empty body, where there is none, tells the handler that it must not send this again by itself.
        if (HasBody(incoming))
            request.Content = new StreamContent(incoming.Body);
        else if (!HttpMethods.IsGet(incoming.Method) && !HttpMethods.IsHead(incoming.Method))
            request.Content = new ByteArrayContent([]);
        foreach (var (name, values) in incoming.Headers)
        {
            if (!NotForwarded.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
        }
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", incoming.HttpContext.Connection.RemoteIpAddress?.ToString());
        if (!incoming.Headers.ContainsKey("X-Forwarded-Host"))
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", incoming.Host.Value);
        return request;
    }

    private static bool HasBody(HttpRequest incoming) => incoming.ContentLength > 0 || incoming.Headers.TransferEncoding.Count > 0;

    private static void CopyAnswerHead(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!NotForwarded.Contains(name))
                response.Headers[name] = new StringValues([.. values]);
        }
    }

    private async Task FailAsync(HttpContext context, int status, string reason)
    {
        log.LogWarning("{Method} {Path}: {Reason}", context.Request.Method, context.Request.Path, reason);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }
        context.Response.Clear();
        context.Response.Headers["X-Version"] = release.Version;
        context.Response.Headers["X-Service"] = release.Service;
        context.Response.Headers["X-Frontend-Version"] = release.Version;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new ErrorAnswer(reason), SampleJson.Default.ErrorAnswer, cancellationToken: context.RequestAborted);
    }
}
