using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>The deploy lock on a real engine.</summary>
public sealed class HostLockTests
{
    private readonly DockerCli _docker = new(new ProcessCommandRunner());
    private DockerEngine _engine = null!;
    private DockerHostLock _lock = null!;

    [SetUp]
    public void SetUp()
    {
        _engine = new DockerEngine(_docker);
        _lock = new DockerHostLock(_engine, TimeProvider.System);
    }

    [TearDown]
    public void TearDown() => _engine.Dispose();

    [Test, CancelAfter(120_000)]
    public async Task Of_many_that_take_the_lock_at_the_same_moment_one_has_it_and_each_other_is_told_who(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack("lock-race", "half.yml");
        for (var round = 0; round < 5; round++)
        {
            var takers = await Task.WhenAll(
                Enumerable
                    .Range(0, 5)
                    .Select(async number =>
                    {
                        try
                        {
                            return (
                                number,
                                host: await _lock.TakeAsync("lock-race", $"taker-{number}", null, cancellationToken),
                                refused: (LockHeldException?)null
                            );
                        }
                        catch (LockHeldException exception)
                        {
                            return (number, host: (ILockedHost?)null, refused: exception);
                        }
                    })
            );
            var winner = takers.Where(taker => taker.host is not null).ShouldHaveSingleItem();
            takers
                .Where(taker => taker.refused is not null)
                .ShouldAllBe(taker => taker.refused!.Holder.By == $"taker-{winner.number}");
            await winner.host!.DisposeAsync();
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_journal_that_has_become_too_long_is_made_shorter_by_who_holds_the_lock(
        CancellationToken cancellationToken
    )
    {
        const string Fill =
            "cd /var/lib/recyclic; i=0; while [ $i -lt 300 ]; do i=$((i + 1));"
            + " r='\"release\":{\"id\":\"r'$i'\",\"tag\":\"t'$i'\",\"images\":{}},\"slot\":\"Blue\"';"
            + " d='{\"at\":\"2026-01-01T00:00:00+00:00\",\"deploy\":\"d'$i'\",\"kind\":';"
            + " echo \"$d\\\"Begin\\\",\\\"operation\\\":\\\"Deploy\\\",$r}\";"
            + " n=0; while [ $n -lt 7 ]; do n=$((n + 1)); echo \"$d\\\"StepBegun\\\",\\\"number\\\":$n,\\\"step\\\":\\\"s\\\"}\"; done;"
            + " echo \"$d\\\"Commit\\\",$r}\"; echo \"$d\\\"End\\\",\\\"outcome\\\":\\\"Success\\\"}\"; done > journal.jsonl";
        await using var stack = new Stack("lock-keep", "half.yml");
        await using (var host = await _lock.TakeAsync("lock-keep", "first", null, cancellationToken))
        {
            var agent = await Stack.DockerAsync(
                cancellationToken,
                "ps",
                "--quiet",
                "--filter",
                "label=recyclic.app=lock-keep"
            );
            await Stack.DockerAsync(cancellationToken, "exec", agent, "sh", "-c", Fill);
            var before = (await host.ReadAsync(cancellationToken)).Journal;
            before.Records.Length.ShouldBe(3000);
            var after = (await host.ReadAsync(cancellationToken)).Journal;
            after.Records.Length.ShouldBe(150 * 3 + 20 * 7);
            after.Current.ShouldBe(before.Current);
            after.GoodReleases.TakeLast(20).ShouldBe(before.GoodReleases.TakeLast(20));
            (await Stack.DockerAsync(cancellationToken, "exec", agent, "ls", "-l", "/var/lib/recyclic/")).ShouldContain(
                "journal.before.jsonl"
            );
            await host.AppendAsync(new(DateTimeOffset.UtcNow, "d301", JournalKind.End), cancellationToken);
            (await host.ReadAsync(cancellationToken)).Journal.Records.Length.ShouldBe(after.Records.Length + 1);
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_lock_that_was_made_but_never_started_holds_nobody_up_for_long(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack("lock-made", "half.yml");
        await using (await _lock.TakeAsync("lock-made", "first", null, cancellationToken)) { }
        await Eventually.TrueAsync(
            async () => !(await stack.LeftoversAsync(cancellationToken)).Contains("lock-made-deploy-lock"),
            "the lock is released",
            cancellationToken
        );
        var owner = await Stack.DockerAsync(
            cancellationToken,
            "volume",
            "inspect",
            "--format",
            "{{index .Labels \"recyclic.owner\"}}",
            "lock-made.state"
        );
        await Stack.DockerAsync(
            cancellationToken,
            "create",
            "--name",
            "lock-made-deploy-lock",
            "--label",
            "recyclic.app=lock-made",
            "--label",
            $"recyclic.owner={owner}0",
            EdgeImage.Reference
        );

        await using var host = await _lock.TakeAsync("lock-made", "second", null, cancellationToken);

        (await host.ReadAsync(cancellationToken)).Generation.ShouldBe(0);
    }

    [Test, CancelAfter(120_000)]
    public async Task Who_stands_by_for_the_lock_keeps_nobody_out_and_leaves_nothing_behind(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack("lock-ready", "half.yml");
        await using (await _lock.TakeAsync("lock-ready", "first", null, cancellationToken)) { }
        var before = await stack.LeftoversAsync(cancellationToken);
        await using (var unused = _lock.StandBy("lock-ready", "waiting", cancellationToken))
        await using (var used = _lock.StandBy("lock-ready", "second", cancellationToken))
        await using (var host = await _lock.TakeAsync("lock-ready", "second", used, cancellationToken))
        {
            (await _lock.ReadHolderAsync("lock-ready", cancellationToken))!.By.ShouldBe("second");
            (await host.ReadAsync(cancellationToken)).Generation.ShouldBe(0);
        }
        (await stack.LeftoversAsync(cancellationToken)).ShouldBe(before);
    }

    [Test, CancelAfter(120_000)]
    public async Task Who_queues_is_served_in_the_order_of_coming(CancellationToken cancellationToken)
    {
        await using var stack = new Stack("lock-queue", "half.yml");
        var served = new List<int>();
        var holder = await _lock.TakeAsync("lock-queue", "holder", null, cancellationToken);
        var waiting = new List<Task>();
        for (var number = 0; number < 4; number++)
        {
            var place = await _lock.QueueAsync("lock-queue", $"waiter-{number}", cancellationToken);
            waiting.Add(ServeAsync(number, place));
        }
        served.ShouldBeEmpty();

        await holder.DisposeAsync();
        await Task.WhenAll(waiting);

        served.ShouldBe([0, 1, 2, 3]);
        await Eventually.TrueAsync(
            async () => !(await stack.LeftoversAsync(cancellationToken)).Contains("lock-queue-deploy-"),
            "lock and places are gone",
            cancellationToken
        );

        async Task ServeAsync(int number, IQueuePlace place)
        {
            await using (place)
            {
                await place.WaitAsync(cancellationToken);
                await using var host = await _lock.TakeAsync("lock-queue", $"waiter-{number}", null, cancellationToken);
                lock (served)
                    served.Add(number);
            }
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_deployer_whose_lock_was_taken_away_can_write_nothing_and_one_with_an_old_generation_cannot_commit(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack("lock-lost", "half.yml");
        var release = new Release("1-0", "1", ImmutableSortedDictionary<string, ImageRef>.Empty);
        var record = new JournalRecord(DateTimeOffset.UnixEpoch, "first", JournalKind.Commit)
        {
            Release = release,
            Slot = Slot.Blue,
        };
        await using var first = await _lock.TakeAsync("lock-lost", "first", null, cancellationToken);

        await _lock.BreakAsync("lock-lost", cancellationToken);
        await using var second = await _lock.TakeAsync("lock-lost", "second", null, cancellationToken);

        await Should.ThrowAsync<StepFailedException>(() => first.AppendAsync(record, cancellationToken));
        await Should.ThrowAsync<StepFailedException>(() => first.CommitAsync(0, record, cancellationToken));
        first.Lost.IsCancellationRequested.ShouldBeTrue();
        await second.CommitAsync(0, record with { Deploy = "second" }, cancellationToken);
        (
            await Should.ThrowAsync<StepFailedException>(() =>
                second.CommitAsync(0, record with { Deploy = "second" }, cancellationToken)
            )
        ).Message.ShouldContain("another deploy has committed");
        var state = await second.ReadAsync(cancellationToken);
        (state.Generation, state.Journal.Records.Length, state.Journal.Records[0].Deploy).ShouldBe((1, 1, "second"));
    }
}
