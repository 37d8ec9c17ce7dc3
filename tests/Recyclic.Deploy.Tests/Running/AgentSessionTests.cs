using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>The conversation with the lock's agent when the agent says nothing any more.</summary>
[CancelAfter(20_000)]
internal sealed class AgentSessionTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Test]
    public async Task When_an_answer_does_not_come_the_lock_is_lost_for_everybody_who_asks()
    {
        var agent = new SilentAgent();
        var (session, _) = await AgentSession.StartAsync("lock", agent, CancellationToken.None, Short);

        var asked = new[]
        {
            session!.AskAsync("read", CancellationToken.None),
            session.AskAsync("haproxy show stat", CancellationToken.None),
            session.AskAsync("append {}", CancellationToken.None),
        };

        foreach (var question in asked)
            (await Should.ThrowAsync<StepFailedException>(() => question)).Message.ShouldBe("the deploy lock was lost");
        session.Lost.IsCancellationRequested.ShouldBeTrue();
        agent.Heard.ShouldBe(["read"], "what is not going to be answered is not asked");
        await session.DisposeAsync();
    }

    /// <summary>
    /// Its output ends a moment before it has ended itself: who was frozen meanwhile must not undo anything in that
    /// moment.
    /// </summary>
    [Test]
    public async Task When_the_agent_falls_silent_for_good_the_lock_is_lost_before_whoever_asked_is_told()
    {
        var agent = new SilentAgent();
        var (session, _) = await AgentSession.StartAsync("lock", agent, CancellationToken.None);
        agent.CloseOutput();

        (
            await Should.ThrowAsync<StepFailedException>(() => session!.AskAsync("append {}", CancellationToken.None))
        ).Message.ShouldBe("the deploy lock was lost");

        session!.Lost.IsCancellationRequested.ShouldBeTrue();
        agent.Ended.IsCompleted.ShouldBeFalse();
        await session.DisposeAsync();
    }

    [Test]
    public async Task Who_had_an_answer_just_now_has_the_lock_without_asking_and_who_lost_it_has_not()
    {
        var agent = new SilentAgent();
        var (session, _) = await AgentSession.StartAsync("lock", agent, CancellationToken.None);
        agent.Says("= ok");
        await session!.AskAsync("append {}", CancellationToken.None);

        await session.ConfirmAsync(CancellationToken.None);
        agent.Heard.ShouldBe(["append {}"], "the answer is of this moment");

        agent.End();
        await Should.ThrowAsync<StepFailedException>(async () =>
        {
            while (true)
            {
                await session.ConfirmAsync(CancellationToken.None);
                await Task.Yield();
            }
        });
        agent.Heard.ShouldBe(["append {}"], "nobody is there to be asked");
        await session.DisposeAsync();
    }

    [Test]
    public async Task Who_had_no_answer_yet_asks_whether_the_lock_is_held()
    {
        var agent = new SilentAgent();
        var (session, _) = await AgentSession.StartAsync("lock", agent, CancellationToken.None);
        agent.Says("= ok");

        await session!.ConfirmAsync(CancellationToken.None);

        agent.Heard.ShouldBe(["ping"]);
        await session.DisposeAsync();
    }

    /// <summary>Says that it is ready, and nothing more by itself.</summary>
    private sealed class SilentAgent : IRunningCommand
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource<CommandResult> _ended = new();

        public SilentAgent() => _lines.Writer.TryWrite("= ready");

        public List<string> Heard { get; } = [];

        public Task<CommandResult> Ended => _ended.Task;

        public void Says(string line) => _lines.Writer.TryWrite(line);

        public void End() => _ended.TrySetResult(new CommandResult(Command.Of("docker"), 0, "", ""));

        public void CloseOutput() => _lines.Writer.Complete();

        public Stream Input => Stream.Null;

        public Stream Output => Stream.Null;

        public Task WriteLineAsync(string line, CancellationToken cancellationToken)
        {
            Heard.Add(line);
            return Task.CompletedTask;
        }

        public async IAsyncEnumerable<string> ReadLinesAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
                yield return line;
        }

        public ValueTask DisposeAsync()
        {
            _lines.Writer.TryComplete();
            _ended.TrySetResult(new CommandResult(Command.Of("docker"), 0, "", ""));
            return ValueTask.CompletedTask;
        }
    }
}
