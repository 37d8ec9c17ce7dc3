using System.Collections.Immutable;

namespace Recyclic.Deploy.Judging;

/// <summary>
/// Judges a canary by what was counted of it and of the release that serves, at the same moments. Pure: what was
/// recorded is judged the same once more.
/// </summary>
internal static class Judge
{
    /// <summary>One look.</summary>
    /// <param name="policy">The same for the whole canary.</param>
    /// <param name="before">What the last judgement left, or <see cref="Evidences.None"/>.</param>
    /// <param name="step">Where the canary is, since the last look.</param>
    /// <param name="intervals">What was counted since, in any order; empty: nothing.</param>
    /// <param name="silence">Why a source said nothing; null: it spoke.</param>
    /// <param name="now">By the clock that the intervals go by.</param>
    public static Judgement Look(
        JudgingPolicy policy,
        Evidences before,
        CanaryStep step,
        IEnumerable<Interval> intervals,
        string? silence,
        DateTimeOffset now
    )
    {
        var (counted, leftOut) = SampleCare.Sort(policy, CountedUntil(before, now), intervals, now);
        return Of(policy, before, step, counted, leftOut, silence, now);
    }

    /// <summary>The same judgement, made once more from what is recorded of it.</summary>
    public static Judgement Again(Judgement record) =>
        Of(record.Policy, record.Before, record.Step, record.Intervals, record.LeftOut, record.Silence, record.At);

    /// <summary>
    /// A clock that was set back would have all that is new count as old until it has caught up: what begins after this
    /// look is new for certain.
    /// </summary>
    private static DateTimeOffset? CountedUntil(Evidences before, DateTimeOffset now) =>
        now < before.LookedAt ? now : before.CountedUntil;

    private static Judgement Of(
        JudgingPolicy policy,
        Evidences before,
        CanaryStep step,
        ImmutableArray<Interval> counted,
        ImmutableArray<LeftOut> leftOut,
        string? silence,
        DateTimeOffset now
    )
    {
        var known = Begin(policy, before, step, now);
        // Between two looks nobody was there, or a clock was set: neither is time in which the canary was watched.
        var since = now - (before.LookedAt ?? now);
        since = TimeSpan.FromTicks(Math.Clamp(since.Ticks, 0, policy.SilentAfter.Ticks));
        known = counted.Aggregate(known, (sum, interval) => Counting.Add(sum, policy, step, interval));
        known = known with
        {
            LookedAt = now,
            Watched = known.Watched + since,
            // A source that has lost sight of the traffic may go on saying that there is none.
            SilentFor = counted.Any(interval => interval.Routes.Any(route => HasRequests(route)))
                ? TimeSpan.Zero
                : known.SilentFor + since,
        };

        var doubts = Doubts.Of(policy, step, known, silence, leftOut).ToImmutableArray();
        var breaches = Breaches.Of(policy, known).ToImmutableArray();
        if (breaches.IsEmpty && !doubts.IsEmpty && known.Watched - step.Bake >= policy.HoldAtMost)
            breaches = [Breaches.HeldTooLong(policy, doubts)];
        known = known with
        {
            Breaches = known.Breaches.AddRange(
                breaches.Where(breach => known.Breaches.All(found => found.Trigger != breach.Trigger))
            ),
        };
        return new Judgement(
            now,
            step,
            policy,
            before,
            counted,
            silence,
            leftOut,
            known,
            !known.Breaches.IsEmpty ? Verdict.Breach
                : doubts.IsEmpty ? Verdict.Pass
                : Verdict.Inconclusive,
            !known.Breaches.IsEmpty ? known.Breaches : doubts
        );
    }

    private static bool HasRequests(RouteCounts route) => route.Serving.Requests + route.Canary.Requests > 0;

    private static Evidences Begin(JudgingPolicy policy, Evidences before, CanaryStep step, DateTimeOffset now)
    {
        var known = before with { CountedUntil = CountedUntil(before, now) };
        if (known.Tests.IsEmpty)
            known = known with { Tests = Counting.TestsOf(policy) };
        return known.Step == step.Number
            ? known
            : known with
            {
                Step = step.Number,
                Watched = TimeSpan.Zero,
                SilentFor = TimeSpan.Zero,
                CanaryRequests = 0,
                ServingRequests = 0,
                Intervals = 0,
            };
    }
}
