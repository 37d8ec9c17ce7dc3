using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Issues;

[CancelAfter(20_000)]
internal sealed class RunnerIssues
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly DeployPlan Plan = DeployPlanner.Deploy(
        Given.Shop,
        Host.Serving(Given.Shop, "1", Slot.Blue),
        Given.Release(Given.Shop, "2"),
        new DeployOptions()
    );

    [Test]
    public async Task D04_Undos_run_although_the_record_of_the_step_before_could_not_be_written()
    {
        List<string> transcript = [];
        var host = new FakeHost(transcript)
        {
            FailsToAppend = record =>
                record is { Kind: JournalKind.StepEnded, Number: 3 } ? new StepFailedException("disk full", []) : null,
        };
        var outcome = await new PlanRunner(
            "id",
            new FakeExecutor(transcript),
            host,
            new SpyReporter(),
            new MemoryClock()
        ).RunAsync(Plan, CancellationToken.None);
        outcome.Failure.ShouldNotBeNull();
        transcript.ShouldContain("do: cut over: all traffic to blue");
        outcome.ExitCode.ShouldBe(1);
    }

    [Test]
    public async Task D04_Undos_run_although_their_own_records_cannot_be_written()
    {
        List<string> transcript = [];
        var host = new FakeHost(transcript)
        {
            FailsToAppend = record =>
                record.Number >= 4 || record.Kind == JournalKind.UndoBegun
                    ? new StepFailedException("disk full", [])
                    : null,
        };
        await new PlanRunner("id", new FakeExecutor(transcript), host, new SpyReporter(), new MemoryClock()).RunAsync(
            Plan,
            CancellationToken.None
        );
        transcript.ShouldContain("do: cut over: all traffic to blue");
    }

    [Test]
    public async Task D04_A_journal_that_fails_in_any_way_never_keeps_the_undos_from_running()
    {
        List<string> transcript = [];
        var host = new FakeHost(transcript)
        {
            FailsToAppend = record =>
                record is { Kind: JournalKind.StepEnded, Number: 3 } ? new IOException("broken pipe") : null,
        };
        var outcome = await new PlanRunner(
            "id",
            new FakeExecutor(transcript),
            host,
            new SpyReporter(),
            new MemoryClock()
        ).RunAsync(Plan, CancellationToken.None);
        outcome.Undone.ShouldNotBeEmpty();
    }

    [TestCase(nameof(IDeployReporter.StepStarted), false)]
    [TestCase(nameof(IDeployReporter.StepEnded), false)]
    [TestCase(nameof(IDeployReporter.StepFailed), true)]
    [TestCase(nameof(IDeployReporter.UndoStarted), true)]
    public async Task D05_A_reporter_that_fails_never_fails_a_deploy_nor_its_undo(string method, bool broken)
    {
        List<string> transcript = [];
        var executor = new FakeExecutor(transcript)
        {
            Does = (step, _) =>
                broken && step is Commit { Slot: Slot.Green }
                    ? throw new StepFailedException("broken", [])
                    : Task.CompletedTask,
        };
        var outcome = await new PlanRunner(
            "id",
            executor,
            new FakeHost(transcript),
            new BrokenReporter(method),
            new MemoryClock()
        ).RunAsync(Plan, CancellationToken.None);
        outcome.ExitCode.ShouldBe(broken ? 1 : 0);
        if (broken)
            transcript.ShouldContain("do: cut over: all traffic to blue");
    }

    [Test]
    public async Task A_slot_that_users_could_not_be_moved_away_from_is_not_removed()
    {
        List<string> transcript = [];
        var executor = new FakeExecutor(transcript)
        {
            Does = (step, _) =>
                step is Commit { Slot: Slot.Green } or CutOver { Slot: Slot.Blue }
                    ? throw new StepFailedException("the edge does not answer", [])
                    : Task.CompletedTask,
        };
        var outcome = await new PlanRunner(
            "id",
            executor,
            new FakeHost(transcript),
            new SpyReporter(),
            new MemoryClock()
        ).RunAsync(Plan, CancellationToken.None);
        transcript.ShouldNotContain("do: remove green");
        outcome.ExitCode.ShouldBe(3);
    }

    [Test]
    public async Task A_lock_that_is_lost_while_undos_run_ends_them()
    {
        List<string> transcript = [];
        var host = new FakeHost(transcript);
        var executor = new FakeExecutor(transcript)
        {
            Does = (step, _) =>
            {
                if (step is CutOver { Slot: Slot.Blue })
                    host.Lose();
                return step is Commit { Slot: Slot.Green }
                    ? throw new StepFailedException("broken", [])
                    : Task.CompletedTask;
            },
        };
        var outcome = await new PlanRunner("id", executor, host, new SpyReporter(), new MemoryClock()).RunAsync(
            Plan,
            CancellationToken.None
        );
        transcript.ShouldNotContain("do: remove green");
        outcome.ExitCode.ShouldBe(3);
    }

    [Test]
    public async Task D06_A_stream_of_events_that_breaks_is_no_error_of_its_own_when_the_watch_ends()
    {
        var engine = new EventEngine();
        var watch = new ContainerWatch(engine, "shop", Given.Noon);
        engine.Ends(new IOException("connection reset"));
        using (var events = watch.Subscribe(0))
            await Should.ThrowAsync<StepFailedException>(() =>
                events.NextAsync(CancellationToken.None).WaitAsync(Patience)
            );
        await watch.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Test]
    public async Task D12_A_health_check_that_hangs_does_not_make_the_watch_last_for_ever()
    {
        var engine = new EventEngine
        {
            ProbeAsync = (_, token) =>
                Task.Delay(Timeout.Infinite, token).ContinueWith(_ => false, TaskScheduler.Default),
        };
        await using var watch = new ContainerWatch(engine, "shop", Given.Noon);
        var time = new MemoryClock();
        time.Advance(TimeSpan.FromMinutes(1));
        using var interrupt = new CancellationTokenSource();
        var watching = new HealthWaiter(engine, watch, new SpyReporter(), time).WatchAsync(
            [Given.Container("api", health: "healthy")],
            new HashSet<string> { "api-id" },
            0,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMilliseconds(100),
            interrupt.Token
        );
        var first = await Task.WhenAny(watching, Task.Delay(TimeSpan.FromSeconds(3), CancellationToken.None));
        await interrupt.CancelAsync();
        first.ShouldBe(watching, "the deadline was 100 ms");
    }

    [Test]
    public async Task D13_When_the_evidence_cannot_be_had_the_reason_is_still_told()
    {
        var engine = new EventEngine
        {
            ReadsProbe = () => throw new Adapters.Docker.EngineException("the engine did not answer"),
        };
        await using var watch = new ContainerWatch(engine, "shop", Given.Noon);
        var failed = await Should.ThrowAsync<StepFailedException>(() =>
            new HealthWaiter(engine, watch, new SpyReporter(), new MemoryClock()).AwaitHealthyAsync(
                [Given.Container("api", health: "unhealthy")],
                0,
                Patience,
                CancellationToken.None
            )
        );
        failed.Message.ShouldBe("api is unhealthy");
    }

    private sealed class BrokenReporter(string method) : IDeployReporter
    {
        public void Note(string text) => Tell(nameof(Note));

        public void Warn(string text) => Tell(nameof(Warn));

        public void Planned(DeployPlan plan) => Tell(nameof(Planned));

        public void StepStarted(int number, int of, PlannedStep step) => Tell(nameof(StepStarted));

        public void Progress(string text) => Tell(nameof(Progress));

        public void StepEnded(int number, PlannedStep step, TimeSpan took) => Tell(nameof(StepEnded));

        public void StepFailed(int number, PlannedStep step, string reason) => Tell(nameof(StepFailed));

        public void UndoStarted(DeployStep undo) => Tell(nameof(UndoStarted));

        public void UndoFailed(DeployStep undo, string reason) => Tell(nameof(UndoFailed));

        private void Tell(string what)
        {
            if (what == method)
                throw new IOException("the terminal is gone");
        }
    }
}
