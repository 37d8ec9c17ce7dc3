using Recyclic.Build.Testing;
using Recyclic.Build.Tooling;
using Recyclic.Processes;

namespace Recyclic.Build.Tests;

[CancelAfter(20_000)]
public class ToolTests
{
    private BuildTester _tester = null!;

    [SetUp]
    public void SetUp() => _tester = new();

    [TestCase("", "")]
    [TestCase("  ps   -a ", "ps|-a")]
    [TestCase("commit -m \"two words\" --x=\"a b\"c", "commit|-m|two words|--x=a bc")]
    [TestCase("say \\\"hi\\\" it's \"\"", "say|\"hi\"|it's|")]
    [TestCase("a $HOME `id` ; & | > * \\n", "a|$HOME|`id`|;|&|||>|*|\\n")]
    public void A_line_is_split_at_spaces_and_nothing_else_happens(string line, string expected)
    {
        ArgumentStringHandler arguments = line;
        string.Join('|', arguments.Arguments).ShouldBe(expected);
    }

    [Test]
    public void A_value_is_never_split()
    {
        var (directory, empty, none) = ("a b \"c\"", "", (string?)null);
        AbsolutePath path = "/x y";
        string[] many = ["1 2", "3"];
        Split($"build --tag={directory} {path} {empty} {none} {many} {true} {1.5} -o {path}/{3:00}")
            .ShouldBe(["build", "--tag=a b \"c\"", "/x y", "", "1 2", "3", "true", "1.5", "-o", "/x y/03"]);
        Split($"run {"-a -b":nq} {(string[])[]} end").ShouldBe(["run", "-a", "-b", "end"]);
        Should.Throw<ArgumentException>(() => Split($"a \"b {1}")).Message.ShouldContain("'a'");
    }

    [Test]
    public async Task A_tool_runs_prints_and_returns_its_lines()
    {
        _tester.Commands.On("git", "rev-parse").Returns("abc1234");
        var run = await _tester.RunAsync<Tools>("Revision");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.CommandLines.ShouldBe(["git rev-parse HEAD"]);
        run.Commands[0].WorkingDirectory.ShouldBe(_tester.RootDirectory);
        run.Commands[0].Environment["LANG"].ShouldBe("C");
        run.Output.ShouldContain("[INF] > git rev-parse HEAD\n");
        run.Output.ShouldContain("[INF] abc1234\n");
        run.Output.ShouldContain("revision abc1234");
    }

    [Test]
    public async Task A_tool_that_fails_fails_the_target_with_command_code_and_last_lines()
    {
        _tester.Commands.On("git").Fails(128, "not a repository");
        var run = await _tester.RunAsync<Tools>("Revision");
        run.StatusOf("Revision").ShouldBe(ExecutionStatus.Failed);
        run.Output.ShouldContain("`git rev-parse HEAD` exited with code 128\n    not a repository");
        run.Output.ShouldNotContain("revision abc");
    }

    [Test]
    public async Task A_tool_that_is_missing_is_null_so_that_a_requirement_tells()
    {
        var run = await _tester.RunAsync<Tools>("Revision", "InComponent");
        run.ExitCode.ShouldBe(2, run.Error + run.Output);
        run.Error.ShouldContain("target Revision requires a value for Git");
        run.Error.ShouldContain("target InComponent requires a value for Npm");
        run.Commands.ShouldBeEmpty();
        _tester.Commands.On("npm").Returns();
        (await _tester.RunAsync<Tools>("InComponent")).CommandLines.ShouldBe(["npm ci"]);
    }

    [Test]
    public async Task A_redacted_argument_is_printed_nowhere()
    {
        _tester.Commands.On("login").Fails(1, "bad password hunter2");
        var run = await _tester.RunAsync<Tools>("Login");
        run.Commands[0].Arguments.ShouldBe(["--password=hunter2"]);
        (run.Output + run.Error).ShouldNotContain("hunter2");
        run.Output.ShouldContain("`login --password=***` exited with code 1\n    bad password ***");
    }

