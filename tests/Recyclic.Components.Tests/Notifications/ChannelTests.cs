using System.Text.Json;
using Recyclic.Components.Notifications;

namespace Recyclic.Components.Tests;

/// <summary>What each channel is sent.</summary>
[CancelAfter(20_000)]
public sealed class ChannelTests
{
    [Test]
    public async Task Telegram_gets_plain_text_once_for_each_chat(CancellationToken cancellationToken)
    {
        var requests = await SentAsync("TELEGRAM", Notices.Full(NoticeEvent.Emergency), cancellationToken);
        requests.Select(request => request.Text("chat_id")).Order().ShouldBe(["-100", "7", "@ops"]);
        requests.ShouldAllBe(request =>
            request.Path == "/bot12:secret-token/sendMessage"
            && request.Line.StartsWith("POST ")
            && request.ContentType == "application/json; charset=utf-8"
        );
        requests[0].Json.TryGetProperty("parse_mode", out _).ShouldBeFalse();
        requests[0]
            .Text("text")
            .ShouldBe(
                """
                🚨 EMERGENCY shop: deploy of new5678 to production failed and was NOT restored
                reason: step 4 of 9, cut over: late
                not undone: cut over: all traffic to blue: gone
                undone: remove green; stop green
                run now: ./build.sh Recover
                from: old1234
                by: ann@laptop
                host: web1
                took: 12.3 s, switch 84 ms
                requests: 1200, 3 failed
                run: https://ci.example/a?b=1&c=2
                roll back: ./build.sh Rollback --tag old1234
                """
            );
    }

    [TestCase(nameof(NoticeEvent.Success), "✅ shop: deploy of new5678 succeeded, production users are on new5678")]
    [TestCase(
        nameof(NoticeEvent.Failure),
        "❌ shop: deploy of new5678 to production failed, users are on old1234 as before"
    )]
    [TestCase(
        nameof(NoticeEvent.Approved),
        "⚠️ shop: ann@laptop approved new5678 for production, though not every gate holds"
    )]
    [TestCase(
        nameof(NoticeEvent.Cancelled),
        "⏹ shop: deploy of new5678 to production was cancelled, users are on old1234 as before"
    )]
    public async Task The_first_line_says_what_users_see(
        string what,
        string line,
        CancellationToken cancellationToken
    ) =>
        (await SentAsync("SLACK", Notices.Of(Enum.Parse<NoticeEvent>(what)), cancellationToken))
            .ShouldHaveSingleItem()
            .Text("text")!
            .Split('\n')[0]
            .ShouldBe(line);

    [Test]
    public async Task Slack_reads_no_markup_in_values(CancellationToken cancellationToken)
    {
        var request = (
            await SentAsync("SLACK", Notices.Full(NoticeEvent.Failure) with { Tag = Notices.Nasty }, cancellationToken)
        ).ShouldHaveSingleItem();
        request.Path.ShouldBe("/services/secret-slack");
        request.Json.GetProperty("mrkdwn").GetBoolean().ShouldBeFalse();
        request
            .Text("text")!
            .ShouldContain(
                "deploy of \"'&lt;!channel&gt; &amp; `code` *bold* _it_ forged: line \\x07 \\ {x} 🚀 to production failed"
            );
        request.Text("text")!.ShouldContain("\nrun: <https://ci.example/a?b=1&amp;c=2>\n");
    }

    [TestCase("TELEGRAM", 4096)]
    [TestCase("SLACK", 12_000)]
    public async Task A_message_stays_within_its_channel_and_a_value_within_its_line(
        string channel,
        int longest,
        CancellationToken cancellationToken
    )
    {
        var text = (await SentAsync(channel, Notices.Awful(NoticeEvent.Failure), cancellationToken))[0].Text("text")!;
        text.Length.ShouldBeLessThan(longest);
        text.Split('\n').ShouldNotContain(line => line.StartsWith("forged"));
        text.ShouldNotContain('\r');
        text.ShouldNotContain('\uFFFD');
        text.ShouldContain("\\ {x} 🚀");
    }

    [TestCase(nameof(NoticeEvent.Failure), "error")]
    [TestCase(nameof(NoticeEvent.Emergency), "critical")]
    public async Task PagerDuty_opens_an_alert(string what, string severity, CancellationToken cancellationToken)
    {
        var request = (
            await SentAsync("PAGERDUTY", Notices.Full(Enum.Parse<NoticeEvent>(what)), cancellationToken)
        ).ShouldHaveSingleItem();
        request.Path.ShouldBe("/v2/enqueue");
        (request.Text("routing_key"), request.Text("event_action"), request.Text("dedup_key")).ShouldBe(
            ("secret-key", "trigger", "shop/production")
        );
        var payload = request.Json.GetProperty("payload");
        payload.GetProperty("severity").GetString().ShouldBe(severity);
        payload.GetProperty("source").GetString().ShouldBe("web1");
        payload.GetProperty("timestamp").GetString().ShouldBe("2026-01-31T09:30:00.125Z");
        payload.GetProperty("summary").GetString()!.ShouldContain("cut over: late");
        payload.GetProperty("custom_details").GetProperty("undone").GetString().ShouldBe("remove green; stop green");
    }

