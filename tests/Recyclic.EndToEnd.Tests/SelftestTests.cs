using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>
/// The fault matrix, as a user runs it: of its quick selection what strikes an upgrade hardest, or all of it.
/// </summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(1_500_000)]
public sealed class SelftestTests
{
    /// <summary>
    /// A kill while users move, and a lock that is taken away before. A change to the deployer has to pass the others
    /// too, and a sample of the whole matrix.
    /// </summary>
    private static readonly string[] Hardest =
    [
        "--scenarios",
        "upgrade",
        "--faults",
        "kill,taken",
        "--points",
        "before:StepEnded:5,before:StepBegun:5",
    ];

    [Test]
    public async Task The_quick_selection_of_the_fault_matrix_breaks_no_invariant_and_leaves_nothing_behind()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        await Engine.ReadyAsync();
        string[] selection = Settings.AllFaults ? [] : Hardest;
        await using var selftest = Tool.Start(
            new Dictionary<string, string>(),
            ["Selftest", "--quick", "--json", .. selection]
        );

        // So many cases on a busy machine may take longer than any one deploy: the test's own deadline is the limit.
        var result = (await selftest.Ended.WaitAsync(token)).ShouldExitWith(0);

        var results = result.Json["results"]!.AsArray();
        results.Count.ShouldBe(Settings.AllFaults ? 16 : 2);
        results.Where(one => !one!["holds"]!.GetValue<bool>()).ShouldBeEmpty();
        result.Json["requests"]!["failed"]!.GetValue<long>().ShouldBe(0);
        results.ShouldAllBe(one => one!["sent"]!.GetValue<long>() > 100);
        var app = System
            .Text.RegularExpressions.Regex.Match(result.All, "making (selftest-[0-9a-f]+) ")
            .Groups[1]
            .Value;
        app.ShouldNotBeEmpty();
        foreach (string[] list in new[] { ["ps", "--all"], ["network", "ls"], ["volume", "ls"], new[] { "images" } })
            (await DockerHere.RunAsync(token, list)).ShouldNotContain(app);
    }
}
