using System.Text.Json;
using Recyclic.Build.Testing;
using Recyclic.Build.Tooling;
using Recyclic.Build.Tooling.DotNet;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>
/// Several things in one target each have a line in the summary, and each failure among them fails the target.
/// </summary>
[CancelAfter(20_000)]
public class CombinedTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task Each_result_has_a_line_under_its_target()
    {
        var run = await RunAsync("Test");
        run.ExitCode.ShouldBe(0, run.Output);
        Rows(run).ShouldBe(["Test Succeeded", "a Succeeded", "b Succeeded", "c Succeeded"]);
    }

    [Test]
    public async Task The_first_failure_keeps_the_others_from_beginning()
    {
        var run = await RunAsync("Test", "--breaks", "b");
        run.ExitCode.ShouldBe(4);
        Rows(run).ShouldBe(["Test Failed", "a Succeeded", "b Failed", "c NotRun"]);
        run.Output.ShouldContain("[ERR] b: b broke");
        run.Output.ShouldContain("// 1 of 3 failed: b");
        run.Output.ShouldMatch(@"  b +Failed +< 1sec   // b broke\n");
    }

    [Test]
    public async Task All_are_done_when_the_build_says_so_and_all_failures_are_named()
    {
        var run = await RunAsync("TestAll", "--breaks", "a", "c");
        run.ExitCode.ShouldBe(4);
        Rows(run).ShouldBe(["TestAll Failed", "a Failed", "b Succeeded", "c Failed"]);
        run.Output.ShouldContain("// 2 of 3 failed: a, c");
    }

    [Test]
    public async Task Side_by_side_a_failure_cancels_those_that_run()
    {
        var run = await RunAsync("Together", "--breaks", "b");
        run.ExitCode.ShouldBe(4);
        Rows(run).ShouldBe(["Together Failed", "a Aborted", "b Failed", "c Aborted"]);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task No_more_run_side_by_side_than_may(int degree)
    {
        CombiningBuild.Most.Value = new();
        var run = await RunAsync("Count", "--degree", $"{degree}");
        run.ExitCode.ShouldBe(0, run.Output);
        CombiningBuild.Most.Value.Value.ShouldBe(degree);
    }

    [Test]
    public async Task A_target_that_is_tried_again_begins_its_lines_anew()
    {
        var run = await RunAsync("Again");
        run.ExitCode.ShouldBe(0, run.Output);
        Rows(run).ShouldBe(["Again Succeeded", "a Succeeded", "b Succeeded"]);
    }

    [Test]
    public async Task A_target_may_combine_twice() =>
        Rows(await RunAsync("Twice")).ShouldBe(["Twice Succeeded", "a Succeeded", "b Succeeded", "x Succeeded"]);

    [Test]
    public async Task Programs_read_the_results_too()
    {
        var run = await RunAsync("Test", "--breaks", "b", "--log", "json");
        var ended = run
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Single(line => line.GetProperty("event").GetString() == "target-ended");
        ended
            .GetProperty("parts")
            .EnumerateArray()
            .Select(part => $"{part.GetProperty("name")} {part.GetProperty("status")}")
            .ShouldBe(["a succeeded", "b failed", "c notrun"]);
    }

    [Test]
    public async Task On_GitHub_the_page_of_the_run_has_them()
    {
        _host.Environment["GITHUB_ACTIONS"] = "true";
        _host.Environment["GITHUB_STEP_SUMMARY"] = _host.Root / "summary.md";
        await RunAsync("Test");
        (_host.Root / "summary.md").ReadAllText().ShouldContain("| — a | ✅ Succeeded | < 1sec |  |\n");
    }

    [Test]
    public async Task Commands_of_dotnet_are_combined_as_there()
    {
        _host.Commands.On("dotnet", "test").Returns("Passed!");
        _host.Commands.On("dotnet", "test", "src/B.Tests.csproj").Fails(1, "Failed!");
        var run = await RunAsync("DotNet");
        run.ExitCode.ShouldBe(1);
        run.CommandLines.Order()
            .ShouldBe([
                "dotnet test src/A.Tests.csproj --no-build --framework net10.0",
                "dotnet test src/B.Tests.csproj --no-build --framework net10.0",
                "dotnet test src/C.Tests.csproj --no-build --framework net10.0",
            ]);
        Rows(run).ShouldBe(["DotNet Failed", "A.Tests Succeeded", "B.Tests Failed", "C.Tests Succeeded"]);
    }

    [Test]
    public async Task What_is_done_to_one_project_twice_goes_by_its_command()
    {
        _host.Commands.On("dotnet", "publish").Returns("done");
        Rows(await RunAsync("Publish")).ShouldBe(["Publish Succeeded", "dotnet publish", "dotnet publish"]);
    }

    [Test]
    public async Task Commands_are_run_and_an_exit_code_is_a_failure()
    {
        _host.Commands.On("git").Returns("done");
        _host.Commands.On("git", "push").Fails(1, "rejected");
        var run = await RunAsync("Commands");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("[ERR] git push: CommandFailedException: `git push` exited with code 1\n    rejected");
        run.Output.ShouldMatch(@"\n  git fetch +Succeeded");
        run.Output.ShouldMatch(@"\n  git push +Failed");
    }

    private Task<BuildTestRun> RunAsync(params string[] arguments) => _host.RunAsync<CombiningBuild>(arguments);

    /// <summary>Name and status of each row of the table at the end.</summary>
    private static IEnumerable<string> Rows(BuildTestRun run) =>
        run
            .Output.Split('\n')
            .SkipWhile(line => !line.StartsWith("Target ", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => !line.StartsWith('─'))
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)));

    public class CombiningBuild : RecyclicBuild
    {
        public static readonly AsyncLocal<StrongBox?> Most = new();
        private static readonly string[] Names = ["a", "b", "c"];
        private int _running;
        private int _attempts;

        [Parameter]
        private readonly string[] Breaks = [];

        [Parameter]
        private readonly int Degree = 1;

        public Target Test => _ => _.Executes(token => Combined.RunAsync(Names, BreakAsync, token));

        public Target TestAll =>
            _ => _.Executes(token => Combined.RunAsync(Names, BreakAsync, token, completeOnFailure: true));

        public Target Together =>
            _ =>
                _.Executes(token =>
                    Combined.RunAsync(
                        Names,
                        async (name, each) =>
                        {
                            if (!Breaks.Contains(name))
                                await Task.Delay(Timeout.InfiniteTimeSpan, each);
                            await BreakAsync(name, each);
                        },
                        token,
                        degreeOfParallelism: 3
                    )
                );

        public Target Count =>
            _ =>
                _.Executes(token =>
                    Combined.RunAsync(
                        Enumerable.Range(0, 8),
                        async (_, each) =>
                        {
                            var running = Interlocked.Increment(ref _running);
                            lock (Most)
                                Most.Value!.Value = Math.Max(running, Most.Value.Value);
                            await Task.Delay(30, each);
                            Interlocked.Decrement(ref _running);
                        },
                        token,
                        degreeOfParallelism: Degree
                    )
                );

        public Target Again =>
            _ =>
                _.WithRetry(1)
                    .Executes(token =>
                        Combined.RunAsync(
                            ["a", "b"],
                            (_, _) =>
                                _attempts++ == 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask,
                            token
                        )
                    );

        public Target Twice =>
            _ =>
                _.Executes(async token =>
                {
                    await Combined.RunAsync(["a", "b"], (_, _) => Task.CompletedTask, token);
                    await Combined.RunAsync(["x"], (_, _) => Task.CompletedTask, token);
                });

        public Target DotNet =>
            _ =>
                _.Executes(() =>
                    DotNetTasks.DotNetTest(
                        s =>
                            s.EnableNoBuild()
                                .SetFramework("net10.0")
                                .CombineWith(
                                    ["A", "B", "C"],
                                    (each, name) => each.SetProjectFile($"src/{name}.Tests.csproj")
                                ),
                        degreeOfParallelism: 2,
                        completeOnFailure: true
                    )
                );

        public Target Publish =>
            _ =>
                _.Executes(() =>
                    DotNetTasks.DotNetPublish(s =>
                        s.SetProject("src/Api")
                            .CombineWith(["linux-x64", "win-x64"], (each, runtime) => each.SetRuntime(runtime))
                    )
                );

        public Target Commands =>
            _ =>
                _.Executes(token =>
                    Combined.RunAsync(
                        [Processes.Command.Of("git", "fetch"), Processes.Command.Of("git", "push")],
                        token,
                        completeOnFailure: true
                    )
                );

        private Task BreakAsync(string name, CancellationToken cancellationToken) =>
            Breaks.Contains(name) ? throw new TargetFailedException($"{name} broke", exitCode: 4) : Task.CompletedTask;
    }

    public sealed class StrongBox
    {
        public int Value { get; set; }
    }
}
