using System.Net;
using System.Net.Sockets;
using System.Text;
using Recyclic.Deploy.Adapters.Prometheus;
using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>What becomes of a Prometheus that is well, and of one that is not: never a failure, always a reason.</summary>
[CancelAfter(120_000)]
internal sealed class PrometheusSourceTests
{
    private static readonly PrometheusQueries Queries = new("requests[$window]", "errors[$window]", "latency[$window]");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Both_releases_are_counted_by_route(CancellationToken token)
    {
        using var server = new Server(body =>
            body.Contains("requests", StringComparison.Ordinal)
                ? Vector(("blue", "api", null, "950.4"), ("green", "api", null, "49.6"))
            : body.Contains("errors", StringComparison.Ordinal) ? Vector(("green", "api", null, "4"))
            : Vector(
                ("blue", "api", "0.1", "900"),
                ("blue", "api", "+Inf", "950"),
                ("green", "api", "0.1", "10"),
                ("green", "api", "0.5", "45"),
                ("green", "api", "+Inf", "46")
            )
        );
        var answer = await server.AskAsync(token);
        answer.Silence.ShouldBeNull();
        var interval = answer.Intervals.ShouldHaveSingleItem();
        (interval.From, interval.Until).ShouldBe((Given.Noon, Given.Noon + TimeSpan.FromSeconds(60)));
        var route = interval.Routes.ShouldHaveSingleItem();
        (route.Route, route.Serving.Requests, route.Serving.Errors).ShouldBe(("api", 950, 0));
        (route.Canary.Requests, route.Canary.Errors).ShouldBe((50, 4));
        route.Canary.Latency.Total.ShouldBe(46);
        route.Canary.Latency.Over(Latencies.BucketOf(100)).ShouldBe(36);
        server.Asked[0].ShouldContain(Uri.EscapeDataString("requests[60s]"));
    }

    [Test]
    public async Task It_is_not_asked_for_less_than_two_scrapes(CancellationToken token)
    {
        using var server = new Server(_ => Vector());
        var answer = await server.AskAsync(token, TimeSpan.FromSeconds(29));
        answer.Intervals.ShouldBeEmpty();
        answer.Silence.ShouldBeNull();
        server.Asked.ShouldBeEmpty();
    }

    [TestCase("<html><body>Please log in</body></html>", 200, SilenceKind.NotUnderstood, "is not Prometheus")]
    [TestCase("<html>moved</html>", 302, SilenceKind.Refused, "status 302")]
    [TestCase("no", 401, SilenceKind.Refused, "status 401")]
    [TestCase("no", 500, SilenceKind.Refused, "status 500")]
    [TestCase("", 200, SilenceKind.NotUnderstood, "is not Prometheus")]
    [TestCase("[]", 200, SilenceKind.NotUnderstood, "is not Prometheus")]
    [TestCase("""{"status":"success"}""", 200, SilenceKind.NotUnderstood, "is not Prometheus")]
    [TestCase(
        """{"status":"success","data":{"resultType":"matrix","result":[]}}""",
        200,
        SilenceKind.NotUnderstood,
        "no instant vector"
    )]
    [TestCase("""{"status":"error","error":"parse error: \u001b[2J"}""", 400, SilenceKind.Refused, "parse error: ")]
    public async Task An_answer_that_is_none_is_a_silence(
        string text,
        int status,
        SilenceKind kind,
        string said,
        CancellationToken token
    )
    {
        using var server = new Server(_ => text, status);
        await ShouldBeSilentAsync(server, kind, said, token);
    }

    [TestCase("NaN")]
    [TestCase("+Inf")]
    [TestCase("-1")]
    [TestCase("many")]
    [TestCase("1e300")]
    public async Task A_number_that_is_none_is_a_silence(string number, CancellationToken token)
    {
        using var server = new Server(_ => Vector(("green", "api", null, number)));
        await ShouldBeSilentAsync(server, SilenceKind.NoNumber, "for a number of requests", token);
    }

    [Test]
    public async Task Nothing_of_both_is_a_silence(CancellationToken token)
    {
        using var server = new Server(_ => Vector());
        await ShouldBeSilentAsync(server, SilenceKind.Empty, "no requests of blue or green", token);
    }

    [Test]
    public async Task Buckets_that_do_not_add_up_are_a_silence(CancellationToken token)
    {
        using var server = new Server(_ => Vector(("green", "api", "0.1", "9"), ("green", "api", "+Inf", "3")));
        await ShouldBeSilentAsync(server, SilenceKind.NoNumber, "by le", token);
    }

    [Test]
    public async Task A_server_that_is_slow_is_a_silence_after_its_time(CancellationToken token)
    {
        using var server = new Server(null);
        var answer = await server.AskAsync(token, patience: TimeSpan.FromMilliseconds(300));
        answer.Silence.ShouldBe(new Silence(SilenceKind.TooSlow, "Prometheus did not answer within 300 ms"));
    }

    [Test]
    public async Task A_server_that_is_down_is_a_silence(CancellationToken token)
    {
        var server = new Server(null);
        server.Dispose();
        await ShouldBeSilentAsync(server, SilenceKind.Down, "cannot be reached", token);
    }

    [TestCase("blue", Slot.Blue)]
    [TestCase("store-green-api-1", Slot.Green)]
    [TestCase("blue/green", null)]
    [TestCase("bluebird", null)]
    [TestCase(null, null)]
    public void A_label_says_the_slot_by_a_word_of_its_own(string? value, Slot? slot) =>
        PrometheusQueries.SlotOf(value).ShouldBe(slot);

    private static async Task ShouldBeSilentAsync(Server server, SilenceKind kind, string said, CancellationToken token)
    {
        var answer = await server.AskAsync(token);
        answer.Intervals.ShouldBeEmpty();
        answer.Silence.ShouldNotBeNull().Kind.ShouldBe(kind, answer.Silence!.Text);
        answer.Silence.Text.ShouldContain(said);
        answer.Silence.Text.ShouldNotContain('\u001b');
    }

    private static string Vector(params (string Slot, string Route, string? Le, string Value)[] series) =>
        """{"status":"success","data":{"resultType":"vector","result":["""
        + string.Join(',', series.Select(Series))
        + "]}}";

    private static string Series((string Slot, string Route, string? Le, string Value) one) =>
        $"{{\"metric\":{{\"slot\":\"{one.Slot}\",\"route\":\"{one.Route}\"{(one.Le is null ? "" : $",\"le\":\"{one.Le}\"")}}},\"value\":[1767355200,\"{one.Value}\"]}}";

    /// <summary>Answers each request by what is asked; null: never.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Uri _address;

        public Server(Func<string, string>? answer, int status = 200)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                _address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
            }
            _listener.Prefixes.Add(_address.AbsoluteUri);
            _listener.Start();
            _ = ServeAsync(answer, status);
        }

        public List<string> Asked { get; } = [];

        public async Task<MetricAnswer> AskAsync(
            CancellationToken token,
            TimeSpan? length = null,
            TimeSpan? patience = null
        )
        {
            using var source = new PrometheusSource(_address, Queries, patience ?? Patience);
            return await source.ReadAsync(
                new MetricQuestion(
                    "store",
                    Slot.Green,
                    Given.Noon,
                    Given.Noon + (length ?? TimeSpan.FromSeconds(60.7))
                ),
                token
            );
        }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(Func<string, string>? answer, int status)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    if (answer is null)
                        continue;
                    using var reader = new StreamReader(context.Request.InputStream);
                    var body = await reader.ReadToEndAsync();
                    Asked.Add(body);
                    context.Response.StatusCode = status;
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer(body)));
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
