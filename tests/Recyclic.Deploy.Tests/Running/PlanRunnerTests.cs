using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>Each step of a plan with everything in it fails in turn.</summary>
[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PlanRunnerTests
{
    private static readonly DeployPlan Plan = DeployPlanner.Deploy(
        Given.Store,
        Host.Serving(Given.Store, "1", Slot.Blue)
            .Committed(Given.Store, "2", Slot.Green)
            .Committed(Given.Store, "3", Slot.Blue) with
        {
            Accessories = [],
        },
        Given.Release(Given.Store, "4"),
        new DeployOptions { KeepReleases = 2 }
    );

    private readonly List<string> _transcript = [];
    private readonly SpyReporter _reporter = new();

    private static IEnumerable<int> BeforeRetire() =>
        Enumerable.Range(1, Plan.Steps.Count(step => step.Phase != Phase.Retire));

    private static IEnumerable<int> WithUndos() => BeforeRetire().Where(number => UndosOf(number).Count > 0);

    private static IEnumerable<int> InRetire() => Enumerable.Range(1, Plan.Steps.Length).Except(BeforeRetire());

    [Test]
    public async Task A_plan_that_works_runs_each_step_once_after_its_record_is_written()
    {
        var outcome = await RunAsync(new FakeHost(_transcript), new FakeExecutor(_transcript));
        (outcome.Outcome, outcome.ExitCode, outcome.Failure).ShouldBe((Outcome.Success, 0, null));
        Lines("do").ShouldBe(Plan.Steps.Select(step => step.Action.Describe()));
        foreach (var step in Plan.Steps)
            _transcript
                .IndexOf($"journal: StepBegun {step.Action}")
                .ShouldBeInRange(0, _transcript.IndexOf($"do: {step.Action}") - 1);
        Lines("journal: StepEnded").Count.ShouldBe(Plan.Steps.Length);
    }

    [TestCaseSource(nameof(BeforeRetire))]
    public async Task When_a_step_fails_its_own_undo_and_those_before_it_run_newest_first_and_once(int failing)
    {
        var outcome = await RunAsync(new FakeHost(_transcript), Failing(failing));
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Undone, 1));
        outcome.Failure!.Number.ShouldBe(failing);
        outcome.Failure.Cause.Message.ShouldBe("broken");
        outcome.Undone.ShouldBe(UndosOf(failing));
        Lines("do").Skip(failing).ShouldBe(UndosOf(failing).Select(undo => undo.Describe()));
        Lines("journal: UndoBegun").ShouldBe(UndosOf(failing).Select(undo => undo.Describe()));
    }

    [TestCaseSource(nameof(BeforeRetire))]
    public async Task Cancelling_during_a_step_undoes_with_a_token_of_its_own(int at)
    {
        using var interrupt = new CancellationTokenSource();
        var executor = new FakeExecutor(_transcript);
        executor.Does = async (step, token) =>
        {
            if (step.Equals(Plan.Steps[at - 1].Action))
                await interrupt.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        var outcome = await RunAsync(new FakeHost(_transcript), executor, interrupt.Token);
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Cancelled, 130));
        outcome.Undone.ShouldBe(UndosOf(at));
        _reporter.Lines.ShouldContain($"{at} failed: cancelled");
    }

    [Test]
    public async Task Cancelled_before_its_first_step_it_does_nothing()
    {
        var outcome = await RunAsync(
            new FakeHost(_transcript),
            new FakeExecutor(_transcript),
            new CancellationToken(canceled: true)
        );
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Cancelled, 130));
        _transcript.ShouldBeEmpty();
        _reporter.Lines.ShouldContain("note: nothing of this step was done");
    }

    [TestCaseSource(nameof(WithUndos))]
    public async Task An_undo_that_fails_keeps_no_other_from_running_unless_users_could_not_be_moved_and_the_first_error_stays_the_cause(
        int failing
    )
    {
        var undos = UndosOf(failing);
        var executor = new FakeExecutor(_transcript);
        var undoing = false;
        executor.Does = (step, _) =>
        {
            if (undoing && step.Equals(undos[0]))
                throw new InvalidOperationException("no way back");
            if (undoing || !step.Equals(Plan.Steps[failing - 1].Action))
                return Task.CompletedTask;
            undoing = true;
            throw new StepFailedException("broken", ["evidence"]);
        };
        var outcome = await RunAsync(new FakeHost(_transcript), executor);
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Failed, 3));
        outcome.Failure!.Cause.Message.ShouldBe("broken");
        outcome.Failure.Evidence.ShouldBe(["evidence"]);
        outcome.UndoFailures.ShouldHaveSingleItem().Cause.Message.ShouldBe("no way back");
        outcome.Undone.ShouldBe(undos[0] is CutOver ? [] : undos.Skip(1));
    }

    [TestCaseSource(nameof(BeforeRetire))]
    public async Task Without_the_lock_no_undo_is_tried_because_another_deploy_may_be_at_work(int at)
    {
        var host = new FakeHost(_transcript);
        var executor = new FakeExecutor(_transcript);
        executor.Does = (step, token) =>
        {
            if (step.Equals(Plan.Steps[at - 1].Action))
                host.Lose();
            token.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        };
        var outcome = await RunAsync(host, executor);
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Failed, 3));
        outcome.Undone.ShouldBeEmpty();
        Lines("do").Count.ShouldBe(at);
    }

    [TestCaseSource(nameof(InRetire))]
    public async Task A_failure_past_the_point_of_no_return_is_a_warning_and_the_other_steps_still_run(int failing)
    {
        var outcome = await RunAsync(new FakeHost(_transcript), Failing(failing));
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Success, 0));
        outcome.Warnings.ShouldBe([$"step {failing}: {Plan.Steps[failing - 1].Action}: broken"]);
        Lines("do").ShouldBe(Plan.Steps.Select(step => step.Action.Describe()));
    }

    [TestCaseSource(nameof(BeforeRetire))]
    public async Task A_step_whose_record_cannot_be_written_does_not_begin(int at)
    {
        var host = new FakeHost(_transcript)
        {
            FailsToAppend = record =>
                record is { Kind: JournalKind.StepBegun } && record.Number == at
                    ? new StepFailedException("disk full", [])
                    : null,
        };
        var outcome = await RunAsync(host, new FakeExecutor(_transcript));
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe("disk full");
        outcome.Undone.ShouldBe(UndosOf(at - 1));
        Lines("do").ShouldNotContain(Plan.Steps[at - 1].Action.Describe(), "the step must not begin");
    }

    [Test]
    public async Task An_undo_that_hangs_is_given_up_after_five_minutes()
    {
        var time = new MemoryClock();
        var undoing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var executor = new FakeExecutor(_transcript);
        executor.Does = async (step, token) =>
        {
            if (step is AwaitHealthy)
                throw new StepFailedException("broken", []);
            if (step is not Drain)
                return;
            undoing.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        var running = RunAsync(new FakeHost(_transcript), executor, time);
        await undoing.Task.WaitAsync(TimeSpan.FromSeconds(10));
        time.Advance(PlanRunner.UndoDeadline);
        (await running.WaitAsync(TimeSpan.FromSeconds(10))).ExitCode.ShouldBe(3);
    }

    private Task<DeployOutcome> RunAsync(FakeHost host, FakeExecutor executor, CancellationToken interrupted) =>
        RunAsync(host, executor, null, interrupted);

    private Task<DeployOutcome> RunAsync(
        FakeHost host,
        FakeExecutor executor,
        MemoryClock? time = null,
        CancellationToken interrupted = default
    ) => new PlanRunner("id", executor, host, _reporter, time ?? new MemoryClock()).RunAsync(Plan, interrupted);

    private FakeExecutor Failing(int failing)
    {
        var executor = new FakeExecutor(_transcript);
        var failed = false;
        executor.Does = (step, _) =>
        {
            if (failed || !step.Equals(Plan.Steps[failing - 1].Action))
                return Task.CompletedTask;
            failed = true;
            throw new StepFailedException("broken", []);
        };
        return executor;
    }

    private static List<DeployStep> UndosOf(int through) =>
        [.. Plan.Steps.Take(through).Reverse().SelectMany(step => step.Undo).Distinct()];

    private List<string> Lines(string kind) =>
        [
            .. _transcript
                .Where(line => line.StartsWith(kind, StringComparison.Ordinal))
                .Select(line => line[(kind.Length + (kind == "do" ? 2 : 1))..]),
        ];
}
