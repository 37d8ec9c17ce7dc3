using System.Collections.Immutable;

namespace Recyclic.Deploy.Judging;

/// <summary>The highest rate that is allowed.</summary>
/// <param name="Above">More than this is a breach: a part of all, between 0 and 1.</param>
/// <param name="LeastRequests">With fewer nothing is known yet, and the canary is held.</param>
internal sealed record RateLimit(double Above, long LeastRequests);

/// <summary>The longest time that 19 of 20 requests may take.</summary>
/// <param name="Above">Told at most 5 % too high.</param>
/// <param name="LeastRequests">With fewer nothing is known yet, and the canary is held.</param>
internal sealed record TimeLimit(TimeSpan Above, long LeastRequests);

/// <summary>How full memory may be.</summary>
/// <param name="Above">Of the container's limit, between 0 and 1.</param>
/// <param name="Intervals">So many in a row must be above it.</param>
internal sealed record MemoryLimit(double Above, int Intervals);

/// <summary>What a canary is judged by. What is null is not asked.</summary>
internal sealed record JudgingPolicy
{
    /// <summary>Nothing is waited for longer than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>
    /// How many canaries that are no worse than what serves may be aborted for their errors and their latency, of all,
    /// whatever the number of looks, routes and quantiles.
    /// </summary>
    public double FalseAborts { get; init; } = 0.01;

    /// <summary>The routes that are looked at by themselves; what comes on others is looked at together.</summary>
    public ImmutableArray<string> Routes { get; init; } = [];

    /// <summary>The quantiles of the serving release's latency that the canary is measured by.</summary>
    public ImmutableArray<double> Quantiles { get; init; } = [0.5, 0.95, 0.99];

    /// <summary>
    /// A quantile may be higher by this part, or by <see cref="SlowerBy"/> if that is more: what nobody notices is no
    /// reason to abort, however sure it is.
    /// </summary>
    public double SlowerByPart { get; init; } = 0.1;

    /// <summary>Default: 25 ms.</summary>
    public TimeSpan SlowerBy { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How many requests each of both must have had in a step before it can be passed.</summary>
    public long LeastRequests { get; init; } = 300;

    /// <summary>In how many intervals of a step the canary must have had requests before it can be passed.</summary>
    public int LeastIntervals { get; init; } = 3;

    /// <summary>`high_error_rate`.</summary>
    public RateLimit? HighErrorRate { get; init; } = new(0.05, 100);

    /// <summary>`high_response_time`: of p95.</summary>
    public TimeLimit? HighResponseTime { get; init; } = new(TimeSpan.FromSeconds(1), 100);

    /// <summary>
    /// `requests_down`: how much less than its share the canary may get; the least number is of both. Requests of one
    /// visitor come together, so <see cref="OneVisitor"/> of them count as one.
    /// </summary>
    public RateLimit? RequestsDown { get; init; } = new(0.3, 1000);

    /// <summary>As many requests one visitor may make without being taken for more than one.</summary>
    public int OneVisitor { get; init; } = 100;

    /// <summary>`high_memory`.</summary>
    public MemoryLimit? HighMemory { get; init; } = new(0.8, 3);

    /// <summary>`health_check_failure`: for so many intervals in a row a container is unhealthy.</summary>
    public int? Unhealthy { get; init; } = 2;

    /// <summary>`restarts`: more than so many.</summary>
    public int? Restarts { get; init; } = 0;

    /// <summary>`out_of_memory`: more than so many processes killed.</summary>
    public int? OutOfMemory { get; init; } = 0;

    /// <summary>
    /// How long a step is held beyond its bake time before it counts as failed. Only time in which somebody looked
    /// counts.
    /// </summary>
    public TimeSpan HoldAtMost { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A source that said nothing for so long is silent: the canary is held. A longer time between two looks counts as
    /// this long, whatever a clock says.
    /// </summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Samples from the future, by more than this, are left out.</summary>
    public TimeSpan ClocksDifferBy { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What cannot be meant, a sentence each; empty: nothing.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (FalseAborts is not (> 0 and <= 0.5))
            yield return "the part of good canaries that may be aborted must be above 0 and at most 0.5";
        if (Quantiles.Any(quantile => quantile is not (> 0 and < 1)))
            yield return "a quantile is between 0 and 1, as 0.95 is";
        if (SlowerByPart is not (>= 0 and <= 10) || SlowerBy < TimeSpan.Zero || SlowerBy > Longest)
            yield return "a quantile may be higher by a part of 0 to 10 and a time of 0 or more";
        if (LeastRequests < 1 || LeastIntervals < 1 || OneVisitor < 1)
            yield return "least numbers are 1 or more";
        if (new[] { HighErrorRate, RequestsDown }.Any(limit => limit is { Above: not (> 0 and < 1) }))
            yield return "a rate's limit is between 0 and 1, as 0.05 is";
        if (HighMemory is { Above: not (> 0 and <= 1) } or { Intervals: < 1 })
            yield return "memory's limit is above 0 and at most 1, for 1 interval or more";
        if (HighResponseTime?.Above is { } time && (time <= TimeSpan.Zero || time > TimeSpan.FromMinutes(9)))
            yield return "the limit of the response time is above 0 and at most 9 minutes";
        if (Unhealthy < 1 || Restarts < 0 || OutOfMemory < 0)
            yield return "a container is unhealthy for 1 interval or more; restarts and kills are 0 or more";
        if (new[] { HoldAtMost, SilentAfter, ClocksDifferBy }.Any(time => time <= TimeSpan.Zero || time > Longest))
            yield return "times are above 0 and at most 30 days";
    }
}
