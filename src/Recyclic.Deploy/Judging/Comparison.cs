namespace Recyclic.Deploy.Judging;

/// <summary>
/// How much more likely what was counted is where the odds of a bad request are so many times as high, as a logarithm.
/// Each number's exponential has a mean of one or less as long as the canary is no worse, whatever else is so.
/// </summary>
internal static class Comparison
{
    /// <summary>
    /// The canary against the release that serves, at the same moment. All that is given is how many requests each had
    /// and how many were bad in all; where nothing tells the two apart, how many of those are the canary's is
    /// hypergeometric, however many there are: so what shakes both alike proves nothing. Where bad ones are rare, this
    /// is the comparison of two Poisson processes under a known split.
    /// </summary>
    /// <param name="odds">Above 1: how much worse the canary is supposed to be.</param>
    public static double OfSides(double odds, long canaryBad, long canary, long servingBad, long serving)
    {
        var bad = canaryBad + servingBad;
        var all = canary + serving;
        var (least, most) = (Math.Max(0, bad - serving), Math.Min(bad, canary));
        if (least == most)
            return 0;
        // The sum of P(k) odds^k, from its largest term to both sides until the rest does not count.
        var mode = Mode(odds, bad, canary, serving, least, most);
        var sum = 1.0;
        for (double term = 1, k = mode; k < most && term > 1e-16; k++)
            sum += term *= odds * (bad - k) * (canary - k) / ((k + 1) * (serving - bad + k + 1));
        for (double term = 1, k = mode; k > least && term > 1e-16; k--)
            sum += term *= k * (serving - bad + k) / (odds * (bad - k + 1) * (canary - k + 1));
        var largest =
            LogChoose(canary, mode) + LogChoose(serving, bad - mode) - LogChoose(all, bad) + mode * Math.Log(odds);
        return canaryBad * Math.Log(odds) - largest - Math.Log(sum);
    }

    /// <summary>A rate against the highest that is allowed.</summary>
    /// <param name="odds">Above 1: how far above the limit the rate is supposed to be.</param>
    /// <param name="limit">Between 0 and 1.</param>
    public static double OfLimit(double odds, double limit, long bad, long all) =>
        bad * Math.Log(odds) - all * Math.Log(1 - limit + limit * odds);

    /// <summary>Where the next term is no larger than this one: a root of a quadratic equation.</summary>
    private static long Mode(double odds, long bad, long canary, long serving, long least, long most)
    {
        // odds (bad - k)(canary - k) = (k + 1)(serving - bad + k + 1)
        var a = odds - 1;
        var b = -(odds * (bad + (double)canary) + serving - bad + 2);
        var c = odds * bad * canary - (serving - bad + 1.0);
        var root = 2 * c / (-b + Math.Sqrt(Math.Max(0, b * b - 4 * a * c)));
        return Math.Clamp((long)Math.Ceiling(root), least, most);
    }

    private static double LogChoose(double n, double k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    private static double LogFactorial(double n)
    {
        if (n < Factorials.Length)
            return Factorials[(int)n];
        var inverse = 1 / (n + 1);
        var square = inverse * inverse;
        // Stirling's series of log Gamma(n + 1).
        return (n + 0.5) * Math.Log(n + 1)
            - (n + 1)
            + 0.91893853320467274
            + inverse * (1 / 12.0 - square * (1 / 360.0 - square / 1260.0));
    }

    private static readonly double[] Factorials = [.. FirstFactorials()];

    private static IEnumerable<double> FirstFactorials()
    {
        var sum = 0.0;
        for (var n = 0; n < 1024; n++)
            yield return sum += n == 0 ? 0 : Math.Log(n);
    }
}
