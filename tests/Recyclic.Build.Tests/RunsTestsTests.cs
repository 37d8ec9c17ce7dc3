using Recyclic.Build.Running;
using Recyclic.Build.Testing;
using Recyclic.Build.Tooling;
using Recyclic.Processes;

namespace Recyclic.Build.Tests;

/// <summary>A target that is to run tests succeeds only if one ran: dotnet test ends well without any.</summary>
[CancelAfter(20_000)]
public class RunsTestsTests
{
    private const string Passed =
        "Passed!  - Failed:     0, Passed:   378, Skipped:     2, Total:   380, Duration: 1 m 25 s - Shop.Tests.dll (net10.0)";

    [TestCase(Passed, 378)]
    [TestCase(
        "Failed!  - Failed:    16, Passed:   378, Skipped:     0, Total:   394, Duration: 85 ms - Shop.Tests.dll (net10.0)",
        394
    )]
    [TestCase("Passed!  - Failed:     0, Passed:     0, Skipped:     3, Total:     3, Duration: 1 s", 0)]
    [TestCase("Bestanden!   : Fehler:     0, erfolgreich:    12, übersprungen:     0, gesamt:    12, Dauer: 41 ms", 12)]
    [TestCase("  succeeded: 4", 4)]
    [TestCase("  failed: 0", 0)]
    [TestCase("Test run summary: Zero tests ran", 0)]
    [TestCase("No test is available in /a/b.dll. Make sure that test discoverer & executors are registered", 0)]
    [TestCase("No test matches the given testcase filter `Name=x` in /a/b.dll", 0)]
    [TestCase("   Shop.Tests  Total: 12, Errors: 0, Failed: 0, Skipped: 2, Not Run: 1, Time: 0.123s", 9)]
    [TestCase("  Test Count: 5, Passed: 4, Failed: 0, Warnings: 0, Inconclusive: 0, Skipped: 1", 4)]
    [TestCase("  Width: 1, Height: 2, Depth: 3, Sum: 7", null)]
    [TestCase("Restored /a/b.csproj (in 1.2 sec).", null)]
    [TestCase("", null)]
    public void A_closing_line_says_how_many_ran(string line, int? expected) =>
        TestSummary.Ran(line).ShouldBe(expected);

    [TestCase("Awaited")]
    [TestCase("Tool")]
    [TestCase("Runner")]
    public async Task It_succeeds_when_a_program_says_that_tests_ran(string target)
    {
        var run = await RunAsync(target, $"  Determining projects to restore...\n{Passed}\n");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
    }

    [TestCase("Awaited")]
    [TestCase("Tool")]
    [TestCase("Runner")]
    public async Task It_fails_when_no_program_says_so(string target)
    {
        var run = await RunAsync(target, "  Determining projects to restore...\n");
        run.ExitCode.ShouldBe(1, run.Output);
        (run.Output + run.Error).ShouldContain(
            $"no test ran: {target} says RunsTests, and none of its programs printed the closing line of a test runner"
        );
        (run.Output + run.Error).ShouldContain("build the tests first where --no-build leaves that out");
    }

    [Test]
    public async Task It_fails_with_the_line_that_says_that_none_ran()
    {
        var run = await RunAsync("Awaited", "No test is available in /a/b.dll. Make sure\n");
        run.ExitCode.ShouldBe(1);
        (run.Output + run.Error).ShouldContain("its programs said 'No test is available in /a/b.dll. Make sure'");
    }

    [Test]
    public async Task One_project_with_tests_is_enough() =>
        (await RunAsync("Awaited", $"No test is available in /a/b.dll. Make sure\n{Passed}\n")).ExitCode.ShouldBe(0);

    [Test]
    public async Task A_target_that_says_nothing_and_a_dry_run_are_let_be()
    {
        (await RunAsync("Silent", "nothing\n")).ExitCode.ShouldBe(0);
        (await RunAsync("Awaited", "nothing\n", "--dry-run")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task Each_attempt_is_counted_anew_and_other_targets_tests_do_not_count()
    {
        var run = await RunAsync("After", Passed + "\n");
        run.ExitCode.ShouldBe(1);
        run.StatusOf("Awaited").ShouldBe(ExecutionStatus.Succeeded);
        run.StatusOf("After").ShouldBe(ExecutionStatus.Failed);
    }

    private static async Task<BuildTestRun> RunAsync(string target, string output, params string[] options)
    {
        var tester = new BuildTester();
        tester.Commands.On("dotnet", "test").Returns(output);
        return await tester.RunAsync<Tests>([target, .. options]);
    }

    private sealed class Tests : RecyclicBuild
    {
        public Target Awaited =>
            _ =>
                _.RunsTests()
                    .Executes(async cancellationToken =>
                    {
                        await ProcessTasks.RunAsync(Command.Of("dotnet", "test"), cancellationToken);
                    });
        public Target Tool =>
            _ => _.RunsTests().Executes(() => ProcessTasks.StartProcess("dotnet", $"test").AssertZeroExitCode());
        public Target Runner =>
            _ =>
                _.RunsTests()
                    .Executes(async cancellationToken =>
                    {
                        await CommandRunner.RunAsync(Command.Of("dotnet", "test"), cancellationToken);
                    });
        public Target Silent =>
            _ =>
                _.Executes(async cancellationToken =>
                {
                    await CommandRunner.RunAsync(Command.Of("dotnet", "test"), cancellationToken);
                });
        public Target After => _ => _.DependsOn(Awaited).RunsTests().Executes(() => { });
    }
}
