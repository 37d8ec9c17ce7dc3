using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Recyclic.Components.Everyday;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Tests.Everyday;

/// <summary>Logs that go on, of containers that come, end and come again; a hundred seconds in one.</summary>
[CancelAfter(30_000), FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LogFollowTests
{
    private readonly Place _place = new();
    private readonly ConcurrentQueue<string> _printed = new();

    [Test]
    public async Task Users_are_followed_to_the_new_slot_and_no_line_is_lost_or_repeated(
        CancellationToken cancellationToken
    )
    {
        _place.Write("blue-api-1", 1, "old 1");
        _place.Sees(Slot.Blue, 2, Old());
        var following = Follow(cancellationToken, out var stop);
        await UntilAsync("api | old 1", cancellationToken);

        // The new one writes before users come to it, the old one until it ends.
        _place.IsAtWork = true;
        _place.Write("green-api-1", 11, "new 1");
        _place.Sees(Slot.Blue, 12, Old(), New());
        _place.Write("blue-api-1", 13, "old 2");
        _place.Write("green-api-1", 14, "new 2");
        await UntilAsync("api | old 2", cancellationToken);
        _printed.ShouldNotContain(line => line.Contains("new"));
        _place.Sees(Slot.Green, 15, Old(), New());
        await UntilAsync("api | new 2", cancellationToken);
        _place.Write("blue-api-1", 16, "old 3");
        _place.End("blue-api-1");
        _place.Sees(Slot.Green, 17, Old("exited"), New());
        _place.IsAtWork = false;
        _place.Write("green-api-1", 18, "new 3");
        await UntilAsync("new 3", cancellationToken);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
        Texts()
            .ShouldBe(["old 1", "old 2", "new 1", "new 2", "old 3", "new 3", "users are on v2 now"], ignoreOrder: true);
        _printed.ShouldContain("api (v1) | old 3");
    }

    [Test]
    public async Task A_container_that_is_started_again_is_read_on_where_it_ended(CancellationToken cancellationToken)
    {
        foreach (var text in (string[])["first", "second of the moment", "third of the moment"])
            _place.Write("blue-api-1", text == "first" ? 1 : 2, text);
        _place.Sees(Slot.Blue, 3, Old());
        var following = Follow(cancellationToken, out var stop);
        await UntilAsync("third", cancellationToken);

        _place.End("blue-api-1");
        _place.Sees(Slot.Blue, 4, Old("exited"));
        _place.Write("blue-api-1", 2, "fourth of the moment");
        _place.Write("blue-api-1", 5, "fifth");
        _place.Sees(Slot.Blue, 6, Shop.Container("api", Slot.Blue, Shop.Noon.AddSeconds(5)));
        await UntilAsync("fifth", cancellationToken);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
        Texts().ShouldBe(["first", "second of the moment", "third of the moment", "fourth of the moment", "fifth"]);
    }

    [Test]
    public async Task A_log_that_cannot_be_read_is_said_once_and_the_others_go_on(CancellationToken cancellationToken)
    {
        _place.Breaks("blue-api-1", "the engine gives no log: its driver keeps none");
        _place.Write("blue-web-1", 1, "web 1");
        _place.Sees(Slot.Blue, 2, Old(), Shop.Container("web", Slot.Blue, Shop.Noon));
        var following = Follow(cancellationToken, out var stop);
        await UntilAsync("web 1", cancellationToken);
        await _place.LookedAsync(5, cancellationToken);
        _place.Write("blue-web-1", 3, "web 2");
        await UntilAsync("web 2", cancellationToken);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
        _printed.Count(line => line.Contains("its driver keeps none")).ShouldBe(1);
    }

    [Test]
    public async Task A_release_that_was_kept_running_is_read_from_the_switch_on(CancellationToken cancellationToken)
    {
        var warm = Shop.Container("api", Slot.Green, Shop.Noon - TimeSpan.FromHours(1));
        _place.Write("green-api-1", -600, "long ago");
        _place.Sees(Slot.Blue, 2, Old(), warm);
        var following = Follow(cancellationToken, out var stop);
        await _place.LookedAsync(1, cancellationToken);
        _place.Write("green-api-1", 20, "now");
        _place.Sees(Slot.Green, 21, Old(), warm);
        await UntilAsync("now", cancellationToken);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
        Texts().ShouldNotContain("long ago");
    }

    [Test]
    public async Task An_engine_that_does_not_answer_for_a_while_is_waited_for_and_for_long_is_said(
        CancellationToken cancellationToken
    )
    {
        _place.Write("blue-api-1", 1, "one");
        _place.Sees(Slot.Blue, 2, Old());
        _place.IsAtWork = true;
        var following = Follow(cancellationToken, out var stop);
        await UntilAsync("one", cancellationToken);
        using (stop)
        {
            _place.LooksFail = 5;
            await _place.LookedAsync(8, cancellationToken);
            _place.Write("blue-api-1", 3, "two");
            await UntilAsync("two", cancellationToken);
            _place.LooksFail = int.MaxValue;
            (await Should.ThrowAsync<StepFailedException>(following)).Message.ShouldBe("no engine");
        }
    }

    private static Container Old(string state = "running") =>
        Shop.Container("api", Slot.Blue, Shop.Noon - TimeSpan.FromHours(2), state);

    private static Container New() => Shop.Container("api", Slot.Green, Shop.Noon.AddSeconds(11));

    private Task Follow(CancellationToken cancellationToken, out CancellationTokenSource stop)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = stop.Token;
        var follow = new LogFollow(
            _place,
            LogOrder.Of(null, follows: true, null, null, ofPrevious: false),
            new LogPrinter(line => _printed.Enqueue(Plain(line))),
            new QuickClock()
        );
        return Task.Run(
            async () => await follow.RunAsync(await _place.LookAsync(token), token),
            CancellationToken.None
        );
    }

    private static string Plain(string line)
    {
        while (line.IndexOf('\e', StringComparison.Ordinal) is >= 0 and var start)
            line = line.Remove(start, line.IndexOf('m', start) - start + 1);
        return line;
    }

    private IEnumerable<string> Texts() =>
        _printed.Select(line =>
            line.Contains("| ") ? line[(line.IndexOf("| ", StringComparison.Ordinal) + 2)..] : line.Trim('-', ' ')
        );

    private async Task UntilAsync(string text, CancellationToken cancellationToken)
    {
        while (!_printed.Any(line => line.Contains(text)))
            await Task.Delay(5, cancellationToken);
    }

    /// <summary>A hundred times as fast as the system's.</summary>
    private sealed class QuickClock : TimeProvider
    {
        private const int Times = 100;
        private readonly long _zero = System.GetTimestamp();

        public override long GetTimestamp() => _zero + (System.GetTimestamp() - _zero) * Times;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Times : dueTime, period);
    }

    /// <summary>Containers whose logs are lists, as an engine has them.</summary>
    private sealed class Place : ILogPlace
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, List<LoggedLine>> _logs = [];
        private readonly HashSet<string> _ended = [];
        private readonly Dictionary<string, string> _broken = [];
        private readonly Channel<bool> _looks = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        private Snapshot _now = Snapshot.Empty("shop");

        public volatile bool IsAtWork;

        public volatile int LooksFail;

        public void Sees(Slot serving, int second, params Container[] containers)
        {
            lock (_lock)
            {
                _now = Shop.At(serving, Shop.Noon.AddSeconds(second), containers);
                foreach (var running in containers.Where(container => container.IsRunning))
                    _ended.Remove(running.Id);
            }
        }

        public void Write(string id, int second, string text)
        {
            lock (_lock)
                (_logs.TryGetValue(id, out var lines) ? lines : _logs[id] = []).Add(
                    new LoggedLine(Shop.Noon.AddSeconds(second), text)
                );
        }

        public void End(string id)
        {
            lock (_lock)
                _ended.Add(id);
        }

        public void Breaks(string id, string why) => _broken[id] = why;

        public async Task LookedAsync(int times, CancellationToken cancellationToken)
        {
            while (_looks.Reader.TryRead(out _)) { }
            for (; times > 0; times--)
                await _looks.Reader.ReadAsync(cancellationToken);
        }

        public Task<bool> IsAtWorkAsync(CancellationToken cancellationToken) => Task.FromResult(IsAtWork);

        public Task<Snapshot> LookAsync(CancellationToken cancellationToken)
        {
            _looks.Writer.TryWrite(true);
            if (LooksFail > 0 && LooksFail-- > 0)
                throw new StepFailedException("no engine", []);
            lock (_lock)
                return Task.FromResult(_now);
        }

        public async IAsyncEnumerable<LoggedLine> ReadLogAsync(
            string containerId,
            LogQuestion question,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            if (_broken.TryGetValue(containerId, out var why))
                throw new StepFailedException(why, []);
            for (var next = 0; ; )
            {
                LoggedLine? line = null;
                bool ended;
                lock (_lock)
                {
                    var lines = _logs.GetValueOrDefault(containerId, []);
                    if (next < lines.Count)
                        line = lines[next++];
                    ended = _ended.Contains(containerId);
                }
                if (line is not null && !(line.At < question.Since))
                    yield return line;
                else if (line is null && ended)
                    yield break;
                else if (line is null)
                    await Task.Delay(1, cancellationToken);
            }
        }
    }
}
