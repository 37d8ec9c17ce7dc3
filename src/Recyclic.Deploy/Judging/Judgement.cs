using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Judging;

/// <summary>What is to be done with a canary; the names stand in journals.</summary>
internal enum Verdict
{
    /// <summary>Too little is known, or the bake time is not over: it stays as it is.</summary>
    Inconclusive,

    /// <summary>The step is through: it may have more.</summary>
    Pass,

    /// <summary>It is worse, or over a limit: back.</summary>
    Breach,
}

/// <summary>What a verdict comes from; the names are those that teams use, and stand in journals.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Trigger>))]
internal enum Trigger
{
    /// <summary>It fails more often than what serves.</summary>
    [JsonStringEnumMemberName("more_errors")]
    MoreErrors,

    /// <summary>It is slower than what serves.</summary>
    [JsonStringEnumMemberName("slower")]
    Slower,

    /// <summary>Over its limit.</summary>
    [JsonStringEnumMemberName("high_error_rate")]
    HighErrorRate,

    /// <summary>Over its limit.</summary>
    [JsonStringEnumMemberName("high_response_time")]
    HighResponseTime,

    /// <summary>Below its limit.</summary>
    [JsonStringEnumMemberName("requests_down")]
    RequestsDown,

    /// <summary>Over its limit.</summary>
    [JsonStringEnumMemberName("high_memory")]
    HighMemory,

    /// <summary>The engine calls a container unhealthy, and goes on doing so.</summary>
    [JsonStringEnumMemberName("health_check_failure")]
    HealthCheckFailure,

    /// <summary>A container ended and was started again.</summary>
    [JsonStringEnumMemberName("restarts")]
    Restarts,

    /// <summary>The kernel killed a process for want of memory.</summary>
    [JsonStringEnumMemberName("out_of_memory")]
    OutOfMemory,

    /// <summary>It was held for as long as it may be.</summary>
    [JsonStringEnumMemberName("held_too_long")]
    HeldTooLong,

    /// <summary>The bake time is not over.</summary>
    [JsonStringEnumMemberName("baking")]
    Baking,

    /// <summary>A source says nothing.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>There are too few requests to know.</summary>
    [JsonStringEnumMemberName("too_few")]
    TooFew,

    /// <summary>It looks worse, which may be chance: more samples will say.</summary>
    [JsonStringEnumMemberName("suspicious")]
    Suspicious,
}

/// <summary>One reason of a verdict.</summary>
/// <param name="Trigger">What it comes from.</param>
/// <param name="Text">For people, with its numbers.</param>
internal sealed record Reason(Trigger Trigger, string Text);

/// <summary>Why an interval was left out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SampleFault>))]
internal enum SampleFault
{
    /// <summary>It ends before it begins, or is longer than a day.</summary>
    NoTime,

    /// <summary>It has been counted already, all of it or a part.</summary>
    Counted,

    /// <summary>It lies in the future: a clock was set.</summary>
    Future,

    /// <summary>A number is negative, too large to be one, or more are bad than there are.</summary>
    NoNumber,
}

/// <summary>An interval that was not counted.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="Fault">What is wrong with it.</param>
internal sealed record LeftOut(DateTimeOffset From, SampleFault Fault);

/// <summary>One step of a canary.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Share">Of requests that the canary gets, in percent, 1 to 100.</param>
/// <param name="Bake">It is not passed before it has been looked at for so long.</param>
internal sealed record CanaryStep(int Number, int Share, TimeSpan Bake);

/// <summary>
/// One judgement: all that went in, and all that came out. What was counted in it is enough to judge once more, by
/// <see cref="Judge.Again"/>; <see cref="After"/> is what the next one begins with.
/// </summary>
/// <param name="At">By the clock of whoever judged.</param>
/// <param name="Step">Where the canary was.</param>
/// <param name="Policy">What it was judged by.</param>
/// <param name="Before">What was known before.</param>
/// <param name="Intervals">What had been counted since.</param>
/// <param name="Silence">Why a source said nothing; null: it spoke.</param>
/// <param name="LeftOut">What of it was not counted.</param>
/// <param name="After">What is known now.</param>
/// <param name="Verdict">What is to be done.</param>
/// <param name="Reasons">All of them, the gravest first; of Pass, none.</param>
internal sealed record Judgement(
    DateTimeOffset At,
    CanaryStep Step,
    JudgingPolicy Policy,
    Evidences Before,
    ImmutableArray<Interval> Intervals,
    string? Silence,
    ImmutableArray<LeftOut> LeftOut,
    Evidences After,
    Verdict Verdict,
    ImmutableArray<Reason> Reasons
)
{
    /// <summary>As one line, without its line feed.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JudgingJson.Default.Judgement);

    /// <summary>Null: it is none, or was cut short or spoilt.</summary>
    public static Judgement? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JudgingJson.Default.Judgement) is { } read && read.IsWhole
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonIgnore]
    private bool IsWhole =>
        Step is { Share: >= 0 and <= 100 }
        && Step.Bake >= TimeSpan.Zero
        && Step.Bake <= JudgingPolicy.Longest
        && Policy is { Routes.IsDefault: false, Quantiles.IsDefault: false }
        && Policy.Routes.All(route => route is not null)
        && !Policy.Mistakes().Any()
        && Before is { IsWhole: true }
        && After is { IsWhole: true }
        && Enum.IsDefined(Verdict)
        && !Reasons.IsDefault
        && Reasons.All(reason => reason is { Text: not null })
        && !LeftOut.IsDefault
        && LeftOut.All(leftOut => leftOut is not null)
        && !Intervals.IsDefault
        && Intervals.All(interval => interval is not null && SampleCare.IsPossible(interval));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Judgement))]
internal sealed partial class JudgingJson : JsonSerializerContext;
