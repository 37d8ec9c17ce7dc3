using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Build.Parameters;

/// <summary>Reads <c>90</c> (seconds), <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>500ms</c>, <c>00:05:00</c>.</summary>
internal static partial class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1e9);

    /// <exception cref="FormatException">It is none, is negative, or is longer than 30 years.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text.Trim()) is { } duration && duration >= TimeSpan.Zero && duration < Longest
            ? duration
            : throw new FormatException("not a duration (30s, 5m, 1h30m, 0:05:00 or seconds)");

    private static TimeSpan? TryParse(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return seconds >= 0 && seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        if (text.Contains(':'))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
        return Units().Match(text) is { Success: true, Length: > 0 } match ? Sum(match) : null;
    }

    private static TimeSpan? Sum(Match match)
    {
        var seconds = Of("d") * 86_400 + Of("h") * 3_600 + Of("m") * 60 + Of("s") + Of("ms") / 1_000;
        return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

        double Of(string unit) =>
            match.Groups[unit] is { Success: true } group
                ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture)
                : 0;
    }

    [GeneratedRegex(
        @"^(?:(?<d>[0-9]{1,12})d)?(?:(?<h>[0-9]{1,12})h)?(?:(?<m>[0-9]{1,12})m(?!s))?(?:(?<s>[0-9]{1,12}(?:\.[0-9]{1,9})?)s)?(?:(?<ms>[0-9]{1,12})ms)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Units();
}
