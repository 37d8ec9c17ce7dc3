using Recyclic.Build.Testing;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

[CancelAfter(20_000)]
public class BuildTesterTests
{
    [Test]
    public async Task A_run_tells_statuses_output_and_commands()
    {
        var tester = new BuildTester { Parameters = { ["Tag"] = "1.2.3", ["DryRun"] = "false" } };
        tester.Commands.On("docker", "push").Returns("pushed");
        var run = await tester.RunAsync<Shop>("Push", "Broken", "After");
        run.ExitCode.ShouldBe(1);
        run.Targets.Select(target => $"{target.Name} {target.Status}")
            .ShouldBe(["Build Collective", "Push Succeeded", "Broken Failed", "After NotRun"]);
        run.StatusOf("Push").ShouldBe(ExecutionStatus.Succeeded);
        run.Targets[1].Notes.ShouldBe(["Said: pushed"]);
        run.CommandLines.ShouldBe(["docker push shop:1.2.3"]);
        run.Output.ShouldContain("plan Build Push Broken After, running Push, finished Build, done False");
        Should
            .Throw<ArgumentException>(() => run.StatusOf("Psuh"))
            .Message.ShouldContain("only Build, Push, Broken, After");
    }

    [Test]
    public async Task A_program_that_no_script_plays_fails_and_says_how_to_mend_the_test()
    {
        var run = await new BuildTester { Parameters = { ["Tag"] = "1" } }.RunAsync<Shop>("Push");
        run.StatusOf("Push").ShouldBe(ExecutionStatus.Failed);
        run.Output.ShouldContain(
            "`docker push shop:1` could not be started: no script of the test fits it. Add one: Commands.On(\"docker\").Returns(…)"
        );
    }

    [Test]
    public async Task What_is_refused_ran_nothing()
    {
        var tester = new BuildTester();
        var run = await tester.RunAsync<Shop>("Push");
        (run.ExitCode, run.Targets.Length, run.Commands.Length).ShouldBe((2, 0, 0));
        Should.Throw<ArgumentException>(() => run.StatusOf("Push")).Message.ShouldContain("requires --tag");
    }

    [Test]
    public async Task Each_run_has_its_own_commands()
    {
        var tester = new BuildTester { Parameters = { ["Tag"] = "1" } };
        tester.Commands.OnAny();
        await tester.RunAsync<Shop>("Push");
        (await tester.RunAsync<Shop>("Push")).Commands.Length.ShouldBe(1);
        tester.Commands.Ran.Length.ShouldBe(2);
    }

    [Test]
    public async Task Nothing_is_written_and_nothing_is_read_from_the_environment_of_the_test()
    {
        var tester = new BuildTester { Parameters = { ["Tag"] = "1" } };
        tester.Commands.OnAny();
        await tester.RunAsync<Shop>("Push");
        tester.RootDirectory.Exists().ShouldBeFalse();
        (await tester.RunAsync<Shop>("Where")).Output.ShouldContain("path=none server=False");
    }

    public class Shop : RecyclicBuild
    {
        [Parameter]
        public string? Tag { get; set; }

        public Target Build => _ => _;

        public Target Push =>
            _ =>
                _.DependsOn(Build)
                    .Requires(() => Tag)
                    .Executes(async cancellationToken =>
                    {
                        WriteLine(
                            $"plan {Names(ExecutionPlan)}, running {Names(RunningTargets)}, finished {Names(FinishedTargets)}, done {IsFinished}"
                        );
                        var result = (
                            await CommandRunner.RunAsync(Command.Of("docker", "push", $"shop:{Tag}"), cancellationToken)
                        ).EnsureSuccess();
                        ReportSummary("Said", result.StandardOutput.Trim());
                    });

        public Target Broken => _ => _.After(Push).Executes(() => throw new InvalidOperationException("broken"));
        public Target After => _ => _.After(Broken).Executes(() => { });
        public Target Where =>
            _ =>
                _.Executes(() =>
                    WriteLine($"path={EnvironmentVariables.GetValueOrDefault("PATH", "none")} server={IsServerBuild}")
                );

        private static string Names(IEnumerable<ExecutableTarget> targets) => string.Join(' ', targets);
    }
}
