using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Running;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HealthWaiterTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly EventEngine _engine = new();
    private readonly MemoryClock _time = new();
    private readonly SpyReporter _reporter = new();
    private readonly ContainerWatch _watch;
    private readonly HealthWaiter _waiter;

    public HealthWaiterTests()
    {
        _watch = new ContainerWatch(_engine, "shop", Given.Noon);
        _waiter = new HealthWaiter(_engine, _watch, _reporter, _time);
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Test]
    public async Task It_returns_when_the_last_container_is_healthy()
    {
        var waiting = Await([Given.Container("api"), Given.Container("web")]);
        _engine.Happens("api", ContainerEventKind.Healthy);
        waiting.IsCompleted.ShouldBeFalse();
        _engine.Happens("web", ContainerEventKind.Healthy);
        await waiting.WaitAsync(Patience);
        _reporter.Lines.Last().ShouldBe("progress: api healthy, web healthy");
    }

    [Test]
    public async Task It_returns_at_once_when_all_are_healthy_already() =>
        await Await([Given.Container("api", health: "healthy")]).WaitAsync(Patience);

    [Test]
    public async Task What_happened_between_the_mark_and_the_look_is_not_lost()
    {
        var mark = _watch.Mark;
        _engine.Happens("api", ContainerEventKind.Healthy);
        await _waiter
            .AwaitHealthyAsync([Given.Container("api")], mark, Patience, CancellationToken.None)
            .WaitAsync(Patience);
    }

    [TestCase(ContainerEventKind.Died, "api exited with code 139")]
    [TestCase(ContainerEventKind.OutOfMemory, "api was killed for using too much memory")]
    [TestCase(ContainerEventKind.Unhealthy, "api is unhealthy")]
    public async Task It_fails_at_once_with_the_evidence_when_a_container_cannot_become_healthy(
        ContainerEventKind kind,
        string reason
    )
    {
        var waiting = Await([Given.Container("api"), Given.Container("web")]);
        _engine.Happens("api", kind, 139);
        var failed = await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience));
        failed.Message.ShouldBe(reason);
        failed.Evidence.ShouldBe([
            "last probe failed at 12:00:00: HTTP 503",
            "last 2 log lines of api:",
            "  connecting",
            "  connection refused",
        ]);
    }

    [TestCase(
        0,
        "none",
        "if api does its work once and ends, say so: x-recyclic: { one-off: true } in it; else mend the release; then deploy it again"
    )]
    [TestCase(1, "none", null)]
    [TestCase(0, "starting", null)]
    public async Task What_ends_well_may_be_a_one_off(int code, string health, string? next)
    {
        var waiting = Await([Given.Container("api", health: health, settle: "10s")]);
        _engine.Happens("api", ContainerEventKind.Died, code);
        (await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience))).Next.ShouldBe(next);
    }

    [Test]
    public async Task At_the_deadline_it_names_who_was_late_and_how_to_allow_more_time()
    {
        var waiting = _waiter.AwaitHealthyAsync(
            [Given.Container("api", health: "healthy"), Given.Container("web")],
            0,
            TimeSpan.FromMilliseconds(100),
            CancellationToken.None
        );
        var failed = await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience));
        failed.Message.ShouldBe("web was not healthy after 0.1 s");
        failed.Evidence[0].ShouldBe("api healthy, web starting");
        failed.Evidence[^1].ShouldBe("to allow more time: --deploy-timeout <seconds>");
    }

    [Test]
    public async Task Without_a_health_check_it_waits_until_the_container_has_settled()
    {
        var waiting = Await([Given.Container("bot", health: "none", settle: "10s")]);
        _time.Advance(TimeSpan.FromSeconds(9));
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        await waiting.WaitAsync(Patience);
    }

    [Test]
    public async Task A_container_that_dies_while_it_settles_fails_at_once()
    {
        var waiting = Await([Given.Container("bot", health: "none", settle: "10s")]);
        _time.Advance(TimeSpan.FromSeconds(5));
        _engine.Happens("bot", ContainerEventKind.Died, 1);
        (await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience))).Message.ShouldBe(
            "bot exited with code 1"
        );
    }

    [Test]
    public async Task Cancelled_it_ends_as_cancelled_and_not_as_late()
    {
        using var interrupt = new CancellationTokenSource();
        var waiting = _waiter.AwaitHealthyAsync([Given.Container("api")], 0, Patience, interrupt.Token);
        await interrupt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
    }

    [Test]
    public async Task When_the_engine_stops_telling_it_fails_instead_of_waiting_for_the_deadline()
    {
        var waiting = Await([Given.Container("api")]);
        _engine.Ends();
        (await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience))).Message.ShouldBe(
            "the engine stopped telling what happens to its containers"
        );
        await Should.ThrowAsync<StepFailedException>(() => Await([Given.Container("api")]).WaitAsync(Patience));
    }

    [Test]
    public async Task The_watch_believes_a_container_that_passes_its_health_check_at_the_age_asked_for()
    {
        var watching = Watch(Given.Container("api", health: "healthy"), TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(2));
        watching.IsCompleted.ShouldBeFalse();
        _engine.Probes.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(2));
        await watching.WaitAsync(Patience);
        _engine.Probes.ShouldBe(1);
    }

    [TestCase(1)]
    [TestCase(-1)]
    public async Task The_watch_takes_as_long_as_asked_for_when_the_clock_is_set_meanwhile(int hours)
    {
        var watching = Watch(Given.Container("api", health: "healthy"), TimeSpan.FromSeconds(3));
        _time.Set(TimeSpan.FromHours(hours));
        _time.Advance(TimeSpan.FromSeconds(2));
        _engine.Happens("api", ContainerEventKind.Probed);
        watching.IsCompleted.ShouldBeFalse();
        _engine.Probes.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(2));
        await watching.WaitAsync(Patience);
    }

    [Test]
    public async Task A_moment_that_comes_while_another_container_is_probed_is_not_missed()
    {
        Container[] containers =
        [
            Given.Container("api", health: "healthy") with
            {
                StartedAt = Given.Noon - TimeSpan.FromSeconds(0.5),
            },
            Given.Container("web", health: "healthy"),
        ];
        _engine.Probe = _ =>
        {
            if (_time.GetUtcNow() < Given.Noon + TimeSpan.FromSeconds(3))
                _time.Advance(TimeSpan.FromSeconds(1));
            return true;
        };
        var watching = _waiter.WatchAsync(
            containers,
            containers.Select(container => container.Id).ToHashSet(),
            0,
            TimeSpan.FromSeconds(3),
            Patience,
            CancellationToken.None
        );
        _time.Advance(TimeSpan.FromSeconds(2.6));
        await watching.WaitAsync(Patience);
        _engine.Probes.ShouldBe(2);
    }

    [Test]
    public async Task The_watch_is_over_at_once_for_a_container_that_is_old_enough()
    {
        _time.Advance(TimeSpan.FromSeconds(60));
        await Watch(Given.Container("api", health: "healthy"), TimeSpan.FromSeconds(3)).WaitAsync(Patience);
    }

    [Test]
    public async Task The_watch_asks_again_after_a_failed_check_until_the_engine_has_its_verdict()
    {
        _engine.Probe = _ => false;
        var watching = Watch(Given.Container("api", health: "healthy"), TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(4));
        _engine.Happens("api", ContainerEventKind.Probed);
        watching.IsCompleted.ShouldBeFalse();
        _engine.Happens("api", ContainerEventKind.Unhealthy);
        (await Should.ThrowAsync<StepFailedException>(() => watching.WaitAsync(Patience))).Message.ShouldBe(
            "api is unhealthy"
        );
    }

    [TestCase(ContainerEventKind.Died, "api exited with code 1")]
    [TestCase(ContainerEventKind.OutOfMemory, "api was killed for using too much memory")]
    public async Task The_watch_fails_at_once_when_a_container_goes_down(ContainerEventKind kind, string reason)
    {
        var watching = Watch(Given.Container("api", health: "healthy"), TimeSpan.FromSeconds(3));
        _engine.Happens("api", kind, 1);
        (await Should.ThrowAsync<StepFailedException>(() => watching.WaitAsync(Patience))).Message.ShouldBe(reason);
    }

    [Test]
    public async Task Two_readers_see_the_same_events_each_from_its_own_mark()
    {
        using var early = _watch.Subscribe(0);
        _engine.Happens("api", ContainerEventKind.Started);
        (await early.NextAsync(CancellationToken.None).WaitAsync(Patience)).Kind.ShouldBe(ContainerEventKind.Started);
        using var late = _watch.Subscribe(_watch.Mark);
        using var again = _watch.Subscribe(0);
        _engine.Happens("api", ContainerEventKind.Healthy);
        (await late.NextAsync(CancellationToken.None).WaitAsync(Patience)).Kind.ShouldBe(ContainerEventKind.Healthy);
        (await again.NextAsync(CancellationToken.None).WaitAsync(Patience)).Kind.ShouldBe(ContainerEventKind.Started);
    }

    private Task Await(IEnumerable<Container> containers) =>
        _waiter.AwaitHealthyAsync(containers, 0, Patience, CancellationToken.None);

    private Task Watch(Container container, TimeSpan age) =>
        _waiter.WatchAsync([container], new HashSet<string> { container.Id }, 0, age, Patience, CancellationToken.None);
}
