using System.Collections.Immutable;

namespace Recyclic.Deploy.Judging;

/// <summary>What one more interval adds to what is known.</summary>
internal static class Counting
{
    /// <summary>What comes on routes that are not looked at by themselves.</summary>
    public const string Others = "others";

    /// <summary>Each part of the whole that each kind of test may use up of <see cref="JudgingPolicy.FalseAborts"/>.</summary>
    private const double ErrorsOfAll = 0.25,
        ErrorsByRoute = 0.15,
        Latency = 0.3,
        EachLimit = 0.1;

    /// <summary>The tests of a policy, before anything was counted.</summary>
    public static ImmutableArray<Evidence> TestsOf(JudgingPolicy policy)
    {
        ImmutableArray<string> routes = [.. policy.Routes.Append(Others).Distinct()];
        var alone = routes.Length == 1;
        var tests = new List<Evidence>
        {
            new(Trial.MoreErrors, null, 0, alone ? ErrorsOfAll + ErrorsByRoute : ErrorsOfAll),
        };
        if (!alone)
            tests.AddRange(
                routes.Select(route => new Evidence(Trial.MoreErrors, route, 0, ErrorsByRoute / routes.Length))
            );
        tests.AddRange(
            from route in routes
            from quantile in policy.Quantiles
            select new Evidence(Trial.Slower, route, quantile, Latency / (routes.Length * policy.Quantiles.Length))
        );
        if (policy.HighErrorRate is not null)
            tests.Add(new Evidence(Trial.HighErrorRate, null, 0, EachLimit));
        if (policy.HighResponseTime is not null)
            tests.Add(new Evidence(Trial.HighResponseTime, null, 0.95, EachLimit));
        if (policy.RequestsDown is not null)
            tests.Add(new Evidence(Trial.RequestsDown, null, 0, EachLimit));
        return [.. tests];
    }

    /// <summary>After one interval of a step.</summary>
    public static Evidences Add(Evidences known, JudgingPolicy policy, CanaryStep step, Interval interval)
    {
        var before = known.Latencies.ToDictionary(latency => latency.Route);
        var canary = interval.Routes.Sum(route => route.Canary.Requests);
        var vitals = interval.Vitals;
        return known with
        {
            CountedUntil = interval.Until,
            CanaryRequests = known.CanaryRequests + canary,
            ServingRequests = known.ServingRequests + interval.Routes.Sum(route => route.Serving.Requests),
            Intervals = known.Intervals + (canary > 0 ? 1 : 0),
            Tests =
            [
                // What was counted while the share changed says nothing of the share.
                .. known.Tests.Select(test =>
                    test.Trial == Trial.RequestsDown && known.Intervals == 0
                        ? test
                        : Add(test, policy, step, interval.Routes, before)
                ),
            ],
            Latencies = Add(known.Latencies, policy, interval),
            Vitals = vitals,
            MemoryHigh =
                vitals is null ? known.MemoryHigh
                : vitals.Memory > policy.HighMemory?.Above ? known.MemoryHigh + 1
                : 0,
            Unhealthy =
                vitals is null ? known.Unhealthy
                : vitals.Unhealthy > 0 ? known.Unhealthy + 1
                : 0,
        };
    }

    private static Evidence Add(
        Evidence test,
        JudgingPolicy policy,
        CanaryStep step,
        ImmutableArray<RouteCounts> routes,
        Dictionary<string, RouteLatency> before
    )
    {
        var its = routes.Where(route => test.Route is null || NameOf(policy, route.Route) == test.Route);
        switch (test.Trial)
        {
            case Trial.MoreErrors:
                return Compare(
                    test,
                    its.Select(route => new Pair(
                        route.Canary.Errors,
                        route.Canary.Requests,
                        route.Serving.Errors,
                        route.Serving.Requests
                    ))
                );
            case Trial.Slower:
                return
                    before.TryGetValue(test.Route!, out var known)
                    && SlowAbove(test, policy, known) is var (own, theirs)
                    ? Compare(
                        test,
                        its.Select(route => new Pair(
                            route.Canary.Latency.Over(theirs),
                            route.Canary.Latency.Total,
                            route.Serving.Latency.Over(own),
                            route.Serving.Latency.Total
                        ))
                    )
                    : test;
            case Trial.HighErrorRate when policy.HighErrorRate is { } errors:
                return Limit(
                    test,
                    errors.Above,
                    its.Sum(route => route.Canary.Errors),
                    its.Sum(route => route.Canary.Requests)
                );
            case Trial.HighResponseTime when policy.HighResponseTime is { } times:
                var bucket = Latencies.BucketOf((long)times.Above.TotalMilliseconds);
                return Limit(
                    test,
                    1 - test.Quantile,
                    its.Sum(route => route.Canary.Latency.Over(bucket)),
                    its.Sum(route => route.Canary.Latency.Total)
                );
            case Trial.RequestsDown when policy.RequestsDown is { } down:
                return RequestsDown(test, down.Above, policy.OneVisitor, step, its);
            default:
                return test;
        }
    }

