using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>The edge's log as a source of metrics.</summary>
[CancelAfter(60_000)]
internal sealed class EdgeLogSourceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase("blue-api-8000", Slot.Blue, "api-8000")]
    [TestCase("green-api-8000", Slot.Green, "api-8000")]
    [TestCase("green-api-8000-h2", Slot.Green, "api-8000")]
    [TestCase("green-api-8000-pass", Slot.Green, "api-8000")]
    [TestCase("blue-api-8000-http", Slot.Blue, "api-8000")]
    [TestCase("blue-my-api-2-8000-tcp", Slot.Blue, "my-api-2-8000")]
    [TestCase("blue-blue-80", Slot.Blue, "blue-80")]
    [TestCase("assets-green-web-80", Slot.Green, "web-80")]
    public void A_line_says_which_release_was_asked_on_which_route(string backend, Slot slot, string route)
    {
        var read = EdgeRequest.Read(Line(backend))!;
        read.Slot.ShouldBe(slot);
        read.Route.ShouldBe(route);
    }

    [TestCase("nowhere")]
    [TestCase("closed")]
    [TestCase("https-443")]
    [TestCase("newest-8000")]
    [TestCase("port-8000")]
    [TestCase("blue")]
    [TestCase("blue-")]
    [TestCase("red-api-8000")]
    [TestCase("")]
    public void What_no_release_was_asked_is_nothing(string backend) => EdgeRequest.Read(Line(backend)).ShouldBeNull();

    [TestCase(200, "--", 11, false, 11)]
    [TestCase(404, "--", 11, false, 11)]
    [TestCase(500, "--", 11, true, null)]
    [TestCase(504, "sH", -1, true, null)]
    [TestCase(499, "CH", -1, false, null)]
    [TestCase(0, "--", -1, false, null)]
    public void A_line_says_whether_it_failed_and_how_long_it_took(
        int status,
        string end,
        int response,
        bool failed,
        int? expected
    )
    {
        var read = EdgeRequest.Read(Line("blue-api-8000", status, end, response))!;
        read.Failed.ShouldBe(failed);
        read.Milliseconds.ShouldBe(expected);
    }

    [Test]
    public async Task Requests_are_counted_by_the_second_in_which_they_ended_each_once(CancellationToken token)
    {
        var (edge, clock) = (new Log(), new MemoryClock());
        await using var source = new EdgeLogSource(edge, "store", clock);
        await edge.SayAsync(Line("blue-api-8000"), token);
        clock.Advance(Second);
        for (var i = 0; i < 19; i++)
            await edge.SayAsync(Line("blue-api-8000", response: 40), token);
        await edge.SayAsync(Line("green-api-8000", 500), token);
        await edge.SayAsync("[NOTICE]   (8) : New worker (10) forked", token);
        clock.Advance(Second);
        await edge.SayAsync(Line("green-api-8000", response: 440), token);

        var first = await source.ReadAsync(Ask(Given.Noon, clock.GetUtcNow()), token);
        first.Silence.ShouldBeNull();
        var interval = first.Intervals.ShouldHaveSingleItem();
        // The second in which it began to listen is not whole, and this one is not over.
        (interval.From, interval.Until).ShouldBe((Given.Noon + Second, Given.Noon + 2 * Second));
        var route = interval.Routes.ShouldHaveSingleItem();
        route.Route.ShouldBe("api-8000");
        (route.Serving.Requests, route.Serving.Errors, route.Serving.Latency.Quantile(0.5)).ShouldBe((19, 0, 41));
        (route.Canary.Requests, route.Canary.Errors, route.Canary.Latency.Total).ShouldBe((1, 1, 0));

        clock.Advance(Second);
        var second = await source.ReadAsync(Ask(interval.Until, clock.GetUtcNow()), token);
        second.Intervals.ShouldHaveSingleItem().Routes[0].Canary.Requests.ShouldBe(1);
        (await source.ReadAsync(Ask(second.Intervals[0].Until, clock.GetUtcNow()), token)).Intervals.ShouldBeEmpty();
    }

    [Test]
    public async Task A_log_that_breaks_off_is_silent_and_is_followed_again(CancellationToken token)
    {
        var (edge, clock) = (new Log(), new MemoryClock());
        await using var source = new EdgeLogSource(edge, "store", clock);
        await edge.BreakAsync("the engine is gone", token);
        clock.Advance(2 * Second);
        MetricAnswer answer;
        while ((answer = await source.ReadAsync(Ask(Given.Noon, clock.GetUtcNow()), token)).Silence is null)
            await Task.Yield();
        answer.Silence!.ShouldBe(new Silence(SilenceKind.Down, "the edge's log broke off: the engine is gone"));

        clock.Advance(Second);
        await edge.SayAsync(Line("green-api-8000"), token);
        clock.Advance(Second);
        answer = await source.ReadAsync(Ask(clock.GetUtcNow() - Second, clock.GetUtcNow()), token);
        answer.Silence.ShouldBeNull();
        answer.Intervals.ShouldHaveSingleItem().Routes[0].Canary.Requests.ShouldBe(1);
    }

    private static MetricQuestion Ask(DateTimeOffset from, DateTimeOffset until) =>
        new("store", Slot.Green, from, until);

    private static string Line(string backend, int status = 200, string end = "--", int response = 11) =>
        $$"""{"ms":1767355200500,"backend":"{{backend}}","status":{{status}},"end":"{{end}}","total":12,"connect":0,"response":{{response}},"retries":"0","client":"10.0.0.1","held":0}""";

    /// <summary>A log that is told what to say, and when it has been read.</summary>
    private sealed class Log : IEdgeHost
    {
        private readonly Channel<(string? Line, string? Failure, TaskCompletionSource Read)> _said =
            Channel.CreateUnbounded<(string?, string?, TaskCompletionSource)>();

        public Task SayAsync(string line, CancellationToken token) => Say((line, null, new()), token);

        public Task BreakAsync(string failure, CancellationToken token) => Say((null, failure, new()), token);

        private async Task Say((string?, string?, TaskCompletionSource Read) what, CancellationToken token)
        {
            _said.Writer.TryWrite(what).ShouldBeTrue();
            await what.Read.Task.WaitAsync(token);
        }

        public async IAsyncEnumerable<string> FollowEdgeLogAsync(
            string app,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await foreach (var (line, failure, read) in _said.Reader.ReadAllAsync(cancellationToken))
            {
                if (line is null)
                {
                    read.SetResult();
                    throw new InvalidOperationException(failure);
                }
                yield return line;
                // The reader asks for the next one when it is through with this one.
                read.SetResult();
            }
        }
    }
}
