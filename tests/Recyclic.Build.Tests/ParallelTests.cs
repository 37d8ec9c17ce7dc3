using System.Diagnostics;
using Serilog;

namespace Recyclic.Build.Tests;

[CancelAfter(60_000)]
public class ParallelTests
{
    private TestHost _host = null!;
    private GraphScript _script = null!;

    public static IEnumerable<int> Seeds => Enumerable.Range(1, 60);

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost { Adjust = host => host with { Processors = 4, KeepsReports = false } };
        GraphBuild.Script = _script = new GraphScript();
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCaseSource(nameof(Seeds))]
    public async Task A_random_build_respects_every_edge_prints_unmixed_and_runs_each_target_once(int seed)
    {
        var random = new Random(seed);
        string[] names = ["A", "B", "C", "D", "E", "F", "G", "H"];
        var edges = new List<(string First, string Second)>();
        for (var i = 0; i < names.Length; i++)
        for (var j = i + 1; j < names.Length; j++)
            if (random.Next(4) == 0)
                edges.Add((names[i], names[j]));
        foreach (var (first, second) in edges)
        {
            _ = random.Next(5) switch
            {
                0 => _script.Edge(second, (b, _) => _.DependsOn(b.Named(first))),
                1 => _script.Edge(first, (b, _) => _.DependentFor(b.Named(second))),
                2 => _script.Edge(first, (b, _) => _.Before(b.Named(second))),
                3 => _script.Edge(second, (b, _) => _.After(b.Named(first))),
                _ => _script.Edge(first, (b, _) => _.Triggers(b.Named(second))),
            };
        }
        foreach (var name in names)
            _script.Does(
                name,
                async _ =>
                {
                    for (var line = 0; line < 3; line++)
                    {
                        Log.Information("from {Name:l} {Line}", name, line);
                        await Task.Yield();
                    }
                }
            );

        var run = await _host.RunAsync<GraphBuild>([.. names, "--parallel=3"]);

        run.ExitCode.ShouldBe(0);
        foreach (var (first, second) in edges)
            _script.Done[first].End.ShouldBeLessThan(_script.Done[second].Start, $"{first} before {second}");
        _script.Done.Keys.Order().ShouldBe(names);
        _script.Done.Values.ShouldAllBe(done => done.Count == 1);
        _script.MostAtOnce.ShouldBeLessThanOrEqualTo(3);
        var printed = run
            .Output.Split('\n')
            .Where(line => line.Contains("from "))
            .Select(line => line.Split("from ")[1])
            .ToArray();
        printed.Length.ShouldBe(24);
        foreach (var block in printed.Chunk(3))
            block.ShouldBe([$"{block[0][0]} 0", $"{block[0][0]} 1", $"{block[0][0]} 2"]);
    }

    [Test]
    public async Task A_diamond_takes_the_time_of_its_longest_way()
    {
        _script
            .Edge("B", (b, _) => _.DependsOn(b.A))
            .Edge("C", (b, _) => _.DependsOn(b.A))
            .Edge("D", (b, _) => _.DependsOn(b.B, b.C));
        foreach (var name in new[] { "A", "B", "C", "D" })
            _script.Does(name, token => Task.Delay(600, token));
        var watch = Stopwatch.StartNew();
        (await _host.RunAsync<GraphBuild>("D", "--parallel")).ExitCode.ShouldBe(0);
        // One after the other they take 2.4 s, the longest way 1.8 s.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2.35));
        _script.MostAtOnce.ShouldBe(2);
    }

    [Test]
    public async Task Without_the_option_targets_run_one_after_the_other()
    {
        await _host.RunAsync<GraphBuild>("A", "B", "C", "D");
        _script.MostAtOnce.ShouldBe(1);
        _script.Order.ShouldBe(["A", "B", "C", "D"]);
    }

    [Test]
    public async Task One_failure_cancels_the_rest_and_its_output_stays_together(CancellationToken cancellationToken)
    {
        var isRunning = new TaskCompletionSource();
        _script.Edge("C", (b, _) => _.After(b.A, b.B));
        _script.Does(
            "A",
            async token =>
            {
                isRunning.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
        );
        _script.Does(
            "B",
            async _ =>
            {
                await isRunning.Task.WaitAsync(cancellationToken);
                throw new TargetFailedException("it broke", 7);
            }
        );
        var run = await _host.RunAsync<GraphBuild>("A", "B", "C", "--parallel=2");
        run.ExitCode.ShouldBe(7);
        run.Output.ShouldContain("A                  Aborted       < 1sec   // cancelled because B failed");
        run.Output.ShouldContain("B                  Failed        < 1sec   // it broke");
        run.Output.ShouldContain("C                  NotRun");
        run.Output.ShouldContain("Build failed on");
    }

    [Test]
    public async Task Targets_that_exclude_each_other_never_meet()
    {
        _script.Edge("B", (b, _) => _.NotInParallelWith(b.A, b.C));
        foreach (var name in new[] { "A", "B", "C", "D" })
            _script.Does(name, token => Task.Delay(30, token));
        (await _host.RunAsync<GraphBuild>("A", "B", "C", "D", "--parallel=4")).ExitCode.ShouldBe(0);
        var (a, b, c) = (_script.Done["A"], _script.Done["B"], _script.Done["C"]);
        (a.End < b.Start || b.End < a.Start).ShouldBeTrue();
        (c.End < b.Start || b.End < c.Start).ShouldBeTrue();
        _script.MostAtOnce.ShouldBeGreaterThan(1);
    }

    [TestCase("--parallel=-1", "--parallel: -1 is not a number of targets")]
    [TestCase("--parallel=many", "--parallel")]
    public async Task A_degree_that_is_none_is_refused(string option, string message)
    {
        var run = await _host.RunAsync<GraphBuild>("A", option);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
        _script.Order.ShouldBeEmpty();
    }

    [Test]
    public async Task The_option_alone_does_not_swallow_a_target()
    {
        (await _host.RunAsync<GraphBuild>("--parallel", "A", "--parallel=2", "B")).ExitCode.ShouldBe(
            2,
            "the option is given twice"
        );
        (await _host.RunAsync<GraphBuild>("--parallel", "A")).ExitCode.ShouldBe(0);
        (await _host.RunAsync<GraphBuild>("--parallel", "2", "B")).ExitCode.ShouldBe(0);
        _script.Order.ShouldBe(["A", "B"]);
    }

    [Test]
    public async Task A_target_that_waits_for_the_terminal_loses_nothing_of_a_long_output()
    {
        _script.Edge("A", (b, _) => _.Description("")).Does("A", token => Task.Delay(200, token));
        var build = new TaskCompletionSource<GraphBuild>();
        _script.Edge("B", (b, _) => build.TrySetResult(b));
        _script.Does(
            "B",
            async _ =>
            {
                var b = await build.Task;
                for (var i = 0; i < 40_000; i++)
                    b.Print($"line {i} {new string('x', 60)}");
            }
        );
        var run = await _host.RunAsync<GraphBuild>("A", "B", "--parallel=2");
        run.Output.Split('\n').Count(line => line.StartsWith("line ", StringComparison.Ordinal)).ShouldBe(40_000);
    }

    [Test]
    public async Task The_summary_gives_the_time_that_passed_not_the_sum()
    {
        foreach (var name in new[] { "A", "B" })
            _script.Does(name, token => Task.Delay(700, token));
        var run = await _host.RunAsync<GraphBuild>("A", "B", "--parallel=2");
        run.Output.ShouldContain("Total                            < 1sec");
    }
}
