using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Recyclic.Build;

/// <summary>One test of a run.</summary>
/// <param name="Class">With its namespace, and without the arguments of a fixture.</param>
/// <param name="Reason">Why it failed, on one line; empty: it did not.</param>
/// <param name="Took">Zero: it was skipped.</param>
sealed record TestResult(string Class, string Name, string Outcome, string Reason, TimeSpan Took)
{
    public bool IsPassed => Outcome == "Passed";

    public bool IsSkipped => Outcome is "NotExecuted" or "Inconclusive";

    public bool IsFailed => !IsPassed && !IsSkipped;
}

/// <summary>
/// The results of one run of a project's tests, as TRX has them: one by one, since its own counters leave skipped tests
/// out.
/// </summary>
/// <param name="Took">By the clock.</param>
sealed record TestRunFile(ImmutableArray<TestResult> Results, TimeSpan Took)
{
    private const int LongestReason = 160;

    public ImmutableArray<TestResult> Failed => [.. Results.Where(result => result.IsFailed)];

    public TestCounts Counts => new(Results.Count(result => result.IsPassed), Results.Count(result => result.IsFailed), Results.Count(result => result.IsSkipped));

    /// <returns>Without a result, where the run wrote no file.</returns>
    public static TestRunFile Read(AbsolutePath file)
    {
        if (!file.FileExists()) return new([], TimeSpan.Zero);
        var elements = XDocument.Load(file).Descendants().ToLookup(element => element.Name.LocalName);
        var classes = elements["UnitTest"].DistinctBy(test => Text(test, "id"))
            .ToDictionary(test => Text(test, "id"), test => Text(test.Elements().Single(method => method.Name.LocalName == "TestMethod"), "className").Split('(')[0]);
        var times = elements["Times"].Single();
        return new(
            [.. elements["UnitTestResult"].Select(result => new TestResult(classes[Text(result, "testId")], Text(result, "testName"), Text(result, "outcome"), Reason(result), Duration(result)))],
            (DateTimeOffset)times.Attribute("finish")! - (DateTimeOffset)times.Attribute("start")!);
    }

    private static string Text(XElement element, string attribute) => (string?)element.Attribute(attribute) ?? "";

    private static TimeSpan Duration(XElement result) => Text(result, "duration") is { Length: > 0 } duration ? TimeSpan.Parse(duration, CultureInfo.InvariantCulture) : TimeSpan.Zero;

    private static string Reason(XElement result)
    {
        var lines = result.Descendants().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var reason = string.Join(" ", lines);
        return reason.Length > LongestReason ? reason[..LongestReason] + "…" : reason;
    }
}

/// <summary>How many tests of a run passed, failed and were skipped.</summary>
sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static TestCounts operator +(TestCounts a, TestCounts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");
}
