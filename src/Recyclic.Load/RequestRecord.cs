using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Recyclic.Load;

/// <summary>
/// One finished request. Times are <see cref="System.Diagnostics.Stopwatch"/> ticks, and the same moments on the wall
/// clock.
/// </summary>
public readonly record struct RequestRecord
{
    /// <summary>Converts ticks to the wall clock.</summary>
    [JsonIgnore]
    public LoadClock Clock { get; init; }

    /// <summary><see cref="LoadTarget.Name"/> of the target asked.</summary>
    public required string Target { get; init; }

    /// <summary>When the request was due; latency counts from here.</summary>
    [JsonIgnore]
    public long ScheduledTicks { get; init; }

    /// <summary>When the client began to connect or send.</summary>
    [JsonIgnore]
    public long StartedTicks { get; init; }

    /// <summary>When the last byte of the response was read, or the failure was noticed.</summary>
    [JsonIgnore]
    public long EndedTicks { get; init; }

    /// <summary>Whether <see cref="LoadTarget.SlowPath"/> was asked.</summary>
    public bool Slow { get; init; }

    /// <summary>Whether the request used a connection of its own.</summary>
    public bool NewConnection { get; init; }

    /// <summary>The status code; 0 without a response.</summary>
    public int Status { get; init; }

    /// <summary>None of an answered request; a cancelled one has a reason, and is no failure.</summary>
    public FailureReason Failure { get; init; }

    /// <summary>What the classifier saw; empty for a failed request.</summary>
    public ImmutableArray<string> Versions { get; init; }

    /// <summary>
    /// Evidence of a failure: the error's text or the beginning of the response; null for an answered request.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary><see cref="ScheduledTicks"/> in milliseconds since 1970 UTC.</summary>
    public double ScheduledUnixMs => Clock.UnixMilliseconds(ScheduledTicks);

    /// <summary><see cref="StartedTicks"/> in milliseconds since 1970 UTC.</summary>
    public double StartedUnixMs => Clock.UnixMilliseconds(StartedTicks);

    /// <summary><see cref="EndedTicks"/> in milliseconds since 1970 UTC.</summary>
    public double EndedUnixMs => Clock.UnixMilliseconds(EndedTicks);

    /// <summary>From the scheduled time to the end.</summary>
    [JsonIgnore]
    public TimeSpan Latency => LoadClock.Span(EndedTicks - ScheduledTicks);

    /// <summary>A complete response with a status from 200 to 399.</summary>
    [JsonIgnore]
    public bool Answered => Failure == FailureReason.None;

    /// <summary>Neither answered nor cancelled.</summary>
    [JsonIgnore]
    public bool Failed => Failure is not (FailureReason.None or FailureReason.Cancelled);
}
