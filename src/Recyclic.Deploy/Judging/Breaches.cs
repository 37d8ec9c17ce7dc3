using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Judging;

/// <summary>Why a canary is to go back.</summary>
internal static class Breaches
{
    /// <summary>A test has its part in a verdict from this part of what was needed on.</summary>
    private const double Part = 0.2;

    /// <summary>The gravest first; none: nothing is wrong with it.</summary>
    public static IEnumerable<Reason> Of(JudgingPolicy policy, Evidences known)
    {
        foreach (var reason in OfContainers(policy, known))
            yield return reason;
        var needed = 1 / policy.FalseAborts;
        if (known.Value < needed)
            yield break;
        var found = known
            .Tests.Where(test => test.Weight * test.Value >= Part * needed)
            .DefaultIfEmpty(known.Tests.MaxBy(test => test.Weight * test.Value)!)
            .OrderByDescending(test => test.Weight * test.Value)
            .DistinctBy(test => test.Trial);
        foreach (var test in found)
            yield return new Reason(TriggerOf(test.Trial), Words.Of(test, policy, known));
    }

    /// <summary>It was never good enough to go on.</summary>
    public static Reason HeldTooLong(JudgingPolicy policy, ImmutableArray<Reason> doubts) =>
        new(Trigger.HeldTooLong, $"it was held for {Words.Time(policy.HoldAtMost)}: {doubts[0].Text}");

    private static IEnumerable<Reason> OfContainers(JudgingPolicy policy, Evidences known)
    {
        if (known.Vitals is { } vitals)
        {
            if (vitals.OutOfMemory > policy.OutOfMemory)
                yield return new Reason(
                    Trigger.OutOfMemory,
                    Text($"{vitals.OutOfMemory} of the canary's processes were killed for want of memory")
                );
            if (vitals.Restarts > policy.Restarts)
                yield return new Reason(
                    Trigger.Restarts,
                    Text(
                        $"the canary's containers were restarted, {vitals.Restarts} times; {policy.Restarts} is allowed"
                    )
                );
        }
        if (known.Unhealthy >= policy.Unhealthy)
            yield return new Reason(
                Trigger.HealthCheckFailure,
                Text($"a container of the canary has been unhealthy at {known.Unhealthy} looks in a row")
            );
        if (policy.HighMemory is { } memory && known.MemoryHigh >= memory.Intervals)
            yield return new Reason(
                Trigger.HighMemory,
                Text(
                    $"a container of the canary has used more than {Words.Percent(memory.Above)} of its memory at {known.MemoryHigh} looks in a row; now {Words.Percent(known.Vitals?.Memory ?? 0)}"
                )
            );
    }

    private static Trigger TriggerOf(Trial trial) =>
        trial switch
        {
            Trial.MoreErrors => Trigger.MoreErrors,
            Trial.Slower => Trigger.Slower,
            Trial.HighErrorRate => Trigger.HighErrorRate,
            Trial.HighResponseTime => Trigger.HighResponseTime,
            _ => Trigger.RequestsDown,
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
