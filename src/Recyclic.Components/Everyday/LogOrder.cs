using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Everyday;

/// <summary>Pure: which lines a person asked for.</summary>
/// <param name="Services">By name; empty: all of the release.</param>
/// <param name="Since">Of this time up to now; null: whenever.</param>
/// <param name="Last">At most so many of each container; null: all.</param>
internal sealed record LogOrder(
    ImmutableArray<string> Services,
    bool Follows,
    TimeSpan? Since,
    int? Last,
    bool IsOfPrevious
)
{
    /// <summary>How many lines of each container are shown to who says nothing: a log may be of any length.</summary>
    public const int UsualLast = 100;

    /// <exception cref="ConfigurationException">The options say nothing that could be meant.</exception>
    public static LogOrder Of(
        IReadOnlyList<string>? services,
        bool follows,
        TimeSpan? since,
        string? tail,
        bool ofPrevious
    )
    {
        if (ofPrevious && follows)
            throw new ConfigurationException(
                "--follow",
                "the release that served before is read to the end of its log, not followed",
                "Leave out --follow, or --previous."
            );
        return new LogOrder(
            [.. (services ?? []).Select(name => name.Trim()).Where(name => name.Length > 0).Distinct()],
            follows,
            since,
            LastOf(tail, since),
            ofPrevious
        );
    }

    /// <summary>What it asks of each log.</summary>
    /// <param name="now">By the host's clock.</param>
    public LogQuestion QuestionAt(DateTimeOffset now) =>
        new()
        {
            Since = Since is { } time ? now - time : null,
            Last = Last,
            Follows = Follows,
        };

    private static int? LastOf(string? tail, TimeSpan? since)
    {
        if (tail is null)
            return since is null ? UsualLast : null;
        if (tail.Equals("all", StringComparison.OrdinalIgnoreCase))
            return null;
        return int.TryParse(tail, NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? lines
            : throw new ConfigurationException(
                "--tail",
                $"'{PrintableText.Of(tail, 40)}' is no number of lines",
                "Write a number such as 200, or all."
            );
    }
}
