using System.Text.Json;
using Recyclic.Build.Output;
using Recyclic.Build.Running;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>What a run leaves behind, and what the next one makes of it.</summary>
[CancelAfter(20_000)]
public class RunReportTests
{
    private TestHost _host = null!;
    private GraphScript _script = null!;

    private AbsolutePath Temporary => _host.Root / ".nuke" / "temp";

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        GraphBuild.Script = _script = new GraphScript();
        _script.Edge("B", (b, _) => _.DependsOn(b.A)).Edge("C", (b, _) => _.DependsOn(b.B));
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_run_is_recorded_with_its_parameters_but_no_secrets()
    {
        _host.Environment["REGISTRY_PASSWORD"] = "hunter2-hunter2";
        await _host.RunAsync<SampleBuild>("push-images", "--tag", "1.2", "--names", "a", "b");
        var text = File.ReadAllText(Temporary / "run.json");
        text.ShouldNotContain("hunter2");
        var report = JsonDocument.Parse(text).RootElement;
        report.GetProperty("schema").GetInt32().ShouldBe(1);
        report.GetProperty("outcome").GetString().ShouldBe("succeeded");
        report.GetProperty("exitCode").GetInt32().ShouldBe(0);
        report.GetProperty("invoked")[0].GetString().ShouldBe("PushImages");
        report
            .GetProperty("targets")
            .EnumerateArray()
            .Select(t => t.GetProperty("name").GetString())
            .ShouldBe(["BuildImages", "PushImages"]);
        report.GetProperty("targets")[0].GetProperty("status").GetString().ShouldBe("succeeded");
        var parameters = report
            .GetProperty("parameters")
            .EnumerateArray()
            .ToDictionary(p => p.GetProperty("name").GetString()!);
        parameters["names"].GetProperty("values").GetRawText().ShouldContain("b");
        parameters["tag"].GetProperty("source").GetString().ShouldBe("command-line");
        parameters["registry-password"].GetProperty("secret").GetBoolean().ShouldBeTrue();
        parameters["registry-password"].TryGetProperty("values", out _).ShouldBeFalse();
    }

    [Test]
    public async Task The_last_twenty_runs_are_kept()
    {
        for (var i = 0; i < 23; i++)
            await _host.RunAsync<GraphBuild>("A");
        Directory.GetFiles(Temporary / "runs").Length.ShouldBe(20);
        Directory.GetFiles(Temporary).Length.ShouldBe(1);
    }

    [TestCase("--help")]
    [TestCase("A", "--plan")]
    [TestCase("--version")]
    [TestCase("A", "--bogus")]
    public async Task What_runs_nothing_writes_nothing(params string[] arguments)
    {
        await _host.RunAsync<GraphBuild>(arguments);
        Directory.GetFileSystemEntries(_host.Root).ShouldBeEmpty();
    }

    [Test]
    public async Task A_report_that_cannot_be_written_is_a_warning()
    {
        File.WriteAllText(_host.Root / ".nuke", "in the way");
        var run = await _host.RunAsync<GraphBuild>("A");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("[WRN] the run report could not be written to");
    }