    /// <summary>
    /// The buckets above which a request counts as slow: of the release that serves, above its quantile so far; of the
    /// canary, above what is allowed beyond that. Null: too little is known of the quantile.
    /// </summary>
    private static (int Serving, int Canary)? SlowAbove(Evidence test, JudgingPolicy policy, RouteLatency known)
    {
        var needed = 10 / Math.Min(test.Quantile, 1 - test.Quantile);
        if (known.Serving.Total < needed || known.Serving.BucketAt(test.Quantile) is not { } bucket)
            return null;
        var end = Latencies.EndOf(bucket);
        var more = Math.Max(policy.SlowerBy.TotalMilliseconds, end * policy.SlowerByPart);
        return (bucket, Latencies.BucketOf((long)Math.Ceiling(end + more)));
    }

    private static Evidence RequestsDown(
        Evidence test,
        double down,
        int oneVisitor,
        CanaryStep step,
        IEnumerable<RouteCounts> routes
    )
    {
        var canary = routes.Sum(route => route.Canary.Requests);
        var serving = routes.Sum(route => route.Serving.Requests);
        if (step.Share is <= 0 or >= 100 || canary + serving == 0)
            return test;
        var share = step.Share / 100.0;
        // Of what serves, where the canary gets only just what it must.
        var limit = (1 - share) / (1 - share + share * (1 - down));
        var next = test.Add(odds => Comparison.OfLimit(odds, limit, serving, canary + serving) / oneVisitor);
        return next with { Canary = next.Canary + canary, Serving = next.Serving + serving };
    }

    private static Evidence Limit(Evidence test, double limit, long bad, long all)
    {
        if (all == 0)
            return test;
        var next = test.Add(odds => Comparison.OfLimit(odds, limit, bad, all));
        return next with { CanaryBad = next.CanaryBad + bad, Canary = next.Canary + all };
    }

    private static Evidence Compare(Evidence test, IEnumerable<Pair> pairs)
    {
        var all = pairs.Where(pair => pair.Canary > 0 && pair.Serving > 0).ToList();
        if (all.Count == 0)
            return test;
        // Where nothing is bad, or all is, nothing can be told apart.
        var telling = all.Where(pair =>
                pair.CanaryBad + pair.ServingBad is var bad && bad > 0 && bad < pair.Canary + pair.Serving
            )
            .ToList();
        var next =
            telling.Count == 0
                ? test
                : test.Add(odds =>
                    telling.Sum(pair =>
                        Comparison.OfSides(odds, pair.CanaryBad, pair.Canary, pair.ServingBad, pair.Serving)
                    )
                );
        return next with
        {
            CanaryBad = next.CanaryBad + all.Sum(pair => pair.CanaryBad),
            Canary = next.Canary + all.Sum(pair => pair.Canary),
            ServingBad = next.ServingBad + all.Sum(pair => pair.ServingBad),
            Serving = next.Serving + all.Sum(pair => pair.Serving),
        };
    }

    private static ImmutableArray<RouteLatency> Add(
        ImmutableArray<RouteLatency> known,
        JudgingPolicy policy,
        Interval interval
    )
    {
        var sums = known.ToDictionary(latency => latency.Route);
        foreach (var route in interval.Routes)
        {
            var name = NameOf(policy, route.Route);
            var so = sums.GetValueOrDefault(name) ?? new RouteLatency(name, Latencies.None, Latencies.None);
            sums[name] = so with
            {
                Serving = so.Serving.Plus(route.Serving.Latency),
                Canary = so.Canary.Plus(route.Canary.Latency),
            };
        }
        return [.. sums.Values.OrderBy(sum => sum.Route, StringComparer.Ordinal)];
    }

    private static string NameOf(JudgingPolicy policy, string route) => policy.Routes.Contains(route) ? route : Others;

    private readonly record struct Pair(long CanaryBad, long Canary, long ServingBad, long Serving);
}
