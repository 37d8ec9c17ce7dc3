using System.Globalization;
using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>The table of docs/progressive-delivery.md is what simulated canaries say.</summary>
[CancelAfter(300_000)]
internal sealed class SamplesTableTests
{
    private const int Runs = 400;
    private static readonly int[] Shares = [5, 25, 50];
    private static readonly double[] Rates = [0.001, 0.01, 0.05];
    private static readonly JudgingPolicy Policy = new() { HighErrorRate = null };

    [Test]
    public void Twice_the_error_rate_is_found_in_95_of_100_canaries_with_as_many_requests_as_the_page_says()
    {
        var page = File.ReadAllText(Path.Combine(ArchitectureTests.Root, "docs", "progressive-delivery.md"));
        var table = string.Join(
            "\n",
            [
                "| errors of what serves | " + string.Join(" | ", Shares.Select(share => $"share {share} %")) + " |",
                "|---:|" + string.Concat(Shares.Select(_ => "---:|")),
                .. Rates.Select(rate =>
                    $"| {Words.Percent(rate)} | " + string.Join(" | ", Shares.Select(share => Cell(rate, share))) + " |"
                ),
            ]
        );
        page.ShouldContain(table, Case.Sensitive, $"The page's table is to be:\n{table}\n");
    }

    /// <summary>Of the canary; in brackets: of both.</summary>
    private static string Cell(double rate, int share)
    {
        var runs = CanaryRun.Many(
            Runs,
            seed =>
                CanaryRun.Of(
                    new Simulated(seed, new Version(rate), new Version(2 * rate)),
                    Policy,
                    requests: 2500,
                    looksPerStep: 2000,
                    latency: false,
                    shares: [share]
                )
        );
        var needed = runs.Where(run => run.Aborted is { Trigger: Trigger.MoreErrors })
            .Select(run => run.Requests)
            .Order()
            .ToList();
        needed.Count.ShouldBeGreaterThanOrEqualTo(Runs * 95 / 100);
        var found = needed[Runs * 95 / 100 - 1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Rounded(found):N0} ({Rounded(found * 100.0 / share):N0})"
        );
    }

    /// <summary>Up, to two digits.</summary>
    private static double Rounded(double number)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(number)) - 1);
        return Math.Ceiling(number / unit) * unit;
    }
}