    [Test]
    public void A_report_reads_as_it_was_written()
    {
        var time = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2));
        var report = new RunReport(
            time,
            TimeSpan.FromSeconds(1.5),
            "failed",
            7,
            new(
                ["A"],
                ["B"],
                true,
                [new("tag", false, ["x", "y"], "environment"), new("key", true, [], "command-line")]
            ),
            [
                new("A", ExecutionStatus.Failed, time, TimeSpan.FromSeconds(1), 3, true, ["Note: n"]),
                new("B", ExecutionStatus.NotRun, null, default, 1, false, []),
            ]
        );
        var read = RunReportJson.Read(RunReportJson.Write(report).ToArray()).ShouldNotBeNull();
        RunReportJson.Write(read).SequenceEqual(RunReportJson.Write(report)).ShouldBeTrue();
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"schema\": 99}")]
    [TestCase("{\"schema\": 1, \"targets\": 3}")]
    public async Task A_report_that_makes_no_sense_is_as_good_as_none(string json)
    {
        Temporary.CreateDirectory();
        File.WriteAllText(Temporary / "run.json", json);
        (await _host.RunAsync<GraphBuild>("A")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_notable_change_since_the_last_run_is_shown()
    {
        await _host.RunAsync<GraphBuild>("A");
        var quick = await _host.RunAsync<GraphBuild>("A");
        quick.Output.ShouldMatch(@"A +Succeeded +< 1sec *\n");
        var path = Temporary / "run.json";
        File.WriteAllText(
            path,
            System.Text.RegularExpressions.Regex.Replace(
                File.ReadAllText(path),
                "\"seconds\": [^,\n]+",
                "\"seconds\": 75"
            )
        );
        (await _host.RunAsync<GraphBuild>("A")).Output.ShouldMatch(@"A +Succeeded +< 1sec  -1:1[45]");
    }

    [Test]
    public async Task Continue_goes_on_where_the_last_run_failed_as_often_as_it_takes()
    {
        _script.Does("B", _ => throw new InvalidOperationException("no"));
        await _host.RunAsync<GraphBuild>("C");
        var again = await _host.RunAsync<GraphBuild>("C", "--continue");
        again.Output.ShouldContain("A                  Skipped                // Skipped: succeeded in the run of ");
        _script.Order.ShouldBe(["A", "B", "B"]);
        _script.Work.Remove("B");
        var third = await _host.RunAsync<GraphBuild>("C", "--continue");
        third.ExitCode.ShouldBe(0);
        _script.Order.ShouldBe(["A", "B", "B", "B", "C"]);
    }

    [Test]
    public async Task Continue_repeats_what_is_assured()
    {
        _script.Edge("A", (b, _) => _.AssuredAfterFailure()).Does("B", _ => throw new InvalidOperationException("no"));
        await _host.RunAsync<GraphBuild>("C");
        await _host.RunAsync<GraphBuild>("C", "--continue");
        _script.Order.ShouldBe(["A", "B", "A", "B"]);
    }

    [TestCase("the targets have changed from Broken to Broken Other", "Broken", "Other", "--tag", "1")]
    [TestCase("--tag has changed from 1 to 2", "Broken", "--tag", "2")]
    [TestCase("--tag is no longer given", "Broken")]
    [TestCase("--count is given only", "Broken", "--tag", "1", "--count", "3")]
    [TestCase("--dry-run is given only", "Broken", "--tag", "1", "--dry-run")]
    [TestCase("--skip has changed from nothing to Other", "Broken", "--tag", "1", "--skip", "Other")]
    public async Task Continue_refuses_what_is_not_the_same(string change, params string[] arguments)
    {
        await _host.RunAsync<Failing>("Broken", "--tag", "1");
        var run = await _host.RunAsync<Failing>([.. arguments, "--continue"]);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"--continue: {change}");
        run.Output.ShouldNotContain("Broken");
        // What is not the same does not hide the run that can be continued.
        (await _host.RunAsync<Failing>("Broken", "--tag", "1", "--continue")).ExitCode.ShouldBe(1);
    }

    [Test]
    public async Task Continue_needs_a_run_that_failed()
    {
        var none = await _host.RunAsync<GraphBuild>("A", "--continue");
        none.ExitCode.ShouldBe(2);
        none.Error.ShouldContain("no run is recorded");
        await _host.RunAsync<GraphBuild>("A");
        var succeeded = await _host.RunAsync<GraphBuild>("A", "--continue");
        succeeded.ExitCode.ShouldBe(2);
        succeeded.Error.ShouldContain("there is nothing to continue");
    }

    [Test]
    public async Task A_dry_run_runs_what_reads_and_prints_the_rest()
    {
        var runner = new RecordingRunner();
        _host.Adjust = host => host with { CommandRunner = runner };
        var dry = await _host.RunAsync<Failing>("Commands", "--dry-run");
        dry.ExitCode.ShouldBe(0);
        dry.Output.ShouldContain("would run: git push 'a b'\n");
        dry.Output.ShouldContain("read");
        runner.Commands.ShouldBe(["git status"]);
        await _host.RunAsync<Failing>("Commands");
        runner.Commands.ShouldBe(["git status", "git status", "git push 'a b'"]);
    }

    public class Failing : RecyclicBuild
    {
        [Parameter]
        public string? Tag { get; set; }

        [Parameter]
        public int Count { get; set; }

        public Target Broken => _ => _.Executes(() => throw new InvalidOperationException("no"));
        public Target Other => _ => _.Executes(() => { });

        public Target Commands =>
            _ =>
                _.Executes(async cancellationToken =>
                {
                    WriteLine(
                        (
                            await CommandRunner.RunAsync(
                                Command.Of("git", "status") with
                                {
                                    IsReadOnly = true,
                                },
                                cancellationToken
                            )
                        ).StandardOutput
                    );
                    (await CommandRunner.RunAsync(Command.Of("git", "push", "a b"), cancellationToken)).EnsureSuccess();
                });
    }

    private sealed class RecordingRunner : ICommandRunner
    {
        public List<string> Commands { get; } = [];

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
        {
            Commands.Add(command.ToString());
            return Task.FromResult(new CommandResult(command, 0, "read", ""));
        }

        public IRunningCommand Start(Command command) => throw new NotSupportedException();
    }
}
