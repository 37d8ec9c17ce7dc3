using System.Collections.Immutable;

namespace Recyclic.Selftest.Model;

/// <summary>A case that is over.</summary>
/// <param name="Sent">Requests sent meanwhile.</param>
/// <param name="Failed">Those that failed and must not have.</param>
/// <param name="ExitCode">Of the struck command.</param>
/// <param name="NextDid">What the next command did, for the table.</param>
/// <param name="Broken">The invariants that broke, with their evidence; empty: all hold.</param>
internal sealed record CaseResult(
    SelftestCase Case,
    long Sent,
    long Failed,
    int ExitCode,
    string NextDid,
    double Seconds,
    ImmutableArray<string> Broken
)
{
    public bool Holds => Broken.IsEmpty;

    public static CaseResult Of(Evidence seen, double seconds) =>
        new(
            seen.Case,
            seen.Requests.Length,
            Invariants.FailedRequests(seen).Length,
            seen.Struck.ExitCode,
            NextOf(seen),
            Math.Round(seconds, 1),
            Invariants.Broken(seen)
        );

    /// <summary>A case that could not be carried through.</summary>
    public static CaseResult Stopped(SelftestCase one, string why, double seconds) =>
        new(one, 0, 0, -1, "-", Math.Round(seconds, 1), [why]);

    private static string NextOf(Evidence seen)
    {
        var all = seen.Next.Output + seen.Next.Error;
        var recovered = all.Contains(" died ", StringComparison.Ordinal)
            ? all.Contains("the rest of the deploy is finished", StringComparison.Ordinal)
                ? "finished it, then "
                : "undid it, then "
            : "";
        var done = seen.Case.Next == NextCommand.Rollback ? "rolled back to" : "deployed";
        return seen.Next.ExitCode == 0
            ? $"{recovered}{done} {seen.StatusAtEnd?.Tag ?? "?"}"
            : $"exit code {seen.Next.ExitCode}";
    }
}

/// <summary>A run of the matrix.</summary>
/// <param name="Planned">How many cases there are; more than there are results when the run ended early.</param>
/// <param name="On">The machine: processors, memory, engine.</param>
internal sealed record SelftestRun(
    ImmutableArray<CaseResult> Results,
    int Planned,
    DateTimeOffset StartedAt,
    TimeSpan Took,
    string Command,
    string On
)
{
    public long Sent => Results.Sum(result => result.Sent);

    public long Failed => Results.Sum(result => result.Failed);

    /// <summary>Cases that were not run.</summary>
    public int Missing => Planned - Results.Length;

    public int BrokenCount => Results.Count(result => !result.Holds);
}
