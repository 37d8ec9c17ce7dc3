using System.Xml.Linq;
using Recyclic.Build;

/// <summary>How the tests of a project ended, for the end of a log that is long: a line, and one for each that failed.</summary>
static class TestEnding
{
    /// <summary>Of more than these nobody reads the names.</summary>
    private const int MostNamed = 40;

    private const int LongestReason = 160;

    public static IEnumerable<string> Of(string project, TestCounts counts, AbsolutePath results, TimeSpan took)
    {
        yield return $"{project}: {counts}, {took.TotalSeconds:0} s";
        if (counts.Failed == 0 || !results.FileExists()) yield break;
        foreach (var failed in XDocument.Load(results).Descendants().Where(e => e.Name.LocalName == "UnitTestResult" && e.Attribute("outcome")?.Value == "Failed").Take(MostNamed))
            yield return $"  failed: {failed.Attribute("testName")?.Value}: {Reason(failed)}";
    }

    private static string Reason(XElement failed)
    {
        var lines = failed.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var reason = string.Join(" ", lines);
        return reason.Length > LongestReason ? reason[..LongestReason] + "…" : reason;
    }
}
