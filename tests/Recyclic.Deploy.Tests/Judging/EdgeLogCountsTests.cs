namespace Recyclic.Deploy.Tests.Judging;

/// <summary>What the edge's log says, counted.</summary>
internal sealed class EdgeLogCountsTests
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
    public void Requests_are_counted_by_the_second_in_which_they_ended_each_once()
    {
        var counts = new EdgeLogCounts();
        var now = Given.Noon;
        Hear(Line("blue-api-8000"));
        now += Second;
        for (var i = 0; i < 19; i++)
            Hear(Line("blue-api-8000", response: 40));
        Hear(Line("green-api-8000", 500));
        now += Second;
        Hear(Line("green-api-8000", response: 440));

        // The second that it is is not over.
        var interval = counts.Read(Ask(Given.Noon + Second, now), now).ShouldHaveSingleItem();
        (interval.From, interval.Until).ShouldBe((Given.Noon + Second, Given.Noon + 2 * Second));
        var route = interval.Routes.ShouldHaveSingleItem();
        route.Route.ShouldBe("api-8000");
        (route.Serving.Requests, route.Serving.Errors, route.Serving.Latency.Quantile(0.5)).ShouldBe((19, 0, 41));
        (route.Canary.Requests, route.Canary.Errors, route.Canary.Latency.Total).ShouldBe((1, 1, 0));

        now += Second;
        var next = counts.Read(Ask(interval.Until, now), now).ShouldHaveSingleItem();
        next.Routes[0].Canary.Requests.ShouldBe(1);
        counts.Read(Ask(next.Until, now), now).ShouldBeEmpty();

        void Hear(string line) => counts.Add(EdgeRequest.Read(line)!, now);
    }

    [Test]
    public void A_line_that_is_none_of_a_request_is_nothing() =>
        EdgeRequest.Read("[NOTICE]   (8) : New worker (10) forked").ShouldBeNull();

    private static MetricQuestion Ask(DateTimeOffset from, DateTimeOffset until) =>
        new("store", Slot.Green, from, until);

    private static string Line(string backend, int status = 200, string end = "--", int response = 11) =>
        $$"""{"ms":1767355200500,"backend":"{{backend}}","status":{{status}},"end":"{{end}}","total":12,"connect":0,"response":{{response}},"retries":"0","client":"10.0.0.1","held":0}""";
}
