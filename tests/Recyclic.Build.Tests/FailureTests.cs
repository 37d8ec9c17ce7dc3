using Serilog;

namespace Recyclic.Build.Tests;

/// <summary>Timeouts, retries, and what undoes.</summary>
[CancelAfter(30_000)]
public class FailureTests
{
    private TestHost _host = null!;
    private GraphScript _script = null!;

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        GraphBuild.Script = _script = new GraphScript();
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_target_that_outruns_its_timeout_is_cancelled_and_has_failed()
    {
        _script
            .Edge("A", (_, _) => { })
            .Edge("A", (b, _) => _.WithTimeout(TimeSpan.FromMilliseconds(50)))
            .Does("A", token => Task.Delay(Timeout.InfiniteTimeSpan, token));
        var run = await _host.RunAsync<GraphBuild>("A");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("[ERR] A did not end within its timeout of 0.05 s");
        run.Output.ShouldContain("A                  Failed");
    }

    [Test]
    public async Task A_target_that_ignores_its_token_is_left_behind_with_a_hint(CancellationToken cancellationToken)
    {
        using var gate = new ManualResetEventSlim();
        _script
            .Edge("A", (b, _) => _.WithTimeout(TimeSpan.FromMilliseconds(50)))
            .Does(
                "A",
                _ =>
                {
                    gate.Wait(cancellationToken);
                    return Task.CompletedTask;
                }
            );
        var run = await _host.RunAsync<GraphBuild>("A", "--cancel-timeout", "0.1");
        gate.Set();
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(
            "ignored its cancellation for 0.1 s more; it was left behind. Pass its token to what it waits for"
        );
    }

    [Test]
    public async Task A_cancelled_build_does_not_wait_for_ever_for_a_target_that_ignores_its_token(
        CancellationToken cancellationToken
    )
    {
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        _script.Does(
            "A",
            _ =>
            {
                cancellation.Cancel();
                gate.Wait(cancellationToken);
                return Task.CompletedTask;
            }
        );
        var run = await _host.RunAsync<GraphBuild>(["A", "--cancel-timeout", "0.1"], [], cancellation.Token);
        gate.Set();
        run.ExitCode.ShouldBe(130);
        run.Output.ShouldContain("// left behind: it ignored its cancellation for 0.1 s");
        run.Output.ShouldContain("Build cancelled on");
    }

    [TestCase(1, 1, "Failed")]
    [TestCase(2, 0, "Succeeded")]
    public async Task A_target_is_tried_again_only_as_often_as_declared(int retries, int exitCode, string status)
    {
        _host.Adjust = host => host with { Clock = new ImpatientClock() };
        var attempts = 0;
        _script
            .Edge("A", (b, _) => _.WithRetry(retries))
            .Does("A", _ => ++attempts < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask);
        var run = await _host.RunAsync<GraphBuild>("A");
        run.ExitCode.ShouldBe(exitCode);
        attempts.ShouldBe(retries + 1);
        run.Output.ShouldContain(
            $"[WRN] attempt 1 of {retries + 1} failed: InvalidOperationException: not yet; trying again in 1 s"
        );
        run.Output.ShouldContain($"A                  {status}");
    }

    [Test]
    public async Task Without_a_declared_retry_a_target_runs_once()
    {
        _script.Does("A", _ => throw new InvalidOperationException("no"));
        await _host.RunAsync<GraphBuild>("A");
        _script.Done["A"].Count.ShouldBe(1);
    }

    [Test]
    public async Task A_failure_runs_what_undoes_it_then_what_is_assured()
    {
        _script
            .Edge("A", (b, _) => _.OnFailure(b.E))
            .Edge("B", (b, _) => _.DependsOn(b.A).OnFailure(b.F, b.G))
            .Edge("C", (b, _) => _.DependsOn(b.B))
            .Edge("D", (b, _) => _.After(b.C).AssuredAfterFailure());
        _script.Does("B", _ => throw new TargetFailedException("it broke", 7));
        var run = await _host.RunAsync<GraphBuild>("C", "D");
        run.ExitCode.ShouldBe(7);
        // E undoes A, which has succeeded, and C never began.
        _script.Order.ShouldBe(["A", "B", "F", "G", "D"]);
        run.Output.ShouldContain("F                  Succeeded");
    }

