using System.Text.Json;

namespace Recyclic.Load.Tests;

[CancelAfter(30_000)]
public sealed class LoadClientTests
{
    [Test]
    public async Task Client_and_server_count_the_same_requests(CancellationToken cancellationToken)
    {
        await using var api = new RawServer();
        await using var frontend = new RawServer { Version = "v2" };
        var plan = new LoadPlan(new LoadTarget(api.Url, 500), new LoadTarget(frontend.Url, 250));

        var result = await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(2), cancellationToken);

        var summary = result.Summary();
        (api.Requests, frontend.Requests).ShouldBe((1000, 500));
        (summary.Sent, summary.Answered, summary.Failed).ShouldBe((1500, 1500, 0));
        summary
            .Versions.Select(seen => (seen.Version, seen.Count))
            .ShouldBe([("v1", 1000L), ("v2", 500L)], ignoreOrder: true);
        result.Records.Count(record => record.Target == api.Url.ToString()).ShouldBe(1000);
    }

    [Test]
    public async Task A_share_of_requests_opens_connections_of_its_own_and_the_rest_reuses_few(
        CancellationToken cancellationToken
    )
    {
        await using var server = new RawServer();
        var plan = new LoadPlan(new LoadTarget(server.Url, 500)) { NewConnectionShare = 0.2 };

        var summary = (await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(2), cancellationToken)).Summary();

        summary.NewConnections.ShouldBeInRange(198, 202);
        var pooled = server.Connections - summary.NewConnections;
        pooled.ShouldBeInRange(1, 400, "800 requests shared them; a starved machine needs more at once");
        server.Requests.ShouldBe(1000);
    }

    [Test]
    public async Task Slow_requests_go_to_the_slow_path(CancellationToken cancellationToken)
    {
        var slow = 0;
        await using var server = new RawServer(seen =>
        {
            if (seen.Path == "/slow?ms=1500")
                Interlocked.Increment(ref slow);
            return Reaction.Answer;
        });
        var plan = new LoadPlan(new LoadTarget(server.Url, 500) { SlowPath = "/slow?ms=1500", SlowShare = 0.05 });

        var result = await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(2), cancellationToken);

        slow.ShouldBeInRange(48, 52);
        result.Records.Count(record => record.Slow).ShouldBe(slow);
    }

    [Test]
    public async Task A_server_that_stalls_for_a_second_still_gets_every_request_and_latency_shows_it(
        CancellationToken cancellationToken
    )
    {
        await using var server = new RawServer();
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(server.Url, 200)));
        await client.StartAsync(cancellationToken);
        await Eventually.TrueAsync(() => client.Counters.Finished >= 100, cancellationToken);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Gate = gate.Task;
        var sentBefore = client.Counters.Sent;
        await Task.Delay(1_000, cancellationToken);
        (client.Counters.Sent - sentBefore).ShouldBeGreaterThan(180, "the stall must not slow the schedule");
        gate.SetResult();
        await Eventually.TrueAsync(() => client.Counters.InFlight < 10, cancellationToken);

        var result = await client.StopAsync(cancellationToken);

        result.Failed.ShouldBe(0);
        server.Requests.ShouldBe((int)result.Sent);
        result
            .Records.Count(record => record.Latency.TotalMilliseconds > 500)
            .ShouldBeGreaterThan(80, "half of a second's requests waited longer than half a second");
        result.Summary().Latency.MaxMs.ShouldBeGreaterThan(950);
        GapsBetweenScheduledTimes(result).ShouldAllBe(gap => Math.Abs(gap - 5) < 0.1);
    }

    [Test]
    public async Task A_connection_that_the_server_closed_while_it_was_idle_is_thrown_away_unused(
        CancellationToken cancellationToken
    )
    {
        await using var server = new RawServer(_ => Reaction.AnswerThenHangUp);
        var plan = new LoadPlan(new LoadTarget(server.Url, 10)) { NewConnectionShare = 0 };

        var summary = (await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(1), cancellationToken)).Summary();

        (summary.Answered, summary.Failed).ShouldBe((10, 0));
        (server.Requests, server.Connections).ShouldBe((10, 10));
        summary.StaleConnections.ShouldBe(9);
    }

    [Test]
    public async Task A_response_that_announces_its_close_ends_the_connection(CancellationToken cancellationToken)
    {
        await using var server = new RawServer(_ => Reaction.AnswerAndClose);
        var plan = new LoadPlan(new LoadTarget(server.Url, 50)) { NewConnectionShare = 0 };

        var summary = (await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(1), cancellationToken)).Summary();

        (summary.Answered, summary.StaleConnections, server.Connections).ShouldBe((50L, 0L, 50));
    }

    [Test]
    public async Task A_version_that_answers_outside_its_time_is_found(CancellationToken cancellationToken)
    {
        await using var server = new RawServer();
        var clock = new LoadClock();
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(server.Url, 200)));
        await client.StartAsync(cancellationToken);
        await Eventually.TrueAsync(() => client.Counters.Finished >= 50, cancellationToken);
        var from = clock.UnixMilliseconds(LoadClock.Now);
        server.Version = "v2";
        await Task.Delay(20, cancellationToken);
        var until = clock.UnixMilliseconds(LoadClock.Now);
        await Eventually.TrueAsync(() => client.Counters.ByVersion.GetValueOrDefault("v2") >= 50, cancellationToken);

        var result = await client.StopAsync(cancellationToken);

        // A request on its way while the server changed may have started a little before.
        result.NotLive(LivePeriod.Until("v1", until), LivePeriod.From("v2", from - 250)).ShouldBeEmpty();
        result.NotLive(LivePeriod.Until("v1", until - 1_000), LivePeriod.From("v2", from)).ShouldNotBeEmpty();
        result
            .NotLive(LivePeriod.Until("v1", until))
            .Length.ShouldBe(result.Records.Count(record => record.Versions.Contains("v2")));
        var seen = result.Versions();
        seen.Select(version => version.Version).ShouldBe(["v1", "v2"]);
        seen[1].FirstAnsweredUnixMs.ShouldBeGreaterThan(from);
        seen[0].LastStartedUnixMs.ShouldBeLessThan(until);
        var timeline = result.Timeline(TimeSpan.FromMilliseconds(50));
        timeline[0].ByVersion.Keys.ShouldBe(["v1"]);
        timeline[^1].ByVersion.Keys.ShouldBe(["v2"]);
    }

    [Test]
    public async Task A_summary_can_be_written_as_JSON(CancellationToken cancellationToken)
    {
        await using var server = new RawServer(_ => Reaction.Status503);
        var plan = new LoadPlan(new LoadTarget(server.Url, 50));

        var json = JsonSerializer.Serialize(
            (await LoadClient.RunAsync(plan, TimeSpan.FromSeconds(0.2), cancellationToken)).Summary()
        );

        json.ShouldContain("\"Failed\":10");
        json.ShouldContain("\"Detail\":\"no server\"");
        json.ShouldContain("\"StartedUnixMs\":");
    }

    [Test]
    public void An_invalid_plan_is_refused_with_everything_that_is_wrong()
    {
        var plan = new LoadPlan(new LoadTarget(new Uri("https://example.invalid/"), -1) { SlowShare = 0.5 })
        {
            MaxInFlight = 0,
        };

        var message = Should.Throw<ArgumentException>(() => new LoadClient(plan)).Message;

        foreach (
            var part in new[]
            {
                "not an absolute http address",
                "Rate must be above 0",
                "SlowShare without SlowPath",
                "MaxInFlight",
            }
        )
            message.ShouldContain(part);
    }

    private static IEnumerable<double> GapsBetweenScheduledTimes(LoadResult result)
    {
        var scheduled = result.Records.Select(record => record.ScheduledUnixMs).Order().ToList();
        return scheduled.Zip(scheduled.Skip(1), (earlier, later) => later - earlier);
    }
}
