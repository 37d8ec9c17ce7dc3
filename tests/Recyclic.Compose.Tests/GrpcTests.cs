using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Recyclic.Certificates;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// gRPC over a deploy, by the client that .NET has for it. The service is in this process; its containers hand on to it.
/// </summary>
[Category("Docker"), CancelAfter(290_000), NonParallelizable]
public sealed class GrpcTests
{
    private const string App = "cmp-grpc";
    private const int Secure = 17853;

    private static readonly Method<string, string> Ask = Called(MethodType.Unary, "Ask");
    private static readonly Method<string, string> Talk = Called(MethodType.DuplexStreaming, "Talk");

    [Test]
    public async Task Calls_and_streams_with_their_trailers_go_through_a_deploy(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        using var folder = new TemporaryFolder();
        await using var stack = new Stack(App, "one-off.yml") { ComposeFile = folder["compose.yml"] };
        await stack.RemoveAsync();
        await using var first = await ServeAsync("v1");
        await using var second = await ServeAsync("v2");
        var pair = TestCertificate.For("shop.test");
        await File.WriteAllTextAsync(folder["tls.pem"], pair.Certificate + pair.Key, cancellationToken);
        await WriteAsync(stack, cancellationToken);
        var docker = new DockerCli(new ProcessCommandRunner());
        using (var engine = new EngineClient(docker))
            await new EdgeImage(docker, engine).EnsureAsync(cancellationToken);
        foreach (var (tag, port) in new[] { ("v1", PortOf(first)), ("v2", PortOf(second)) })
            await RelayAsync(tag, port, folder, cancellationToken);
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));

        using var channel = GrpcChannel.ForAddress(
            $"https://shop.test:{Secure}",
            new GrpcChannelOptions { HttpHandler = TlsLoad.Handler([]), DisposeHttpClient = true }
        );
        var invoker = channel.CreateCallInvoker();
        using var talk = invoker.AsyncDuplexStreamingCall(
            Talk,
            null,
            new CallOptions(cancellationToken: cancellationToken)
        );
        (await SayAsync(talk, "before", cancellationToken)).ShouldBe("v1 before");

        using var over = new CancellationTokenSource();
        var seen = new ConcurrentDictionary<string, int>();
        var calling = CallAsync(invoker, seen, over.Token);
        var deploying = stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--drain-timeout", "60");
        await Eventually.TrueAsync(
            () => Task.FromResult(seen.ContainsKey("v2") || deploying.IsCompleted),
            "a call is answered by the new release",
            cancellationToken
        );
        (await SayAsync(talk, "after", cancellationToken)).ShouldBe("v1 after", "a stream stays where it began");
        await talk.RequestStream.CompleteAsync();
        (await talk.ResponseStream.MoveNext(cancellationToken)).ShouldBeFalse();
        talk.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        talk.GetTrailers().GetValue("x-version").ShouldBe("v1");
        Good(await deploying);
        await over.CancelAsync();
        await calling;
        seen.Keys.ShouldBe(["v1", "v2"], ignoreOrder: true);
        TestContext.Out.WriteLine($"{seen.Values.Sum()} calls, none failed");

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await invoker.AsyncUnaryCall(Ask, null, new CallOptions(cancellationToken: cancellationToken), "refuse me")
        );
        (refused.StatusCode, refused.Status.Detail).ShouldBe((StatusCode.PermissionDenied, "not you"));
        refused.Trailers.GetValue("x-version").ShouldBe("v2");
    }

    private static async Task CallAsync(
        CallInvoker invoker,
        ConcurrentDictionary<string, int> seen,
        CancellationToken over
    )
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!over.IsCancellationRequested)
        {
            await tick.WaitForNextTickAsync(CancellationToken.None);
            using var call = invoker.AsyncUnaryCall(
                Ask,
                null,
                new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)),
                "x"
            );
            var answer = await call.ResponseAsync;
            call.GetTrailers().GetValue("x-version").ShouldBe(answer.Split(' ')[0]);
            seen.AddOrUpdate(answer.Split(' ')[0], 1, (_, count) => count + 1);
        }
    }

    private static async Task<string> SayAsync(
        AsyncDuplexStreamingCall<string, string> talk,
        string word,
        CancellationToken cancellationToken
    )
    {
        await talk.RequestStream.WriteAsync(word, cancellationToken);
        (await talk.ResponseStream.MoveNext(cancellationToken)).ShouldBeTrue();
        return talk.ResponseStream.Current;
    }

    /// <summary>A server of gRPC without TLS, which says its version in each answer and in its trailers.</summary>
    private static async Task<WebApplication> ServeAsync(string version)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MinRequestBodyDataRate = null;
            options.Listen(IPAddress.Any, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.MapPost("/test.Shop/{method}", context => AnswerAsync(context, version));
        await app.StartAsync();
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, string version)
    {
        var (status, detail) = (StatusCode.OK, "");
        context.Response.ContentType = "application/grpc";
        await context.Response.StartAsync();
        var head = new byte[5];
        while (await context.Request.Body.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false) == 5)
        {
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            await context.Request.Body.ReadExactlyAsync(message);
            if (Encoding.UTF8.GetString(message) == "refuse me")
            {
                (status, detail) = (StatusCode.PermissionDenied, "not you");
                break;
            }
            var answer = Encoding.UTF8.GetBytes($"{version} {Encoding.UTF8.GetString(message)}");
            var frame = new byte[5 + answer.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), answer.Length);
            answer.CopyTo(frame, 5);
            await context.Response.Body.WriteAsync(frame);
            await context.Response.Body.FlushAsync();
        }
        context.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", detail);
        context.Response.AppendTrailer("x-version", version);
    }

    private static int PortOf(WebApplication app) => new Uri(app.Urls.Single()).Port;

    /// <summary>An image whose containers hand each connection on to a port of this machine.</summary>
    private static async Task RelayAsync(
        string tag,
        int port,
        TemporaryFolder folder,
        CancellationToken cancellationToken
    )
    {
        var context = Directory.CreateDirectory(folder[tag]).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(context, "Dockerfile"),
            $"""
            FROM {EdgeImage.Reference}
            EXPOSE 50051
            HEALTHCHECK --interval=1s CMD ["socat", "-u", "OPEN:/dev/null", "TCP:127.0.0.1:50051"]
            CMD ["socat", "TCP-LISTEN:50051,fork,reuseaddr", "TCP:host.docker.internal:{port}"]

            """,
            cancellationToken
        );
        await Stack.DockerAsync(
            cancellationToken,
            "build",
            "--quiet",
            "--tag",
            $"recyclic-compose-test/grpc:{tag}",
            context
        );
    }

    private static Task WriteAsync(Stack stack, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(
            stack.ComposeFile,
            $$"""
            services:
              shop:
                image: recyclic-compose-test/grpc:${TAG}
                ports: ["{{Secure}}:50051"]
                extra_hosts: ["host.docker.internal:host-gateway"]
                x-recyclic:
                  host: shop.test
                  tls: { certificate: ./tls.pem, port: {{Secure}} }
            """,
            cancellationToken
        );

    private static Method<string, string> Called(MethodType kind, string name) =>
        new(kind, "test.Shop", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    private static void Good(CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
}
