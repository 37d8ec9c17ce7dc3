using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Recyclic.Sample.Frontend;

namespace Recyclic.Sample.Tests;

public sealed class ApiForwardingTests
{
    private const string Created =
        "HTTP/1.1 201 Created\r\nX-Version: api0001\r\nX-Service: api\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static readonly Release Release = new("frontend", "web0001", Fault.None, TimeProvider.System);

    [Test, CancelAfter(60_000)]
    public async Task Status_headers_and_body_are_the_apis_with_our_version_beside_them(
        CancellationToken cancellationToken
    )
    {
        var (answer, requests) = await ForwardAsync(
            HttpMethod.Post,
            "/api/items/a%20b?x=1",
            "body",
            cancellationToken,
            Created
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.GetValues("X-Version").ShouldBe(["api0001"]);
        answer.Headers.GetValues("X-Service").ShouldBe(["api"]);
        answer.Headers.GetValues("X-Frontend-Version").ShouldBe(["web0001"]);
        (await answer.Content.ReadAsStringAsync(cancellationToken)).ShouldBe("ok");
        requests[0].ShouldStartWith("POST /items/a%20b?x=1 HTTP/1.1\r\n");
        requests[0].ShouldNotContain("X-Hop");
        requests[0].ShouldContain("X-Forwarded-For: 127.0.0.1");
    }

    [CancelAfter(60_000)]
    [TestCase("body")]
    [TestCase("")]
    public async Task A_post_that_lost_its_connection_may_have_counted_and_is_not_repeated(
        string body,
        CancellationToken cancellationToken
    )
    {
        var (answer, requests) = await ForwardAsync(HttpMethod.Post, "/api/items", body, cancellationToken, "");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        answer.Headers.GetValues("X-Service").ShouldBe(["frontend"]);
        answer.Headers.GetValues("X-Version").ShouldBe(["web0001"]);
        requests.Count.ShouldBe(1);
    }

    /// <summary>
    /// Forwards one request to an api that takes one connection for each answer; an empty answer closes without a word.
    /// </summary>
    private static async Task<(HttpResponseMessage Answer, List<string> Requests)> ForwardAsync(
        HttpMethod method,
        string path,
        string body,
        CancellationToken cancellationToken,
        params string[] answers
    )
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var api = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_ => new ApiClient(api));
        builder.Services.AddHttpForwarder();
        await using var app = builder.Build();
        app.UseReleaseHeaders(Release);
        app.MapApi(api, Release);
        await app.StartAsync(cancellationToken);

        var serving = ServeAsync(listener, answers, cancellationToken);
        using var client = new HttpClient
        {
            BaseAddress = new Uri(
                app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            ),
        };
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body) };
        request.Headers.ProxyAuthorization = new("X-Hop");
        var answer = await client.SendAsync(request, cancellationToken);
        var requests = await serving;
        listener.Pending().ShouldBeFalse("the api was asked more often than it was told to answer");
        return (answer, requests);
    }

    private static async Task<List<string>> ServeAsync(
        TcpListener listener,
        string[] answers,
        CancellationToken cancellationToken
    )
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
}
