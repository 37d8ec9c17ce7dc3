using System.Diagnostics;
using Recyclic.Components.Notifications;

namespace Recyclic.Components.Tests;

/// <summary>What happens when a channel does not take a notice.</summary>
[CancelAfter(20_000)]
public sealed class DeliveryTests
{
    private static readonly NotifyOptions Quick = new()
    {
        Deadline = TimeSpan.FromSeconds(5),
        Pause = TimeSpan.FromMilliseconds(20),
    };
    private static readonly string[] Channels = Channel.All;

    [Test]
    public async Task A_refusal_is_told_with_its_reason_and_not_repeated(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer(MiniServer.Answer(404, "no_service\n"));
        (await SendAsync("SLACK", server, cancellationToken)).ShouldBe([
            "slack was not notified: answered 404: no_service",
        ]);
        server.Requests.Count.ShouldBe(1);
    }

    [Test]
    public async Task Telegram_says_how_many_chats_were_not_reached(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer(MiniServer.Answer(400, "chat not found"));
        (await SendAsync("TELEGRAM", server, cancellationToken)).ShouldBe([
            "telegram was not notified: 3 of 3 chats not reached; number 1, 2, 3 of ADMIN_TELEGRAM_IDS: answered 400: chat not found",
        ]);
    }

    [TestCase("SLACK")]
    [TestCase("WEBHOOK")]
    [TestCase("PAGERDUTY")]
    public async Task Too_many_requests_is_tried_again_when_asked_to(
        string channel,
        CancellationToken cancellationToken
    )
    {
        await using var server = new MiniServer(
            MiniServer.Answer(429, "slow down", "Retry-After: 1\r\n"),
            MiniServer.Ok
        );
        var watch = Stopwatch.StartNew();
        (await SendAsync(channel, server, cancellationToken)).ShouldBeEmpty();
        server.Requests.Count.ShouldBe(2);
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Test]
    public async Task A_pause_beyond_the_deadline_is_not_waited_for(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer(MiniServer.Answer(429, "", "Retry-After: 60\r\n"));
        var watch = Stopwatch.StartNew();
        (await SendAsync("SLACK", server, cancellationToken)).ShouldBe([
            "slack was not notified: answered 429 (asks for a pause of 60 s)",
        ]);
        server.Requests.Count.ShouldBe(1);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Test]
    public async Task There_are_two_tries_at_most(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer(MiniServer.Answer(429));
        (await SendAsync("SLACK", server, cancellationToken)).ShouldBe(["slack was not notified: answered 429"]);
        server.Requests.Count.ShouldBe(2);
    }

    [TestCase("SLACK", 1)]
    [TestCase("WEBHOOK", 1)]
    [TestCase("PAGERDUTY", 2)]
    public async Task After_an_error_or_a_broken_connection_only_pagerduty_is_tried_again(
        string channel,
        int tries,
        CancellationToken cancellationToken
    )
    {
        foreach (var answer in new[] { MiniServer.Answer(500), MiniServer.Hangup })
        {
            await using var server = new MiniServer(answer);
            (await SendAsync(channel, server, cancellationToken)).Length.ShouldBe(1);
            server.Requests.Count.ShouldBe(tries);
        }
    }

    [Test]
    public async Task A_redirect_is_not_followed(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer(MiniServer.Answer(302, "", "Location: /elsewhere\r\n"));
        (await SendAsync("WEBHOOK", server, cancellationToken)).ShouldBe(["webhook was not notified: answered 302"]);
        server.Requests.Count.ShouldBe(1);
    }

