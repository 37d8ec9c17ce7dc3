using System.Collections.Immutable;
using System.Text.Json;
using Recyclic.Components.Notifications.Adapters;

namespace Recyclic.Components.Notifications;

/// <summary>
/// Plain text to each chat: without `parse_mode` Telegram reads no markup, so nothing needs escaping.
/// </summary>
internal sealed class TelegramNotifier(HttpSender sender, Uri api, string token, ImmutableArray<string> chats)
    : INotifier
{
    public string Name => "telegram";

    public async Task NotifyAsync(DeployNotice notice, CancellationToken cancellationToken)
    {
        var text = NoticeText.Plain(notice);
        var destination = new Destination(
            new Uri($"{api.AbsoluteUri.TrimEnd('/')}/bot{token}/sendMessage"),
            [token, .. token.Split(':').Where(part => part.Length >= 6)]
        );
        var reasons = await Task.WhenAll(
            chats.Select(chat => sender.PostAsync(destination, Message(chat, text), cancellationToken))
        );
        var failed = reasons
            .Select((reason, index) => (Reason: reason, Number: index + 1))
            .Where(chat => chat.Reason is not null)
            .ToList();
        if (failed.Count == 0)
            return;
        // Which chats by position: ids are personal, and warnings end up in logs.
        throw new NotifyFailedException(
            chats.Length == 1
                ? failed[0].Reason!
                : $"{failed.Count} of {chats.Length} chats not reached; number {string.Join(", ", failed.Select(chat => chat.Number))} of ADMIN_TELEGRAM_IDS: {failed[0].Reason}"
        );
    }

    private static byte[] Message(string chat, string text) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new TelegramMessage(chat, text, new TelegramLinkPreview(IsDisabled: true)),
            ChannelJson.Default.TelegramMessage
        );
}

/// <summary>A message to an incoming webhook, which knows its channel.</summary>
internal sealed class SlackNotifier(HttpSender sender, Uri webhook) : INotifier
{
    public string Name => "slack";

    public async Task NotifyAsync(DeployNotice notice, CancellationToken cancellationToken)
    {
        var facts = NoticeText
            .Facts(notice)
            .Select(fact =>
                $"{fact.Label}: {(fact.Value == notice.RunUrl ? $"<{Escape(fact.Value)}>" : Escape(fact.Value))}"
            );
        var text = string.Join('\n', facts.Prepend(Escape(NoticeText.Headline(notice))));
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new SlackMessage(text, Mrkdwn: false, UnfurlLinks: false),
            ChannelJson.Default.SlackMessage
        );
        if (
            await sender.PostAsync(new Destination(webhook, Secrets.Of(webhook)), json, cancellationToken) is { } reason
        )
            throw new NotifyFailedException(reason);
    }

    /// <summary>
    /// The three characters that Slack reads as control: `&lt;!channel>` in a tag would wake everyone.
    /// </summary>
    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}

/// <summary>
/// One alert per application and environment: opened by a failure, raised by the next, closed by the next success. A
/// cancelled deploy or an approval says nothing of the service, so it neither opens nor closes one.
/// </summary>
internal sealed class PagerDutyNotifier(HttpSender sender, Uri api, string routingKey) : INotifier
{
    private const int LongestDedupKey = 255;
    private const int LongestSummary = 1024;

    public string Name => "pagerduty";

    public async Task NotifyAsync(DeployNotice notice, CancellationToken cancellationToken)
    {
        if (notice.Event is NoticeEvent.Cancelled or NoticeEvent.Approved)
            return;
        var destination = new Destination(
            new Uri($"{api.AbsoluteUri.TrimEnd('/')}/v2/enqueue"),
            [routingKey],
            MayRepeat: true
        );
        var json = JsonSerializer.SerializeToUtf8Bytes(EventOf(notice), ChannelJson.Default.PagerDutyEvent);
        if (await sender.PostAsync(destination, json, cancellationToken) is { } reason)
            throw new NotifyFailedException(reason);
    }

    private PagerDutyEvent EventOf(DeployNotice notice)
    {
        var key = NoticeText.Value($"{notice.App}/{notice.Environment}", LongestDedupKey);
        if (notice.Event == NoticeEvent.Success)
            return new PagerDutyEvent(routingKey, "resolve", key);
        var summary = NoticeText.Headline(notice) + (notice.Reason is null ? "" : $": {notice.Reason}");
        return new PagerDutyEvent(routingKey, "trigger", key)
        {
            Payload = new PagerDutyPayload(
                NoticeText.Value(summary, LongestSummary),
                NoticeText.Value(notice.Host),
                notice.Event == NoticeEvent.Emergency ? "critical" : "error",
                notice.StartedAt,
                NoticeText.Value(notice.App),
                NoticeText.Value(notice.Environment),
                NoticeText.Value(notice.Operation.ToString()).ToLowerInvariant(),
                NoticeText.Facts(notice).ToImmutableSortedDictionary(fact => fact.Label, fact => fact.Value)
            ),
            Client = "recyclic",
            ClientUrl = notice.RunUrl,
            Links = notice.RunUrl is { } url ? [new PagerDutyLink(url, "run")] : null,
        };
    }
}

/// <summary>The notice itself as JSON; see <see cref="DeployNotice"/> for its fields.</summary>
internal sealed class WebhookNotifier(HttpSender sender, Uri address) : INotifier
{
    public string Name => "webhook";

    public async Task NotifyAsync(DeployNotice notice, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(notice, NoticeJson.Default.DeployNotice);
        if (
            await sender.PostAsync(new Destination(address, Secrets.Of(address)), json, cancellationToken) is { } reason
        )
            throw new NotifyFailedException(reason);
    }
}

internal static class Secrets
{
    private const int ShortestPart = 6;

    /// <summary>The parts of a secret address that an answer might repeat, however it writes the rest.</summary>
    public static string[] Of(Uri address) =>
        [
            .. $"{address.Host}/{address.UserInfo}/{address.PathAndQuery}/{Uri.UnescapeDataString(address.PathAndQuery)}"
                .Split('/', '?', '&', '=', ':')
                .Where(part => part.Length >= ShortestPart)
                .Distinct(),
        ];
}
