using System.Globalization;
using System.Text;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>
/// Our own figures on the sample application: how soon it switches, how fast it goes back, what a deploy costs beyond
/// compose.
/// </summary>
internal static class FiguresCommand
{
    public const string Usage = "figures [--runs 10] [--rate 100]";

    public static IReadOnlyCollection<string> Known => ["runs", "rate"];

    public static async Task<int> RunAsync(Options options, ICommandRunner runner, CancellationToken cancellationToken)
    {
        var workshop = new Workshop(runner, CompareCommand.RepositoryRoot());
        var runs = (int)options.Number("runs", 10);
        if (runs is < 1 or > 100)
            throw new UsageException("--runs must be 1 to 100");
        var sample = new SampleSite(workshop, options.Number("rate", 100));
        var rows = new List<FigureRow>();
        try
        {
            await sample.SetUpAsync(cancellationToken);
            await using var events = new HealthEvents(runner);
            for (var run = 0; run < runs; run++)
            {
                var next = run % 2 == 0 ? SampleSite.Second : SampleSite.First;
                rows.Add(
                    await sample.MeasureAsync(
                        "deploy",
                        events,
                        next,
                        ["AtomicDeploy", "--tag", next],
                        cancellationToken
                    )
                );
                rows.Add(
                    await sample.MeasureAsync(
                        "rollback to a stopped release",
                        events,
                        null,
                        ["Rollback", "--yes"],
                        cancellationToken
                    )
                );
                rows.Add(
                    await sample.MeasureAsync(
                        "deploy --watch 0",
                        events,
                        next,
                        ["AtomicDeploy", "--tag", next, "--watch", "0"],
                        cancellationToken
                    )
                );
                rows.Add(
                    await sample.MeasureAsync(
                        "rollback to a stopped release",
                        events,
                        null,
                        ["Rollback", "--yes"],
                        cancellationToken
                    )
                );
                rows.Add(
                    await sample.MeasureAsync(
                        "deploy --keep-warm",
                        events,
                        next,
                        ["AtomicDeploy", "--tag", next, "--keep-warm"],
                        cancellationToken
                    )
                );
                rows.Add(
                    await sample.MeasureAsync(
                        "rollback to a warm release",
                        events,
                        null,
                        ["Rollback", "--yes"],
                        cancellationToken
                    )
                );
                rows.Add(
                    await sample.MeasureAsync(
                        "deploy (to alternate)",
                        events,
                        next,
                        ["AtomicDeploy", "--tag", next],
                        cancellationToken
                    )
                );
                rows.Add(await sample.MeasureBareComposeAsync(next, cancellationToken));
                Console.Error.WriteLine(
                    $"run {run + 1} of {runs}: {rows.Sum(row => row.Failed)} of {rows.Sum(row => row.Sent)} requests failed so far"
                );
            }
        }
        finally
        {
            await sample.TearDownAsync(CancellationToken.None);
        }
        Console.WriteLine(ToMarkdown(rows));
        return rows.Any(row => row.Failed > 0 || row.ExitCode != 0) ? 1 : 0;
    }

    private static string ToMarkdown(List<FigureRow> rows)
    {
        var text = new StringBuilder(
            "| what | runs | wall | of it drain | ready → switched | requests | failed |\n|---|---|---|---|---|---|---|\n"
        );
        foreach (var group in rows.GroupBy(row => row.What))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Count()} | {Median(group.Select(row => (double?)row.WallSeconds), "0.00 s")} | {Median(group.Select(row => row.DrainSeconds), "0.00 s")} | {Median(group.Select(row => row.ReadyToSwitchedMs), "0 'ms'")} | {group.Sum(row => row.Sent)} | {group.Sum(row => row.Failed)} |\n"
            );
        return text.ToString();
    }

    private static string Median(IEnumerable<double?> values, string format) =>
        Statistics.Median(values.OfType<double>()) is { } median
            ? median.ToString(format.Replace(" s", " 's'"), CultureInfo.InvariantCulture)
            : "–";
}

/// <summary>One measured command.</summary>
internal sealed record FigureRow(
    string What,
    double WallSeconds,
    double? DrainSeconds,
    double? ReadyToSwitchedMs,
    int ExitCode,
    long Sent,
    long Failed
);
