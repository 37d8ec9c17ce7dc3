using Recyclic.Components.Notifications;

namespace Recyclic.Components.Tests;

public sealed class NotifiersTests
{
    [TestCase("", "", "")]
    [TestCase("TELEGRAM_BOT_TOKEN= ADMIN_TELEGRAM_IDS= SLACK_WEBHOOK= PAGERDUTY_ROUTING_KEY= WEBHOOK_URL=", "", "")]
    [TestCase("TELEGRAM_BOT_TOKEN=1:a ADMIN_TELEGRAM_IDS=7,-8;@ops", "telegram", "")]
    [TestCase("SLACK_WEBHOOK=https://a.example/x", "slack", "")]
    [TestCase("PAGERDUTY_ROUTING_KEY=k", "pagerduty", "")]
    [TestCase("WEBHOOK_URL=http://a.example", "webhook", "")]
    [TestCase(
        "TELEGRAM_BOT_TOKEN=1:a ADMIN_TELEGRAM_IDS=7 SLACK_WEBHOOK=https://a.example/x PAGERDUTY_ROUTING_KEY=k WEBHOOK_URL=http://a.example",
        "telegram slack pagerduty webhook",
        ""
    )]
    [TestCase(
        "TELEGRAM_BOT_TOKEN=1:a",
        "",
        "TELEGRAM_BOT_TOKEN is set, but ADMIN_TELEGRAM_IDS is not: no Telegram notices"
    )]
    [TestCase(
        "ADMIN_TELEGRAM_IDS=7",
        "",
        "ADMIN_TELEGRAM_IDS is set, but TELEGRAM_BOT_TOKEN is not: no Telegram notices"
    )]
    [TestCase("TELEGRAM_BOT_TOKEN=1:a ADMIN_TELEGRAM_IDS=,", "", "ADMIN_TELEGRAM_IDS holds no id: no Telegram notices")]
    [TestCase(
        "TELEGRAM_BOT_TOKEN=1:a ADMIN_TELEGRAM_IDS=7,ann",
        "telegram",
        "ADMIN_TELEGRAM_IDS: 1 of 2 are neither a number nor an @name: ignored"
    )]
    [TestCase(
        "TELEGRAM_BOT_TOKEN=1:a/../b ADMIN_TELEGRAM_IDS=7",
        "",
        "TELEGRAM_BOT_TOKEN is not a bot token: letters, digits, ':', '-' and '_': ignored"
    )]
    [TestCase(
        "TELEGRAM_BOT_TOKEN=1:a ADMIN_TELEGRAM_IDS=7 TELEGRAM_API_URL=nowhere",
        "",
        "TELEGRAM_API_URL is not an http or https address: ignored"
    )]
    [TestCase(
        "SLACK_WEBHOOK=hooks.example/x WEBHOOK_URL=file:///etc/passwd",
        "",
        "SLACK_WEBHOOK is not an http or https address: ignored|WEBHOOK_URL is not an http or https address: ignored"
    )]
    [TestCase(
        "PAGERDUTY_ROUTING_KEY=k PAGERDUTY_API_URL=ftp://a",
        "",
        "PAGERDUTY_API_URL is not an http or https address: ignored"
    )]
    public void Channels_are_those_that_the_environment_sets_up(string environment, string channels, string problems)
    {
        var variables = environment
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var notifiers = Notifiers.FromEnvironment(variables);
        notifiers
            .All.Select(notifier => notifier.Name)
            .ShouldBe(channels.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        notifiers.Problems.ShouldBe(problems.Split('|', StringSplitOptions.RemoveEmptyEntries));
    }

    [Test]
    public void Secrets_are_listed_for_the_log_and_not_printed()
    {
        var notifiers = Notifiers.FromEnvironment(
            new Dictionary<string, string>
            {
                ["TELEGRAM_BOT_TOKEN"] = " 1:secret-a\n",
                ["ADMIN_TELEGRAM_IDS"] = "7",
                ["SLACK_WEBHOOK"] = "secret-b",
                ["PAGERDUTY_ROUTING_KEY"] = "secret-c d",
                ["WEBHOOK_URL"] = "https://a.example/secret-d",
                ["TELEGRAM_API_URL"] = "http://proxy",
            }
        );
        notifiers.Secrets.ShouldBe(["1:secret-a", "secret-b", "secret-c d", "https://a.example/secret-d"]);
        (notifiers + string.Join(' ', notifiers.Problems)).ShouldNotContain("secret-");
    }

    [Test, CancelAfter(10_000)]
    public async Task A_notifier_that_throws_or_never_ends_is_a_warning_and_holds_up_no_other(
        CancellationToken cancellationToken
    )
    {
        var good = new Fake("good", () => Task.CompletedTask);
        var notifiers = new Notifiers(
            [
                new Fake("odd", () => throw new InvalidOperationException("secret-a")),
                new Fake("endless", () => new TaskCompletionSource().Task),
                new Fake("plain", () => throw new NotifyFailedException("answered 400\nsecond line")),
                good,
            ],
            ["half set up"],
            [],
            new NotifyOptions { Deadline = TimeSpan.FromMilliseconds(50) }
        );
        (await notifiers.NotifyAllAsync(Notices.Of(NoticeEvent.Success), cancellationToken)).ShouldBe([
            "half set up",
            "odd was not notified: InvalidOperationException",
            "endless was not notified: not done within 0.05 s",
            "plain was not notified: answered 400 second line",
        ]);
        good.Called.ShouldBeTrue();
    }

    [Test, CancelAfter(10_000)]
    public async Task A_cancelled_token_is_a_warning_too(CancellationToken cancellationToken)
    {
        var notifiers = new Notifiers([new Fake("fake", () => Task.CompletedTask)], [], [], new NotifyOptions());
        (
            await notifiers.NotifyAllAsync(Notices.Of(NoticeEvent.Success), new CancellationToken(canceled: true))
        ).ShouldBe(["fake was not notified: cancelled"]);
    }

    private sealed class Fake(string name, Func<Task> act) : INotifier
    {
        public string Name => name;

        public bool Called { get; private set; }

        public Task NotifyAsync(DeployNotice notice, CancellationToken cancellationToken)
        {
            Called = true;
            return act();
        }
    }
}