    [Test]
    public async Task A_process_may_be_started_watched_and_killed()
    {
        _tester.Commands.On("serve").Hangs("listening");
        _tester.Commands.On("slow").Hangs();
        _tester.Commands.On("odd").Fails(3, "odd");
        var run = await _tester.RunAsync<Tools>("Processes");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("LISTENING -1 | slow: False | odd: 3 Err odd");
        run.Output.ShouldContain("`slow` was stopped after its timeout of 0.05 s");
    }

    [Test]
    public async Task A_tool_is_stopped_when_the_build_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        _tester.Commands.On("git").Hangs();
        _tester
            .Commands.On(command => command.Arguments.Contains("HEAD"))
            .Answers(_ => throw new OperationCanceledException(Cancelled(cancellation)));
        var run = await _tester.RunAsync<Tools>(["Revision"], [], cancellation.Token);
        run.ExitCode.ShouldBe(130, run.Output + run.Error);
        run.StatusOf("Revision").ShouldBe(ExecutionStatus.Aborted);
    }

    [Test, Platform("Unix")]
    public async Task A_real_program_is_found_on_the_path_and_run()
    {
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = "/",
            RootDirectory = "/nowhere",
            KeepsReports = false,
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        };
        (await RecyclicBuild.RunAsync<Tools>(["Shell"], host, CancellationToken.None)).ShouldBe(0, output.ToString());
        output.ToString().ShouldContain("a b|/|x");
    }

    private static CancellationToken Cancelled(CancellationTokenSource source)
    {
        source.Cancel();
        return source.Token;
    }

    private static IReadOnlyList<string> Split(ArgumentStringHandler arguments) => arguments.Arguments;

    public interface IUseNpm : IRecyclicBuild
    {
        [PathVariable("npm")]
        Tool? Npm => TryGetValue(() => Npm);

        Target InComponent => _ => _.Requires(() => Npm).Executes(() => Npm!($"ci"));
    }

    public class Tools : RecyclicBuild, IUseNpm
    {
        [PathVariable("git")]
        private readonly Tool? _git = null;

        [PathVariable]
        private Tool? Login2 { get; }

        private Tool? Git => _git;

        public Target Revision =>
            _ =>
                _.Requires(() => Git)
                    .Executes(() =>
                    {
                        var output = Git!(
                            $"rev-parse HEAD",
                            environmentVariables: new Dictionary<string, string> { ["LANG"] = "C" }
                        );
                        WriteLine($"revision {output.StdToText()}");
                    });

        public Target Login =>
            _ => _.Executes(() => ProcessTasks.StartProcess("login", $"--password={"hunter2":r}").AssertZeroExitCode());

        public Target Processes =>
            _ =>
                _.Executes(() =>
                {
                    using var server = ProcessTasks.StartProcess(
                        "serve",
                        outputFilter: line => line.ToUpperInvariant(),
                        logInvocation: false
                    );
                    while (server.Output.Count == 0)
                        Thread.Yield();
                    server.Kill();
                    var slow = ProcessTasks.StartProcess("slow", timeout: 50);
                    var odd = ProcessTasks.StartProcess("odd");
                    odd.WaitForExit();
                    WriteLine(
                        $"{server.Output.Single().Text} {server.ExitCode} | slow: {slow.WaitForExit()} | odd: {odd.ExitCode} {odd.Output.Single().Type} {odd.Output.Single().Text}"
                    );
                    try
                    {
                        slow.AssertZeroExitCode();
                    }
                    catch (CommandFailedException exception)
                    {
                        WriteLine(exception.Message);
                    }
                });

        public Target Shell =>
            _ =>
                _.Executes(() =>
                {
                    using var process = ProcessTasks.StartProcess(
                        "sh",
                        $"-c {"printf '%s|%s|%s' \"$1\" \"$PWD\" \"$X\""} sh {"a b"}",
                        environmentVariables: new Dictionary<string, string> { ["X"] = "x" }
                    );
                    process.AssertZeroExitCode();
                    WriteLine($"{Login2 is null}");
                });
    }
}