    [TestCaseSource(nameof(Channels))]
    public async Task A_server_that_hangs_costs_no_more_than_the_deadline(
        string channel,
        CancellationToken cancellationToken
    )
    {
        await using var server = new MiniServer(MiniServer.Hang);
        var watch = Stopwatch.StartNew();
        var warnings = await SendAsync(
            channel,
            server,
            cancellationToken,
            Quick with
            {
                Deadline = TimeSpan.FromMilliseconds(300),
            }
        );
        warnings.ShouldHaveSingleItem().ShouldContain("no answer within 0.3 s");
        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(3));
    }

    [Test]
    public async Task The_deadline_holds_for_both_tries_together(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer(MiniServer.Answer(429), MiniServer.Hang);
        var watch = Stopwatch.StartNew();
        (
            await SendAsync(
                "SLACK",
                server,
                cancellationToken,
                Quick with
                {
                    Deadline = TimeSpan.FromMilliseconds(600),
                }
            )
        ).ShouldHaveSingleItem();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Test]
    public async Task An_error_whose_explanation_never_comes_keeps_its_status(CancellationToken cancellationToken)
    {
        await using var server = new MiniServer("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nhalf");
        var warnings = await SendAsync(
            "SLACK",
            server,
            cancellationToken,
            Quick with
            {
                Deadline = TimeSpan.FromMilliseconds(300),
            }
        );
        warnings.ShouldBe(["slack was not notified: answered 403"]);
    }

    [TestCase("TELEGRAM", "secret-token")]
    [TestCase("SLACK", "secret-slack")]
    [TestCase("PAGERDUTY", "secret-key")]
    [TestCase("WEBHOOK", "secret-hook")]
    public async Task No_warning_holds_a_secret(string channel, string secret, CancellationToken cancellationToken)
    {
        string[] answers =
        [
            MiniServer.Answer(400, $"no such hook: {secret}\nat 127.0.0.1"),
            MiniServer.Answer(401, $$"""{"url":"http:\/\/127.0.0.1\/bot12:{{secret.ToUpperInvariant()}}"}"""),
            MiniServer.Answer(500, $"{new string('x', 110)} {secret}"),
            MiniServer.Garbage,
            MiniServer.Hangup,
        ];
        foreach (var answer in answers)
        {
            await using var server = new MiniServer(answer);
            var warning = (await SendAsync(channel, server, cancellationToken)).ShouldHaveSingleItem();
            warning.ShouldNotContain("secret-", Case.Insensitive);
            warning.ShouldNotContain("127.0");
            warning.ShouldNotContain('\n');
        }
    }

    [TestCaseSource(nameof(Channels))]
    public async Task A_connection_that_cannot_be_made_is_tried_again_and_told_without_the_address(
        string channel,
        CancellationToken cancellationToken
    )
    {
        var address = await ClosedAddressAsync();
        var warning = (
            await Notifiers
                .FromEnvironment(Channel.Variables(channel, address), Quick)
                .NotifyAllAsync(Notices.Of(NoticeEvent.Failure), cancellationToken)
        ).ShouldHaveSingleItem();
        warning.ShouldEndWith("no connection");
        warning.ShouldNotContain("127.0");
    }

    [Test]
    public async Task One_channel_that_fails_keeps_no_other_from_its_notice(CancellationToken cancellationToken)
    {
        await using var bad = new MiniServer(MiniServer.Hang);
        await using var good = new MiniServer();
        var variables = Channel
            .Variables("SLACK", bad.Address)
            .Concat(Channel.Variables("WEBHOOK", good.Address))
            .ToDictionary();
        var warnings = await Notifiers
            .FromEnvironment(variables, Quick with { Deadline = TimeSpan.FromMilliseconds(500) })
            .NotifyAllAsync(Notices.Of(NoticeEvent.Failure), cancellationToken);
        warnings.ShouldHaveSingleItem().ShouldStartWith("slack ");
        good.Requests.Count.ShouldBe(1);
    }

    private static async Task<string[]> SendAsync(
        string channel,
        MiniServer server,
        CancellationToken cancellationToken,
        NotifyOptions? options = null
    ) =>
        [
            .. await Notifiers
                .FromEnvironment(Channel.Variables(channel, server.Address), options ?? Quick)
                .NotifyAllAsync(Notices.Of(NoticeEvent.Failure), cancellationToken),
        ];

    private static async Task<string> ClosedAddressAsync()
    {
        await using var server = new MiniServer();
        return server.Address;
    }
}
