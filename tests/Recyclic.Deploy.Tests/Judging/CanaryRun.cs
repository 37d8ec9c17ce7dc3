using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>What became of a simulated canary.</summary>
/// <param name="Aborted">Null: it was not.</param>
/// <param name="Requests">That the canary had until then.</param>
internal sealed record CanaryRun(Reason? Aborted, long Requests, int Looks, int Step)
{
    public static readonly ImmutableArray<int> Shares = [5, 25, 50, 100];

    /// <summary>All steps, with a look after each interval.</summary>
    public static CanaryRun Of(
        Simulated traffic,
        JudgingPolicy policy,
        int requests,
        int looksPerStep,
        bool latency,
        IEnumerable<int>? shares = null,
        Func<int, double>? worse = null
    )
    {
        var known = Evidences.None;
        long seen = 0;
        var looks = 0;
        var number = 0;
        foreach (var share in shares ?? Shares)
        {
            var step = new CanaryStep(++number, share, TimeSpan.Zero);
            for (var look = 0; look < looksPerStep; look++)
            {
                var interval = traffic.Next(requests, share / 100.0, latency, worse?.Invoke(looks) ?? 1);
                seen += interval.Routes[0].Canary.Requests;
                looks++;
                var judged = Judge.Look(policy, known, step, [interval], null, interval.Until);
                if (judged.Verdict == Verdict.Breach)
                    return new CanaryRun(judged.Reasons[0], seen, looks, number);
                known = judged.After;
            }
        }
        return new CanaryRun(null, seen, looks, number);
    }

    /// <summary>Many, each with a seed of its own.</summary>
    public static ImmutableArray<CanaryRun> Many(int runs, Func<int, CanaryRun> run)
    {
        var all = new CanaryRun[runs];
        Parallel.For(0, runs, seed => all[seed] = run(seed));
        return [.. all];
    }
}
