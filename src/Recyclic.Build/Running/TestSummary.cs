using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Build.Running;

/// <summary>
/// The closing lines of test runners: of dotnet test on both of its platforms, in any language, of xunit's and of
/// NUnit's own. Pure.
/// </summary>
internal static partial class TestSummary
{
    /// <summary>How many tests a line says have run, skipped ones not counted; null: it is no closing line.</summary>
    public static int? Ran(string line)
    {
        var text = line.Length > LongestLine ? line[..LongestLine] : line;
        if (Xunit().Match(text) is { Success: true } xunit)
            return Math.Max(0, Number(xunit, 1) - Number(xunit, 4) - Number(xunit, 5));
        if (NUnit().Match(text) is { Success: true } nunit)
            return Math.Max(0, Number(nunit, 1) - Number(nunit, 2));
        // Failed, passed, skipped and total, whatever they are called.
        if (
            VSTest().Match(text) is { Success: true } four
            && Number(four, 1) + Number(four, 2) + Number(four, 3) == Number(four, 4)
        )
            return Number(four, 1) + Number(four, 2);
        if (TestingPlatform().Match(text) is { Success: true } one)
            return Number(one, 1);
        return Nothing().IsMatch(text) ? 0 : null;
    }

    /// <summary>None of them has a longer one.</summary>
    private const int LongestLine = 2000;

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\bTotal: (\d{1,7}), Errors: (\d{1,7}), Failed: (\d{1,7}), Skipped: (\d{1,7}), Not Run: (\d{1,7})\b",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Xunit();

    [GeneratedRegex(@"\bTest Count: (\d{1,7}), .*\bSkipped: (\d{1,7})\b", RegexOptions.CultureInvariant)]
    private static partial Regex NUnit();

    [GeneratedRegex(
        @"[^\s:,]+:\s+(\d{1,7}),\s+[^\s:,]+:\s+(\d{1,7}),\s+[^\s:,]+:\s+(\d{1,7}),\s+[^\s:,]+:\s+(\d{1,7})(?=,|\s*\z)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex VSTest();

    [GeneratedRegex(@"\A\s*(?:succeeded|failed):\s+(\d{1,7})\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex TestingPlatform();

    [GeneratedRegex(
        @"\A\s*(?:No test is available in |No test matches the given testcase filter |Test run summary: Zero tests ran)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Nothing();
}
