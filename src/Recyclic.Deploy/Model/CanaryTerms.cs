using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>How a release earns its traffic: a share of the visitors, a time in which it is judged, then a larger one.</summary>
/// <param name="Shares">In percent, rising; a last 100, which is the cutover, may be left out.</param>
/// <param name="Bake">How long each share is judged before the next one.</param>
public sealed record CanaryTerms(ImmutableArray<int> Shares, TimeSpan Bake)
{
    /// <summary>How long each share is judged where nobody says.</summary>
    public static readonly TimeSpan UsualBake = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The longest <see cref="Bake"/> and <see cref="HoldLimit"/>: the deploy lock is held all the while.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The most shares that there may be.</summary>
    public const int Most = 20;

    /// <summary>
    /// How much longer than <see cref="Bake"/> a share may last while the judge cannot tell, or a person holds it; then the
    /// canary goes back. Default: an hour.
    /// </summary>
    public TimeSpan HoldLimit { get; init; } = TimeSpan.FromHours(1);

    /// <inheritdoc cref="CanaryRouting.ForTesters"/>
    public bool ForTesters { get; init; }

    /// <inheritdoc cref="CanaryRouting.VisitorHeader"/>
    public string? VisitorHeader { get; init; }

    /// <summary>The shares below 100; empty: the release gets all traffic at once.</summary>
    internal ImmutableArray<int> Steps => [.. Shares.Where(share => share < 100)];

    /// <summary>What makes no sense, each with its mend; empty: nothing.</summary>
    /// <param name="place">Where the shares are said.</param>
    /// <param name="bake">Where the time is said.</param>
    /// <param name="holdLimit">Where the limit is said.</param>
    public ImmutableArray<ConfigurationProblem> Mistakes(string place, string bake, string holdLimit)
    {
        var mistakes = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        const string rising = "Write shares that rise, such as 5,25,50,100; 100 alone: all at once.";
        if (Shares.IsDefaultOrEmpty)
            mistakes.Add(new(place, "there is no share", rising));
        else if (Shares.Any(share => share is < 1 or > 100))
            mistakes.Add(
                new(place, $"{Text(Shares.First(share => share is < 1 or > 100))} is not a share from 1 to 100", rising)
            );
        else if (Shares.Zip(Shares.Skip(1)).FirstOrDefault(pair => pair.First >= pair.Second) is { First: > 0 } fall)
            mistakes.Add(new(place, $"{Text(fall.Second)} follows {Text(fall.First)}: that does not rise", rising));
        else if (Shares.Length > Most)
            mistakes.Add(new(place, $"there are {Text(Shares.Length)} shares", $"Write at most {Text(Most)}."));
        if (Bake <= TimeSpan.Zero || Bake > Longest)
            mistakes.Add(
                new(
                    bake,
                    $"a share cannot be judged for {Text(Bake)}",
                    $"Write a time above 0, such as 5m; at most {Text(Longest)}, since the deploy lock is held."
                )
            );
        if (HoldLimit < TimeSpan.Zero || HoldLimit > Longest)
            mistakes.Add(
                new(
                    holdLimit,
                    $"a share cannot be held for {Text(HoldLimit)}",
                    $"Write a time from 0 to {Text(Longest)}."
                )
            );
        if (VisitorHeader is { } header && !CanaryRouting.IsHeader(header))
            mistakes.Add(
                new(place, $"'{PrintableText.Of(header, 60)}' is not a header's name", "Write it as in X-User-Id.")
            );
        return mistakes.ToImmutable();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(TimeSpan time) =>
        time.TotalHours is >= 2 or <= -2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h")
        : time.TotalMinutes >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
