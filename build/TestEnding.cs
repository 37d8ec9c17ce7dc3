using System.Collections.Immutable;

/// <summary>
/// How the tests of a project ended. What failed is run once more, by itself, when nothing else runs: on a machine that
/// stands still for seconds a time limit says nothing. What passes then is named all the same, as unsteady; what fails
/// again has failed. </summary>
/// <param name="Again">The second run of the classes in which tests failed; null: there was none.</param>
sealed record TestEnding(string Project, TestRunFile First, TestRunFile? Again, TimeSpan Took)
{
    /// <summary>Of more than these nobody reads the names.</summary>
    private const int MostNamed = 40;

    public ImmutableArray<TestResult> Failed => Again is null ? First.Failed : [.. First.Failed.Where(failed => !PassedThen(failed))];

    public ImmutableArray<TestResult> Unsteady => Again is null ? [] : [.. First.Failed.Where(PassedThen)];

    public TestCounts Counts => First.Counts with { Passed = First.Counts.Passed + Unsteady.Length, Failed = Failed.Length };

    /// <summary>For the end of a log that is long: a line, and one for each that failed or is unsteady.</summary>
    public IEnumerable<string> Lines() =>
    [
        $"{Project}: {Counts}, {Took.TotalSeconds:0} s",
        .. Failed.Take(MostNamed).Select(failed => $"  failed: {failed.Name}: {failed.Reason}"),
        .. Unsteady.Select(unsteady => $"  unsteady, passed when run again by itself: {unsteady.Name}: {unsteady.Reason}"),
    ];

    private bool PassedThen(TestResult failed) => Again!.Results.Any(result => result.Class == failed.Class && result.Name == failed.Name && result.IsPassed);
}
