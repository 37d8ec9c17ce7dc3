using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Judging;

/// <summary>Why a canary cannot be passed yet.</summary>
internal static class Doubts
{
    /// <summary>
    /// A canary that looks ten times less likely to be good than chance explains is given more time, not more users.
    /// </summary>
    private const double Suspicious = 10;

    /// <summary>The gravest first; none: it may be passed.</summary>
    public static IEnumerable<Reason> Of(
        JudgingPolicy policy,
        CanaryStep step,
        Evidences known,
        string? silence,
        ImmutableArray<LeftOut> leftOut
    )
    {
        if (silence is not null)
            yield return new Reason(Trigger.Silent, $"the metrics say nothing: {silence}");
        if (AsksVitals(policy) && known.Vitals is null)
            yield return new Reason(Trigger.Silent, "nothing is known of the canary's containers");
        if (known.Value >= Suspicious)
            yield return new Reason(
                Trigger.Suspicious,
                $"it looks worse, which may be chance: {Words.Of(known.Tests.MaxBy(test => test.Weight * test.Value)!, policy, known)}"
            );
        foreach (var text in TooFew(policy, step, known))
            yield return new Reason(Trigger.TooFew, text);
        if (silence is null && known.SilentFor >= policy.SilentAfter)
            yield return new Reason(
                Trigger.Silent,
                leftOut.IsEmpty
                    ? $"the metrics have said nothing for {Words.Time(known.SilentFor)}"
                    : $"the metrics have said nothing that can be counted for {Words.Time(known.SilentFor)}: {Words.Of(leftOut[0])}"
            );
        if (known.Watched < step.Bake)
            yield return new Reason(
                Trigger.Baking,
                $"it has been watched for {Words.Time(known.Watched)} of {Words.Time(step.Bake)}"
            );
    }

    private static IEnumerable<string> TooFew(JudgingPolicy policy, CanaryStep step, Evidences known)
    {
        if (known.CanaryRequests < policy.LeastRequests)
            yield return Text("the canary had", known.CanaryRequests, policy.LeastRequests, "requests in this step");
        if (step.Share < 100 && known.ServingRequests < policy.LeastRequests)
            yield return Text(
                "what serves had",
                known.ServingRequests,
                policy.LeastRequests,
                "requests in this step to compare with"
            );
        if (known.Intervals < policy.LeastIntervals)
            yield return Text("the canary had requests in", known.Intervals, policy.LeastIntervals, "intervals");
        if (policy.HighErrorRate is { } errors && Of(Trial.HighErrorRate) < errors.LeastRequests)
            yield return Text("high_error_rate knows", Of(Trial.HighErrorRate), errors.LeastRequests, "requests");
        // A canary of which everything fails, or that has no requests but connections, has no latency.
        if (
            policy.HighResponseTime is { } times
            && known.Latencies.Any(route => route.Serving.Total > 0 || route.Canary.Total > 0)
            && Of(Trial.HighResponseTime) < times.LeastRequests
        )
            yield return Text("high_response_time knows", Of(Trial.HighResponseTime), times.LeastRequests, "requests");
        if (
            policy.RequestsDown is { } down
            && step.Share < 100
            && known.Tests.FirstOrDefault(test => test.Trial == Trial.RequestsDown) is { } test
            && test.Canary + test.Serving < down.LeastRequests
        )
            yield return Text("requests_down knows", test.Canary + test.Serving, down.LeastRequests, "requests");

        long Of(Trial trial) => known.Tests.FirstOrDefault(test => test.Trial == trial)?.Canary ?? 0;
    }

    private static string Text(string who, long has, long needs, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{who} {has:N0} of the {needs:N0} {what} that it takes");

    private static bool AsksVitals(JudgingPolicy policy) =>
        policy is not { HighMemory: null, Unhealthy: null, Restarts: null, OutOfMemory: null };
}
