using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Judging;

/// <summary>What a test asks; the names stand in journals.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Trial>))]
internal enum Trial
{
    /// <summary>Whether the canary fails more often than what serves, on all routes or on one.</summary>
    MoreErrors,

    /// <summary>Whether more of its requests are slow, by a quantile of what serves, on one route.</summary>
    Slower,

    /// <summary>Whether it fails more often than is allowed.</summary>
    HighErrorRate,

    /// <summary>Whether more of its requests than one in twenty take longer than is allowed.</summary>
    HighResponseTime,

    /// <summary>Whether it gets fewer requests than its share lets expect, by more than is allowed.</summary>
    RequestsDown,
}

/// <summary>
/// What one test has found so far: a bet against "the canary is no worse" that starts with 1, and whose mean stays at 1 or
/// below for as long as that is true, at whatever moment one looks. So one that has become a hundred is right to be
/// believed, but for one canary in a hundred. It is a mean of several bets: that the odds of a bad request are so many
/// times as high, each from each interval on, since a release may turn bad late.
/// </summary>
/// <param name="Trial">What is asked.</param>
/// <param name="Route">Of which route; null: of all.</param>
/// <param name="Quantile">Of what serves; 0: no quantile is asked for.</param>
/// <param name="Weight">Its part in the sum of all; all weights are 1 together.</param>
internal sealed record Evidence(Trial Trial, string? Route, double Quantile, double Weight)
{
    /// <summary>So many times as high the odds of a bad request are supposed to be, and how much is put on each.</summary>
    public static readonly ImmutableArray<(double Odds, double Part)> Bets =
    [
        (1.4, 0.2),
        (2, 0.3),
        (4, 0.2),
        (12, 0.2),
        (60, 0.1),
    ];

    /// <summary>
    /// An interval may make no bet more than so many times as large: one burst, which may have hit one side by chance, is
    /// not enough for a verdict, whatever its size.
    /// </summary>
    public const double MostAtOnce = 12;

    /// <summary>No bet grows beyond what a number can hold.</summary>
    private const double Enough = 1e100;

    /// <summary>How many intervals had anything to say.</summary>
    public int Intervals { get; init; }

    /// <summary>What has become of each bet that was begun.</summary>
    public ImmutableArray<double> Wealth { get; init; } = [.. Bets.Select(_ => 0.0)];

    /// <summary>Bad requests of the canary so far: failed, or slow.</summary>
    public long CanaryBad { get; init; }

    /// <summary>All of the canary's that were compared.</summary>
    public long Canary { get; init; }

    /// <summary>Bad ones of the release that serves.</summary>
    public long ServingBad { get; init; }

    /// <summary>All of the release's that serves.</summary>
    public long Serving { get; init; }

    /// <summary>1: nothing is known yet; 100: this would be so by chance in one canary of a hundred.</summary>
    [JsonIgnore]
    public double Value => Wealth.Sum() + Unbegun(Intervals);

    /// <summary>Whether it can be, as it stands in a file that others wrote.</summary>
    [JsonIgnore]
    public bool IsWhole =>
        Enum.IsDefined(Trial)
        && (Trial != Trial.Slower || Route is not null)
        && Weight is >= 0 and <= 1
        && Quantile is >= 0 and < 1
        && Intervals is >= 0 and < int.MaxValue
        && !Wealth.IsDefault
        && Wealth.Length == Bets.Length
        && Wealth.All(wealth => wealth >= 0 && double.IsFinite(wealth))
        && CanaryBad >= 0
        && CanaryBad <= Canary
        && ServingBad >= 0
        && ServingBad <= Serving;

    /// <summary>After one more interval.</summary>
    /// <param name="gain">By the odds: how much more likely the interval is with them, as a logarithm.</param>
    public Evidence Add(Func<double, double> gain)
    {
        var next = ImmutableArray.CreateBuilder<double>(Bets.Length);
        // A new bet begins with each interval; what is not begun yet is kept for later ones.
        var begun = Unbegun(Intervals) - Unbegun(Intervals + 1);
        foreach (var ((odds, part), wealth) in Bets.Zip(Wealth))
            next.Add(Math.Min(Enough, (wealth + begun * part) * Math.Min(MostAtOnce, Math.Exp(gain(odds)))));
        return this with { Intervals = Intervals + 1, Wealth = next.ToImmutable() };
    }

    private static double Unbegun(int intervals) => 1.0 / (intervals + 1);
}
