using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Recyclic.Sample.Frontend;

namespace Recyclic.Sample.Tests;

public sealed class ApiProxyTests
{
    private const string Created = "HTTP/1.1 201 Created\r\nX-Version: api0001\r\nX-Service: api\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static readonly Release Release = new("frontend", "web0001", Fault.None, TimeProvider.System);

    [Test, CancelAfter(20_000)]
    public async Task Status_headers_and_body_are_the_apis_with_our_version_beside_them(CancellationToken cancellationToken)
    {
        var (context, requests) = await ForwardAsync("POST", "/api/items/a%20b", "?x=1", "body", cancellationToken, Created);
        context.Response.StatusCode.ShouldBe(201);
        context.Response.Headers["X-Version"].ToString().ShouldBe("api0001");
        context.Response.Headers["X-Service"].ToString().ShouldBe("api");
        context.Response.Headers["X-Frontend-Version"].ToString().ShouldBe("web0001");
        context.Response.Headers.ContainsKey("Connection").ShouldBeFalse();
        Body(context).ShouldBe("ok");
        requests[0].ShouldStartWith("POST /items/a%20b?x=1 HTTP/1.1\r\n");
        requests[0].ShouldNotContain("X-Hop");
    }

    [Test, CancelAfter(20_000)]
    public async Task A_get_that_lost_its_connection_is_sent_once_more(CancellationToken cancellationToken)
    {
        var (context, requests) = await ForwardAsync("GET", "/api/version", "", "", cancellationToken, "", Created);
        context.Response.StatusCode.ShouldBe(201);
        requests.Count.ShouldBe(2);
    }

    [CancelAfter(20_000)]
    [TestCase("body")]
    [TestCase("")]
    public async Task A_post_that_lost_its_connection_may_have_counted_and_is_not_repeated(string body, CancellationToken cancellationToken)
    {
        var (context, requests) = await ForwardAsync("POST", "/api/items", "", body, cancellationToken, "");
        context.Response.StatusCode.ShouldBe(502);
        context.Response.Headers["X-Service"].ToString().ShouldBe("frontend");
        Body(context).ShouldContain("the api cannot be reached");
        requests.Count.ShouldBe(1);
    }

    /// <summary>Forwards one request to an api that takes one connection for each answer; an empty answer closes without a word.</summary>
    private static async Task<(DefaultHttpContext Context, List<string> Requests)> ForwardAsync(
        string method, string path, string query, string body, CancellationToken cancellationToken, params string[] answers)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var api = new ApiClient(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        var context = new DefaultHttpContext { RequestAborted = cancellationToken };
        (context.Request.Method, context.Request.Scheme, context.Request.Host) = (method, "http", new HostString("shop.example"));
        (context.Request.Path, context.Request.QueryString) = (PathString.FromUriComponent(path), new QueryString(query));
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentLength = body.Length == 0 ? null : body.Length;
        context.Request.Headers["Proxy-Authorization"] = "X-Hop";
        context.Response.Body = new MemoryStream();

        var serving = ServeAsync(listener, answers, cancellationToken);
        await new ApiProxy(api, Release, NullLogger<ApiProxy>.Instance).ForwardAsync(context);
        var requests = await serving;
        listener.Pending().ShouldBeFalse("the api was asked more often than it was told to answer");
        return (context, requests);
    }

    private static async Task<List<string>> ServeAsync(TcpListener listener, string[] answers, CancellationToken cancellationToken)
    {
        var requests = new List<string>();
        var buffer = new byte[4096];
        foreach (var answer in answers)
        {
            using var caller = await listener.AcceptTcpClientAsync(cancellationToken);
            var stream = caller.GetStream();
            requests.Add(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, cancellationToken)));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellationToken);
        }
        return requests;
    }

    private static string Body(DefaultHttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