    [Test]
    public async Task What_undoes_does_not_run_after_a_success()
    {
        _script.Edge("A", (b, _) => _.OnFailure(b.E));
        await _host.RunAsync<GraphBuild>("A");
        _script.Order.ShouldBe(["A"]);
    }

    [Test]
    public async Task Of_several_failures_the_last_to_begin_is_undone_first_and_each_undo_runs_once()
    {
        _script
            .Edge("A", (b, _) => _.ProceedAfterFailure().OnFailure(b.E, b.G))
            .Edge("B", (b, _) => _.After(b.A).OnFailure(b.F, b.G));
        foreach (var name in new[] { "A", "B" })
            _script.Does(name, _ => throw new InvalidOperationException("no"));
        await _host.RunAsync<GraphBuild>("A", "B");
        _script.Order.ShouldBe(["A", "B", "F", "G", "E"]);
    }

    [Test]
    public async Task A_cancelled_target_is_undone_on_a_token_that_is_not_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var isCancelled = true;
        _script.Edge("A", (b, _) => _.OnFailure(b.E));
        _script.Does(
            "A",
            async token =>
            {
                await cancellation.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
        );
        _script.Does(
            "E",
            token =>
            {
                isCancelled = token.IsCancellationRequested;
                return Task.CompletedTask;
            }
        );
        var run = await _host.RunAsync<GraphBuild>(["A", "B"], [], cancellation.Token);
        run.ExitCode.ShouldBe(130);
        _script.Order.ShouldBe(["A", "E"]);
        isCancelled.ShouldBeFalse();
    }

    [Test]
    public async Task An_undo_that_never_ends_is_bounded()
    {
        _script.Edge("A", (b, _) => _.OnFailure(b.E)).Does("A", _ => throw new TargetFailedException("it broke", 7));
        _script.Does("E", token => Task.Delay(Timeout.InfiniteTimeSpan, token));
        var run = await _host.RunAsync<GraphBuild>("A", "--cancel-timeout", "0.1");
        run.ExitCode.ShouldBe(7);
        run.Output.ShouldContain("E                  Aborted");
    }

    [Test]
    public async Task A_skipped_undo_does_not_run()
    {
        _script.Edge("A", (b, _) => _.OnFailure(b.E)).Does("A", _ => throw new InvalidOperationException("no"));
        await _host.RunAsync<GraphBuild>("A", "--skip", "e");
        _script.Order.ShouldBe(["A"]);
    }

    [Test]
    public async Task What_an_undo_requires_is_asked_for_before_anything_runs()
    {
        _script.Edge("A", (b, _) => _.OnFailure(b.E)).Edge("E", (b, _) => _.Requires(() => b.DryRun));
        var run = await _host.RunAsync<GraphBuild>("A");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target E requires");
        _script.Order.ShouldBeEmpty();
    }

    [Test]
    public async Task An_undo_that_is_no_target_of_the_build_is_refused()
    {
        _script.Edge("A", (b, _) => _.OnFailure(x => x));
        var run = await _host.RunAsync<GraphBuild>("A");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target A refers to a target that is not a property of");
    }

    [Test]
    public async Task A_target_that_throws_before_it_awaits_fails_like_any_other()
    {
        var run = await _host.RunAsync<Throwing>("Synchronous", "Asynchronous", "Condition");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("[ERR] InvalidOperationException: at once");
        run.Output.ShouldContain("[ERR] InvalidOperationException: before the task");
        run.Output.ShouldContain("[ERR] InvalidOperationException: in a condition");
    }

    public class Throwing : RecyclicBuild
    {
        public Target Synchronous =>
            _ => _.ProceedAfterFailure().Executes(() => throw new InvalidOperationException("at once"));
        public Target Asynchronous =>
            _ =>
                _.ProceedAfterFailure()
                    .Executes(Task (CancellationToken _) => throw new InvalidOperationException("before the task"));
        public Target Condition =>
            _ =>
                _.OnlyWhenDynamic(() => throw new InvalidOperationException("in a condition"))
                    .Executes(() => Log.Information("no"));
    }
}
