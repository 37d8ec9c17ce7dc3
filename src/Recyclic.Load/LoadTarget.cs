using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>One address and how often it is asked.</summary>
/// <param name="Url">An absolute <c>http</c> address; the path and query are sent as they stand.</param>
/// <param name="Rate">Requests per second, scheduled at fixed times whatever the server does.</param>
public sealed record LoadTarget(Uri Url, double Rate)
{
    /// <summary>How the target is called in records and reports; default: the address.</summary>
    public string Name { get; init; } = Url.ToString();

    /// <summary>Path and query of slow requests, for example <c>/slow?ms=1500</c>; default: none are slow.</summary>
    public string? SlowPath { get; init; }

    /// <summary>Share of the target's requests, 0 to 1, that go to <see cref="SlowPath"/>; default: 0.</summary>
    public double SlowShare { get; init; }

    /// <summary>Splits one total rate over several addresses by weight.</summary>
    /// <param name="totalRate">Requests per second of all addresses together.</param>
    /// <param name="weights">Each address with its weight; only the ratio of weights counts.</param>
    public static ImmutableArray<LoadTarget> Split(
        double totalRate,
        params IReadOnlyCollection<(Uri Url, double Weight)> weights
    )
    {
        var sum = weights.Sum(weight => weight.Weight);
        return [.. weights.Select(weight => new LoadTarget(weight.Url, totalRate * weight.Weight / sum))];
    }
}
