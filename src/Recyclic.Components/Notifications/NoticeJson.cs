using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Notifications;

internal sealed record TelegramMessage(string ChatId, string Text, TelegramLinkPreview LinkPreviewOptions);

internal sealed record TelegramLinkPreview(bool IsDisabled);

/// <param name="Mrkdwn">False: no `*bold*`, no backticks. `&amp;`, `&lt;` and `>` keep their meaning and are to be
/// escaped all the same.</param>
internal sealed record SlackMessage(string Text, bool Mrkdwn, bool UnfurlLinks);

internal sealed record PagerDutyEvent(string RoutingKey, string EventAction, string DedupKey)
{
    public PagerDutyPayload? Payload { get; init; }
    public string? Client { get; init; }
    public string? ClientUrl { get; init; }
    public ImmutableArray<PagerDutyLink>? Links { get; init; }
}

internal sealed record PagerDutyPayload(
    string Summary,
    string Source,
    string Severity,
    DateTimeOffset Timestamp,
    string Component,
    string Group,
    string Class,
    ImmutableSortedDictionary<string, string> CustomDetails
);

internal sealed record PagerDutyLink(string Href, string Text);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(LowerCaseEvent), typeof(LowerCaseOperation), typeof(UtcTime)]
)]
[JsonSerializable(typeof(DeployNotice))]
internal sealed partial class NoticeJson : JsonSerializerContext;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)]
)]
[JsonSerializable(typeof(TelegramMessage))]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(PagerDutyEvent))]
internal sealed partial class ChannelJson : JsonSerializerContext;

internal sealed class LowerCaseEvent() : JsonStringEnumConverter<NoticeEvent>(JsonNamingPolicy.CamelCase);

internal sealed class LowerCaseOperation() : JsonStringEnumConverter<Operation>(JsonNamingPolicy.CamelCase);

/// <summary>Times as `2026-01-31T09:30:00.125Z`, whatever their offset.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        );
}
