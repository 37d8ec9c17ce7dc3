using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>What load to make: data only. <see cref="LoadClient"/> carries it out.</summary>
/// <param name="Targets">The addresses, each with a rate of its own.</param>
public sealed record LoadPlan(params ImmutableArray<LoadTarget> Targets)
{
    /// <summary>
    /// Share of requests, 0 to 1, that open a connection of their own and close it; default: 0.2. The rest use pooled
    /// keep-alive connections.
    /// </summary>
    public double NewConnectionShare { get; init; } = 0.2;

    /// <summary>How long a request may take from its scheduled time on; default: 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests under way at once; one more counts as failed (<see cref="FailureReason.Overflow"/>); default: 5,000.
    /// </summary>
    public int MaxInFlight { get; init; } = 5_000;

    /// <summary>When the client stops by itself; default: 10 minutes.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a pooled connection may lie idle before the client closes it; default: 5 s.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Which versions a response shows; default: <see cref="VersionClassifiers.Json"/>.</summary>
    public VersionClassifier Classify { get; init; } = VersionClassifiers.Json;

    /// <summary>This plan, or an exception that lists everything that is wrong with it.</summary>
    /// <exception cref="ArgumentException">A rate, share, address or limit makes no sense.</exception>
    public LoadPlan Validated()
    {
        var problems = Problems().ToList();
        return problems.Count == 0
            ? this
            : throw new ArgumentException("The load plan is invalid: " + string.Join("; ", problems));
    }

    private IEnumerable<string> Problems()
    {
        if (Targets.IsDefaultOrEmpty)
            yield return "Targets is empty";
        foreach (var target in Targets.IsDefault ? [] : Targets)
        {
            if (!target.Url.IsAbsoluteUri || target.Url.Scheme != Uri.UriSchemeHttp)
                yield return $"{target.Url} is not an absolute http address";
            if (!double.IsFinite(target.Rate) || target.Rate <= 0)
                yield return $"{target.Name}: Rate must be above 0, not {target.Rate}";
            if (!IsShare(target.SlowShare))
                yield return $"{target.Name}: SlowShare must be 0 to 1, not {target.SlowShare}";
            if (target is { SlowShare: > 0, SlowPath: null })
                yield return $"{target.Name}: SlowShare without SlowPath";
            if (target.SlowPath is { } path && !path.StartsWith('/'))
                yield return $"{target.Name}: SlowPath must begin with a slash";
        }
        if (!IsShare(NewConnectionShare))
            yield return $"NewConnectionShare must be 0 to 1, not {NewConnectionShare}";
        if (MaxInFlight <= 0)
            yield return "MaxInFlight must be above 0";
        if (Timeout <= TimeSpan.Zero)
            yield return "Timeout must be above 0";
        if (MaxDuration <= TimeSpan.Zero)
            yield return "MaxDuration must be above 0";
    }

    private static bool IsShare(double share) => share is >= 0 and <= 1;
}
