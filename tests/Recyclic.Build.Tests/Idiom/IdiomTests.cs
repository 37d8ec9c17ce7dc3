using System.Text.RegularExpressions;
using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>
/// A build in NUKE's idiom behaves as it does there; where it does not, that is on purpose and said so.
/// </summary>
[CancelAfter(20_000)]
public partial class IdiomTests
{
    private static readonly string[] Publish = ["Publish", "--configuration", "release", "--api-key", "s3cr3t value"];
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Dependencies_run_first_and_order_alone_brings_nothing_in()
    {
        Statuses(await RunAsync("Pack")).ShouldBe("Restore:Succeeded Compile:Succeeded Pack:Succeeded");
        Statuses(await RunAsync("Pack", "Test", "Clean"))
            .ShouldBe("Clean:Succeeded Restore:Succeeded Compile:Succeeded Test:Succeeded Pack:Succeeded");
    }

    [Test]
    public async Task Without_a_name_the_default_target_runs() =>
        Statuses(await _host.RunAsync<IdiomBuild>([], [x => ((ITest)x).Test]))
            .ShouldBe("Restore:Succeeded Compile:Succeeded Test:Succeeded");

    [Test]
    public async Task Triggered_targets_follow_and_assured_ones_run_on_success_too()
    {
        var run = await RunAsync(Publish);
        run.ExitCode.ShouldBe(0);
        Statuses(run)
            .ShouldBe(
                "Restore:Succeeded Compile:Succeeded Test:Succeeded Pack:Succeeded Publish:Succeeded Announce:Succeeded Withdraw:Skipped Report:Succeeded"
            );
        run.Output.ShouldContain("// Skipped: OnlyWhen: IsFailing");
        run.Output.ShouldContain("compiling Release");
    }

    [Test]
    public async Task After_a_failure_only_what_is_assured_runs()
    {
        var run = await RunAsync([.. Publish, "--breaks", "Publish"]);
        run.ExitCode.ShouldBe(1);
        Statuses(run)
            .ShouldBe(
                "Restore:Succeeded Compile:Succeeded Test:Succeeded Pack:Succeeded Publish:Failed Announce:NotRun Withdraw:Succeeded Report:Succeeded"
            );
        run.Output.ShouldContain("// InvalidOperationException: Publish broke");
    }

    [Test]
    public async Task A_failure_that_may_be_passed_over_lets_the_rest_run_and_the_build_fails()
    {
        var run = await RunAsync([.. Publish, "--breaks", "Test"]);
        run.ExitCode.ShouldBe(1);
        Statuses(run)
            .ShouldBe(
                "Restore:Succeeded Compile:Succeeded Test:Failed Pack:Succeeded Publish:Succeeded Announce:Skipped Withdraw:Succeeded Report:Succeeded"
            );
        run.Output.ShouldContain("testing");
    }

    [Test]
    public async Task A_static_condition_skips_the_target_and_what_only_it_needs()
    {
        var run = await RunAsync("Publish", "--api-key", "s3cr3t value");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain(
            "// Skipped: OnlyWhen: ((IHazConfiguration)this).Configuration == Configuration.Release"
        );
        run.Output.ShouldContain("Pack               Skipped                // Skipped: because of Publish");
    }

    [Test]
    public async Task Skip_names_targets_or_all_that_are_not_asked_for()
    {
        (await RunAsync("Pack", "--skip", "Compile")).Output.ShouldContain("// Skipped: via parameter");
        Statuses(await RunAsync("Pack", "--skip")).ShouldBe("Restore:Skipped Compile:Skipped Pack:Succeeded");
    }

    [Test]
    public async Task What_is_required_is_asked_of_targets_that_run()
    {
        var run = await RunAsync("Publish", "--configuration", "Release", "--source", "http://a.example");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Publish requires --api-key (or API_KEY in the environment)");
        run.Error.ShouldContain("target Publish requires Source.StartsWith(\"https://\", StringComparison.Ordinal)");
        (await RunAsync("Publish")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task Unlike_there_an_option_that_is_unknown_or_wrong_runs_nothing()
    {
        (await RunAsync("Pack", "--configuration", "purple")).ExitCode.ShouldBe(2);
        (await RunAsync("Pack", "--bogus-flag", "1")).ExitCode.ShouldBe(2);
        (await RunAsync("Pack", "--package-version=1.2")).Output.ShouldContain("packing 1.2");
    }

    [Test]
    public async Task Unlike_there_a_secret_is_not_printed()
    {
        var run = await RunAsync(Publish);
        run.Output.ShouldContain("with ***");
        (run.Output + run.Error).ShouldNotContain("s3cr3t value");
    }

    [Test]
    public async Task The_help_shows_targets_of_class_and_components()
    {
        var help = (await RunAsync("--help")).Output;
        foreach (var name in new[] { "Clean", "Restore", "Compile", "Test", "Pack", "Publish", "Report" })
            help.ShouldContain($"  {name}");
        help.ShouldNotContain("Announce\n");
        help.ShouldContain("Removes what earlier builds made");
    }

    private Task<BuildTestRun> RunAsync(params string[] arguments) => _host.RunAsync<IdiomBuild>(arguments);

    private static string Statuses(BuildTestRun run) =>
        string.Join(' ', Row().Matches(run.Output).Select(row => $"{row.Groups[1].Value}:{row.Groups[2].Value}"));

    [GeneratedRegex(@"^(\w+) +(Succeeded|Failed|Skipped|NotRun|Aborted)\b", RegexOptions.Multiline)]
    private static partial Regex Row();
}
