using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>Containers that are asked from outside whether they are ready.</summary>
[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OutsideGateTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Container Web = Probed("web", "http 80 /");
    private readonly EventEngine _engine = new();
    private readonly MemoryClock _time = new(TimeSpan.FromSeconds(1));
    private readonly SpyReporter _reporter = new();
    private readonly ContainerWatch _watch;
    private readonly HealthWaiter _waiter;

    public OutsideGateTests()
    {
        _watch = new ContainerWatch(_engine, "shop", Given.Noon);
        _waiter = new HealthWaiter(_engine, _watch, _reporter, _time);
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Test]
    public async Task It_waits_for_three_answers_in_a_row()
    {
        var answers = new Queue<string?>([
            "does not listen on port 80",
            null,
            null,
            "answers 503 to GET / on port 80",
            null,
            null,
            null,
        ]);
        _engine.Silence = _ => answers.TryDequeue(out var answer) ? answer : null;
        await _waiter.AwaitHealthyAsync([Web], 0, Patience, CancellationToken.None).WaitAsync(Patience);
        answers.ShouldBeEmpty();
        _reporter.Lines.ShouldContain("progress: web answers 503 to GET / on port 80");
    }

    [TestCase("http 80 /", 3)]
    [TestCase("tcp 80 /", 3)]
    [TestCase("health 80 /up", 1)]
    public void What_was_made_to_tell_whether_it_is_ready_is_believed_at_once(string probe, int needed)
    {
        var gate = HealthGate.Over([Probed("web", probe)], Given.Noon);
        for (var answers = 0; answers < needed; answers++)
        {
            gate.Passed(Given.Noon).ShouldBeFalse();
            gate = gate.After(HealthGateTests.Event("web", ContainerEventKind.Answered));
        }
        gate.Passed(Given.Noon).ShouldBeTrue();
    }

    [Test]
    public async Task Its_own_health_check_and_the_answer_must_both_be_good()
    {
        var waiting = _waiter.AwaitHealthyAsync(
            [Probed("web", "health 80 /up") with { Health = "starting" }],
            0,
            Patience,
            CancellationToken.None
        );
        await Task.Delay(50);
        waiting.IsCompleted.ShouldBeFalse();
        _engine.Happens("web", ContainerEventKind.Healthy);
        await waiting.WaitAsync(Patience);
    }

    [Test]
    public async Task At_the_deadline_it_says_what_was_answered_and_how_to_allow_more_time()
    {
        _engine.Silence = _ => throw new InvalidOperationException("no way there");
        var failed = await Should.ThrowAsync<StepFailedException>(() =>
            _waiter
                .AwaitHealthyAsync([Web], 0, TimeSpan.FromMilliseconds(200), CancellationToken.None)
                .WaitAsync(Patience)
        );
        failed.Message.ShouldBe("web was not healthy after 0.2 s");
        failed.Evidence[0].ShouldBe("web could not be asked: no way there");
        failed.Evidence[^1].ShouldBe("to allow more time: --deploy-timeout <seconds>");
    }

    [Test]
    public async Task One_that_dies_while_it_is_asked_fails_at_once()
    {
        _engine.Silence = _ => "does not listen on port 80";
        var waiting = _waiter.AwaitHealthyAsync([Web], 0, Patience, CancellationToken.None);
        _engine.Happens("web", ContainerEventKind.Died, 1);
        (await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience))).Message.ShouldBe(
            "web exited with code 1"
        );
    }

    [Test]
    public async Task Cancelled_it_asks_no_more()
    {
        var asked = 0;
        _engine.Silence = _ => $"silent {Interlocked.Increment(ref asked)}";
        using var interrupt = new CancellationTokenSource();
        var waiting = _waiter.AwaitHealthyAsync([Web], 0, Patience, interrupt.Token);
        await interrupt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        var before = asked;
        await Task.Delay(50);
        asked.ShouldBe(before);
    }

    [Test]
    public async Task The_watch_forgives_two_silences_and_not_a_third()
    {
        var answers = new Queue<string?>(["answers 500 to GET / on port 80", "answers 502 to GET / on port 80", null]);
        _engine.Silence = _ => answers.Dequeue();
        await WatchAsync();
        _engine.Silence = _ => "answers 500 to GET / on port 80";
        (await Should.ThrowAsync<StepFailedException>(WatchAsync)).Message.ShouldBe(
            "web answers 500 to GET / on port 80"
        );
    }

    [Test]
    public void An_answer_from_before_a_restart_does_not_count()
    {
        var gate = HealthGate.Over([Web], Given.Noon);
        for (var i = 0; i < 2; i++)
            gate = gate.After(HealthGateTests.Event("web", ContainerEventKind.Answered));
        gate = gate.After(HealthGateTests.Event("web", ContainerEventKind.Started))
            .After(HealthGateTests.Event("web", ContainerEventKind.Answered));
        gate.Passed(Given.Noon).ShouldBeFalse();
    }

    private Task WatchAsync() =>
        _waiter
            .WatchAsync(
                [Web],
                new HashSet<string> { Web.Id },
                0,
                TimeSpan.FromSeconds(0.5),
                Patience,
                CancellationToken.None
            )
            .WaitAsync(Patience);

    private static Container Probed(string name, string probe) =>
        Given.Container(name, health: "none") with
        {
            Labels = ImmutableDictionary<string, string>.Empty.Add(Naming.ProbeLabel, probe),
        };
}
