using System.Threading.Channels;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>A health check is run as soon as its container's port answers, and not before.</summary>
[CancelAfter(20_000)]
internal sealed class EarlyProbesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task A_gate_passes_once_the_port_answers_and_the_check_passes_whatever_the_engine_has_looked_at()
    {
        var passes = false;
        await using var rig = new Rig { Passes = () => passes };
        var waiting = rig.AwaitAsync(Listening("api"), Listening("web"));
        rig.Listens("api");
        rig.Listens("web");
        await rig.Engine.ProbedAsync(2);
        waiting.IsCompleted.ShouldBeFalse("the checks fail");
        passes = true;
        await waiting.WaitAsync(Patience);
    }

    [Test]
    public async Task Nothing_is_run_in_a_container_that_does_not_listen()
    {
        await using var rig = new Rig();
        var waiting = rig.AwaitAsync(Listening("api"), Listening("web"));
        rig.Listens("api");
        await rig.Engine.ProbedAsync(1);
        waiting.IsCompleted.ShouldBeFalse();
        rig.Engine.Happens("web", ContainerEventKind.Healthy);
        await waiting.WaitAsync(Patience);
        rig.Engine.Probes.ShouldBe(1);
    }

    [Test]
    public async Task The_engines_verdict_counts_after_a_check_that_passed()
    {
        await using var rig = new Rig();
        var waiting = rig.AwaitAsync(Listening("api"), Given.Container("worker"));
        rig.Listens("api");
        await rig.Engine.ProbedAsync(1);
        rig.Engine.Happens("api", ContainerEventKind.Unhealthy);
        (await Should.ThrowAsync<StepFailedException>(() => waiting.WaitAsync(Patience))).Message.ShouldBe(
            "api is unhealthy"
        );
    }

    [Test]
    public async Task Where_nobody_can_tell_or_a_check_cannot_be_run_the_engines_own_probes_do()
    {
        foreach (
            var engine in new[]
            {
                new EventEngine(),
                new EventEngine
                {
                    Listening = Channel.CreateUnbounded<string>(),
                    ProbeAsync = (_, _) => throw new InvalidOperationException("no such container"),
                },
            }
        )
        {
            await using var rig = new Rig(engine);
            var waiting = rig.AwaitAsync(Listening("api"));
            rig.Listens("api");
            engine.Happens("api", ContainerEventKind.Healthy);
            await waiting.WaitAsync(Patience);
        }
    }

    [Test]
    public async Task What_could_not_be_watched_or_run_is_said()
    {
        var broken = Channel.CreateUnbounded<string>();
        broken.Writer.Complete(new InvalidOperationException("no such program"));
        (await NotesAsync(new EventEngine { Listening = broken })).ShouldContain(note =>
            note.EndsWith("so the engine's probes tell: no such program", StringComparison.Ordinal)
        );
        (
            await NotesAsync(
                new EventEngine
                {
                    Listening = Channel.CreateUnbounded<string>(),
                    ProbeAsync = (_, _) => throw new InvalidOperationException("no such container"),
                }
            )
        ).ShouldContain(
            "note: the health check of api could not be run, so the engine's probes tell: no such container"
        );

        async Task<IEnumerable<string>> NotesAsync(EventEngine engine)
        {
            await using var rig = new Rig(engine);
            rig.Listens("api");
            var waiting = rig.AwaitAsync(Listening("api"));
            engine.Happens("api", ContainerEventKind.Healthy);
            await waiting.WaitAsync(Patience);
            return rig.Reporter.Lines;
        }
    }

    private static Container Listening(string name)
    {
        var container = Given.Container(name);
        return container with { Labels = container.Labels.SetItem(Naming.ListensLabel, "8000") };
    }

    private sealed class Rig : IAsyncDisposable
    {
        private readonly ContainerWatch _watch;
        private readonly HealthWaiter _waiter;

        public Rig(EventEngine? engine = null)
        {
            Engine = engine ?? new EventEngine { Listening = Channel.CreateUnbounded<string>() };
            _watch = new ContainerWatch(Engine, "shop", Given.Noon);
            _waiter = new HealthWaiter(Engine, _watch, Reporter, new MemoryClock(TimeSpan.FromSeconds(1)));
        }

        public EventEngine Engine { get; }

        public SpyReporter Reporter { get; } = new();

        public Func<bool> Passes
        {
            init => Engine.Probe = _ => value();
        }

        public void Listens(string name) => Engine.Listening?.Writer.TryWrite(name);

        public Task AwaitAsync(params Container[] containers) =>
            _waiter.AwaitHealthyAsync(containers, _watch.Mark, Patience, CancellationToken.None);

        public ValueTask DisposeAsync() => _watch.DisposeAsync();
    }
}
