using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>The fault matrix, as a user runs it, in its quick selection.</summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(1_500_000)]
public sealed class SelftestTests
{
    [Test]
    public async Task The_quick_selection_of_the_fault_matrix_breaks_no_invariant_and_leaves_nothing_behind()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        await Engine.ReadyAsync();
        await using var selftest = Tool.Start(new Dictionary<string, string>(), "Selftest", "--quick", "--json");

        // So many cases on a busy machine may take longer than any one deploy: the test's own deadline is the limit.
        var result = (await selftest.Ended.WaitAsync(token)).ShouldExitWith(0);

        var results = result.Json["results"]!.AsArray();
        results.Count.ShouldBe(13);
        results.Where(one => !one!["holds"]!.GetValue<bool>()).ShouldBeEmpty();
        result.Json["requests"]!["failed"]!.GetValue<long>().ShouldBe(0);
        results.ShouldAllBe(one => one!["sent"]!.GetValue<long>() > 100);
        var app = System.Text.RegularExpressions.Regex.Match(result.All, "making (selftest-[0-9a-f]+) ").Groups[1].Value;
        app.ShouldNotBeEmpty();
        foreach (string[] list in new[] { ["ps", "--all"], ["network", "ls"], ["volume", "ls"], new[] { "images" } })
            (await Docker.RunAsync(token, list)).ShouldNotContain(app);
    }
}
