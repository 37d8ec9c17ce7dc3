using System.Text.Json;
using Recyclic.Components.Metrics;
using Recyclic.Components.Metrics.Adapters;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

[CancelAfter(20_000)]
public sealed class MetricsTests
{
    private string _root = "";

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("recyclic-metrics-").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(_root, recursive: true);

    [Test]
    public void A_deploy_is_one_line_of_json() =>
        Metrics(Outcome.Success)
            .ToJson()
            .ShouldBe(
                """
                {"timestamp":"2026-01-31T09:30:00.125Z","event":"deploy","version":"new5678","duration_seconds":12.346,"status":"success",
                "hostname":"laptop","user":"ann","system_metrics":{"cpu_percent":12.5,"memory_percent":50,"disk_percent":null,"containers_running":7,"images":9},
                "performance":{"switch_ms":84,"requests_total":1200,"requests_failed":0,"failed_step":null,"steps":[{"number":1,"step":"start green","seconds":1.5}]}}
                """.Replace("\n", "")
            );

    [TestCase(Outcome.Undone, "undone")]
    [TestCase(Outcome.Failed, "failed")]
    [TestCase(Outcome.Cancelled, "cancelled")]
    public void A_failed_rollback_says_where(Outcome outcome, string status)
    {
        var metrics = DeployMetrics.Of(
            Outcomes.Of(outcome, Operation.Rollback, cause: new IOException("late")),
            Outcomes.Start,
            "laptop",
            "a\"nn\n",
            SystemMetrics.Unknown,
            default
        );
        (metrics.Event, metrics.Status, metrics.Performance.FailedStep, metrics.File).ShouldBe(
            ("rollback", status, "cut over: all traffic to green", "logs/rollback-metrics.json")
        );
        metrics.ToJson().ShouldNotContain('\n');
    }

    [Test]
    public async Task Lines_are_appended(CancellationToken cancellationToken)
    {
        (await AppendAsync(Metrics(Outcome.Success), cancellationToken)).ShouldBeNull();
        (await AppendAsync(Metrics(Outcome.Cancelled), cancellationToken)).ShouldBeNull();
        Statuses("deploy").ShouldBe(["success", "cancelled"]);
        (
            await File.ReadAllTextAsync(Path.Combine(_root, "logs", "deploy-metrics.json"), cancellationToken)
        ).ShouldEndWith("}\n");
    }

    [Test]
    public async Task A_line_cut_short_by_a_crash_spoils_no_other(CancellationToken cancellationToken)
    {
        var file = Directory.CreateDirectory(Path.Combine(_root, "logs")).FullName + "/deploy-metrics.json";
        await File.WriteAllTextAsync(file, "{\"timest", cancellationToken);
        await AppendAsync(Metrics(Outcome.Success), cancellationToken);
        (await File.ReadAllLinesAsync(file, cancellationToken)).ShouldBe([
            "{\"timest",
            Metrics(Outcome.Success).ToJson(),
        ]);
    }

    [Test]
    public async Task Writers_at_the_same_time_keep_their_lines_whole(CancellationToken cancellationToken)
    {
        var warnings = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(number =>
                    Task.Run(
                        () =>
                            AppendAsync(
                                Metrics(Outcome.Success) with
                                {
                                    Version = $"v{number}",
                                    User = new string('u', 20_000),
                                },
                                cancellationToken
                            ),
                        cancellationToken
                    )
                )
        );
        warnings.ShouldAllBe(warning => warning == null);
        Versions("deploy").Order().ShouldBe(Enumerable.Range(0, 40).Select(number => $"v{number}").Order());
    }

    [Test]
    public async Task A_directory_that_cannot_be_written_is_a_warning(CancellationToken cancellationToken)
    {
        // A file in its place: permissions would not stop root.
        await File.WriteAllTextAsync(Path.Combine(_root, "logs"), "", cancellationToken);
        var warning = await AppendAsync(Metrics(Outcome.Success), cancellationToken);
        warning.ShouldNotBeNull().ShouldStartWith("logs/deploy-metrics.json was not written: ");
        warning.ShouldNotContain('\n');
    }

    [TestCase(false, "was not written")]
    [TestCase(true, "was not written: cancelled")]
    public async Task A_file_that_another_program_keeps_is_a_warning_after_a_while(
        bool cancelled,
        string expected,
        CancellationToken cancellationToken
    )
    {
        await AppendAsync(Metrics(Outcome.Success), cancellationToken);
        await using var held = new FileStream(
            Path.Combine(_root, "logs", "deploy-metrics.json"),
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );
        (await AppendAsync(Metrics(Outcome.Success), new CancellationToken(cancelled)))
            .ShouldNotBeNull()
            .ShouldContain(expected);
    }

    [Test]
    public void Processor_and_memory_are_read_from_proc()
    {
        Proc(
            "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3",
            "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    250 kB\n"
        );
        var probe = new HostProbe(_root, _root);
        Proc(
            "cpu  150 0 110 730 110 0 0 0 80 0\ncpu0 1 2 3",
            "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    250 kB\n"
        );
        var system = probe.Read(3, 4);
        (system.CpuPercent, system.MemoryPercent, system.ContainersRunning, system.Images).ShouldBe((60.0, 75.0, 3, 4));
        system.DiskPercent.ShouldNotBeNull().ShouldBeInRange(0, 100);
    }

    [TestCase("", "")]
    [TestCase("cpu", "MemTotal: x kB\nMemAvailable: 1 kB")]
    [TestCase("cpu a b c d", "MemTotal: 0 kB\nMemAvailable: 0 kB")]
    [TestCase("cpu 1 1 1 1", "MemAvailable: 1 kB")]
    public void What_cannot_be_read_is_null(string stat, string meminfo)
    {
        Proc(stat, meminfo);
        var system = new HostProbe(Path.Combine(_root, "none"), _root).Read(null, null);
        (system.CpuPercent, system.MemoryPercent).ShouldBe((null, null));
    }

    [Test]
    public void Without_proc_there_are_no_numbers_and_no_error() =>
        new HostProbe(_root, Path.Combine(_root, "none")).Read(null, null).MemoryPercent.ShouldBeNull();

    private static DeployMetrics Metrics(Outcome outcome) =>
        DeployMetrics.Of(
            Outcomes.Of(outcome),
            Outcomes.Start,
            "laptop",
            "ann",
            new SystemMetrics(12.5, 50, null, 7, 9),
            [new StepMetrics(1, "start green", 1.5)]
        );

    private Task<string?> AppendAsync(DeployMetrics metrics, CancellationToken cancellationToken) =>
        MetricsFile.AppendAsync(_root, metrics, TimeProvider.System, cancellationToken);

    private void Proc(string stat, string meminfo)
    {
        File.WriteAllText(Path.Combine(_root, "stat"), stat);
        File.WriteAllText(Path.Combine(_root, "meminfo"), meminfo);
    }

    private IEnumerable<string?> Statuses(string name) =>
        Lines(name).Select(line => line.GetProperty("status").GetString());

    private IEnumerable<string?> Versions(string name) =>
        Lines(name).Select(line => line.GetProperty("version").GetString());

    private IEnumerable<JsonElement> Lines(string name) =>
        File.ReadAllLines(Path.Combine(_root, "logs", $"{name}-metrics.json"))
            .Select(line => JsonDocument.Parse(line).RootElement);
}
