using System.Collections.Immutable;
using Recyclic.Build;

/// <summary>
/// Where the time of the tests goes: the tables of docs/testing.md, from what the last run of Test has left.
/// </summary>
partial class Build
{
    private const int SlowestShown = 15;

    Target TestTimes => _ => _
        .Description("Prints how many tests each project has and how long they took, and the slowest classes, from the last run of Test")
        .Unlisted()
        .Executes(() =>
        {
            var files = Directory.Exists(TestResults) ? Directory.GetFiles(TestResults, "*.Tests.trx") : [];
            if (files.Length == 0) throw new TargetFailedException($"there are no results in {TestResults}\n  next    ./build.sh Test", exitCode: 2);
            var runs = files.Order(StringComparer.Ordinal).Select(file => TestRunTime.Of(Path.GetFileNameWithoutExtension(file), TestRunFile.Read(new(file)))).ToImmutableArray();
            foreach (var line in TestRunTime.Tables(runs, SlowestShown)) WriteLine(line);
        });
}

/// <summary>
/// How long the tests of a project took, by the clock, and how long each of its classes, summed over its tests.
/// </summary>
sealed record TestRunTime(string Project, int Tests, double Seconds, ImmutableArray<(string Class, int Tests, double Seconds)> Classes)
{
    public static TestRunTime Of(string project, TestRunFile run) => new(project, run.Results.Length, run.Took.TotalSeconds,
        [.. run.Results.GroupBy(test => test.Class.Split('.')[^1]).Select(group => (group.Key, group.Count(), group.Sum(test => test.Took.TotalSeconds)))]);

    public static IEnumerable<string> Tables(ImmutableArray<TestRunTime> runs, int slowest)
    {
        yield return "| project | tests | seconds |";
        yield return "|---|---:|---:|";
        foreach (var run in runs) yield return $"| `{run.Project}` | {run.Tests} | {run.Seconds:0} |";
        yield return "";
        yield return "| slowest classes | project | tests | seconds |";
        yield return "|---|---|---:|---:|";
        foreach (var (project, (name, tests, seconds)) in runs.SelectMany(run => run.Classes.Select(one => (run.Project, one))).OrderByDescending(one => one.one.Seconds).Take(slowest))
            yield return $"| `{name}` | `{project}` | {tests} | {seconds:0} |";
    }
}