    [Test]
    public async Task PagerDuty_closes_the_alert_after_a_success(CancellationToken cancellationToken)
    {
        var request = (
            await SentAsync("PAGERDUTY", Notices.Of(NoticeEvent.Success), cancellationToken)
        ).ShouldHaveSingleItem();
        request.Body.ShouldBe(
            """{"routing_key":"secret-key","event_action":"resolve","dedup_key":"shop/production"}"""
        );
    }

    [Test]
    public async Task PagerDuty_hears_nothing_of_a_cancelled_deploy(CancellationToken cancellationToken) =>
        (await SentAsync("PAGERDUTY", Notices.Of(NoticeEvent.Cancelled), cancellationToken)).ShouldBeEmpty();

    [Test]
    public async Task PagerDuty_keeps_to_its_limits(CancellationToken cancellationToken)
    {
        var request = (
            await SentAsync(
                "PAGERDUTY",
                Notices.Awful(NoticeEvent.Failure) with
                {
                    App = new string('a', 10_000),
                },
                cancellationToken
            )
        ).ShouldHaveSingleItem();
        request.Text("dedup_key")!.Length.ShouldBe(255);
        request.Json.GetProperty("payload").GetProperty("summary").GetString()!.Length.ShouldBeLessThanOrEqualTo(1024);
        request.Body.Length.ShouldBeLessThan(100_000);
    }

    [Test]
    public async Task A_webhook_gets_the_documented_json(CancellationToken cancellationToken)
    {
        var request = (
            await SentAsync(
                "WEBHOOK",
                Notices.Full(NoticeEvent.Failure) with
                {
                    RecoverCommand = null,
                },
                cancellationToken
            )
        ).ShouldHaveSingleItem();
        request.Path.ShouldBe("/in?key=secret-hook");
        JsonSerializer
            .Serialize(request.Json, Relaxed)
            .ShouldBe(
                """
                {"event":"failure","operation":"deploy","app":"shop","environment":"production","tag":"new5678","startedAt":"2026-01-31T09:30:00.125Z",
                "from":"old1234","by":"ann@laptop","host":"web1","seconds":12.346,"switchMs":84,"requests":{"total":1200,"failed":3},
                "reason":"step 4 of 9, cut over: late","undone":["remove green","stop green"],"notUndone":["cut over: all traffic to blue: gone"],
                "warnings":[],"runUrl":"https://ci.example/a?b=1&c=2","rollbackCommand":"./build.sh Rollback --tag old1234","recoverCommand":null}
                """.Replace("\n", "")
            );
    }

    [Test]
    public async Task A_webhook_gets_values_as_they_are(CancellationToken cancellationToken)
    {
        var notice = Notices.Awful(NoticeEvent.Failure);
        var request = (await SentAsync("WEBHOOK", notice, cancellationToken)).ShouldHaveSingleItem();
        (request.Text("tag"), request.Text("reason"), request.Text("from")).ShouldBe(
            (notice.Tag, notice.Reason, notice.From)
        );
    }

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static async Task<IReadOnlyList<Request>> SentAsync(
        string channel,
        DeployNotice notice,
        CancellationToken cancellationToken
    )
    {
        await using var server = new MiniServer();
        (
            await Notifiers
                .FromEnvironment(Channel.Variables(channel, server.Address))
                .NotifyAllAsync(notice, cancellationToken)
        ).ShouldBeEmpty();
        return [.. server.Requests];
    }
}

internal static class Channel
{
    public static readonly string[] All = ["TELEGRAM", "SLACK", "PAGERDUTY", "WEBHOOK"];

    public static Dictionary<string, string> Variables(string channel, string server) =>
        channel switch
        {
            "TELEGRAM" => new()
            {
                ["TELEGRAM_BOT_TOKEN"] = "12:secret-token",
                ["ADMIN_TELEGRAM_IDS"] = "7, -100 @ops,7",
                ["TELEGRAM_API_URL"] = server + "/",
            },
            "SLACK" => new() { ["SLACK_WEBHOOK"] = server + "/services/secret-slack" },
            "PAGERDUTY" => new() { ["PAGERDUTY_ROUTING_KEY"] = "secret-key", ["PAGERDUTY_API_URL"] = server },
            _ => new() { ["WEBHOOK_URL"] = server + "/in?key=secret-hook" },
        };
}
