using System.Globalization;

namespace Recyclic.Deploy.Judging;

/// <summary>What a judgement says to people.</summary>
internal static class Words
{
    /// <summary>What a test has found, with its numbers.</summary>
    public static string Of(Evidence test, JudgingPolicy policy, Evidences known)
    {
        var route = test.Route is null or Counting.Others ? "" : $" on {test.Route}";
        return test.Trial switch
        {
            Trial.MoreErrors => Text(
                $"the canary failed {Part(test.CanaryBad, test.Canary)}{route}, what serves {Part(test.ServingBad, test.Serving)} at the same time"
            ),
            Trial.Slower => Text(
                $"{Part(test.CanaryBad, test.Canary)} of the canary were slower{route} than what serves is at p{test.Quantile * 100:0.##} and what is allowed beyond, of what serves {Part(test.ServingBad, test.Serving)} were slower than that{Quantiles(test, known)}"
            ),
            Trial.HighErrorRate => Text(
                $"the canary failed {Part(test.CanaryBad, test.Canary)}; {Percent(policy.HighErrorRate?.Above ?? 0)} are allowed"
            ),
            Trial.HighResponseTime => Text(
                $"{Part(test.CanaryBad, test.Canary)} of the canary took longer than {Time(policy.HighResponseTime?.Above ?? TimeSpan.Zero)}; {Percent(1 - test.Quantile)} may"
            ),
            _ => Text(
                $"the canary got {Part(test.Canary, test.Canary + test.Serving)}, which is less than its share by more than {Percent(policy.RequestsDown?.Above ?? 0)}"
            ),
        };
    }

    /// <summary>Why an interval was not counted.</summary>
    public static string Of(LeftOut leftOut) =>
        leftOut.Fault switch
        {
            SampleFault.NoTime => "an interval that ends before it begins, or is longer than a day",
            SampleFault.Counted => "what had been counted already, or came too late",
            SampleFault.Future => "what is said to have happened in the future; was a clock set?",
            _ => "numbers that cannot be",
        };

    /// <summary>As `90 s` or `5 min`.</summary>
    public static string Time(TimeSpan time) =>
        time < TimeSpan.FromSeconds(2) ? Text($"{time.TotalMilliseconds:0} ms")
        : time < TimeSpan.FromMinutes(2) ? Text($"{time.TotalSeconds:0.#} s")
        : Text($"{time.TotalMinutes:0.#} min");

    /// <summary>As `8.1 %`.</summary>
    public static string Percent(double part) => Text($"{part * 100:0.##} %");

    private static string Part(long bad, long all) =>
        Text($"{bad:N0} of {all:N0} requests ({Percent(all == 0 ? 0 : (double)bad / all)})");

    private static string Quantiles(Evidence test, Evidences known) =>
        known.Latencies.FirstOrDefault(route => route.Route == test.Route) is { } latency
            ? Text(
                $"; p{test.Quantile * 100:0.##} is {latency.Canary.Quantile(test.Quantile) ?? 0} ms, of what serves {latency.Serving.Quantile(test.Quantile) ?? 0} ms"
            )
            : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
