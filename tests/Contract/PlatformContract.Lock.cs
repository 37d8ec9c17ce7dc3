using System.Collections.Immutable;
using NUnit.Framework;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>The lock, and the journal that is changed through it alone.</summary>
internal abstract partial class PlatformContract
{
    [Test]
    public async Task One_has_the_lock_and_another_is_told_who_until_it_is_given_back(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("lock", cancellationToken);
        var (first, second) = (place.Platform.Lock, place.Another.Lock);
        await using (await first.TakeAsync(place.App, "ann", null, cancellationToken))
        {
            (await second.ReadHolderAsync(place.App, cancellationToken))!.By.ShouldBe("ann");
            var refused = await Should.ThrowAsync<LockHeldException>(() =>
                second.TakeAsync(place.App, "bob", null, cancellationToken)
            );
            refused.Holder.By.ShouldBe("ann");
        }
        await using var taken = await TakeAsync(second, place.App, "bob", cancellationToken);
        (await first.ReadHolderAsync(place.App, cancellationToken))!.By.ShouldBe("bob");
    }

    [Test]
    public async Task The_journal_keeps_what_was_appended_and_is_read_without_the_lock(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("journal", cancellationToken);
        await using (var host = await place.Platform.Lock.TakeAsync(place.App, "ann", null, cancellationToken))
        {
            await host.AppendAsync(Began("d1"), cancellationToken);
            await host.CommitAsync(0, Committed("d1"), cancellationToken);
            (await host.ReadAsync(cancellationToken)).Generation.ShouldBe(1);
        }
        (await place.Another.Lock.IsKnownAsync(place.App, cancellationToken)).ShouldBeTrue();
        var state = await place.Another.Lock.PeekAsync(place.App, cancellationToken);
        state.Generation.ShouldBe(1);
        state
            .Journal.Records.Select(record => (record.Deploy, record.Kind))
            .ShouldBe([("d1", JournalKind.Begin), ("d1", JournalKind.Commit)]);
        state.Journal.Current!.Release.Tag.ShouldBe("v1");
    }

    [Test]
    public async Task A_commit_that_another_one_has_overtaken_is_refused_and_leaves_no_record(
        CancellationToken cancellationToken
    )
    {
        await using var place = await OpenAsync("commit", cancellationToken);
        await using var host = await place.Platform.Lock.TakeAsync(place.App, "ann", null, cancellationToken);
        await host.CommitAsync(0, Committed("d1"), cancellationToken);
        await Should.ThrowAsync<StepFailedException>(() => host.CommitAsync(0, Committed("d2"), cancellationToken));
        var state = await host.ReadAsync(cancellationToken);
        state.Generation.ShouldBe(1);
        state.Journal.Records.Select(record => record.Deploy).ShouldBe(["d1"]);
    }

    [Test]
    public async Task Who_has_lost_the_lock_is_told_and_changes_nothing_any_more(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("lost", cancellationToken);
        var lost = await place.Platform.Lock.TakeAsync(place.App, "ann", null, cancellationToken);
        await place.Another.Lock.BreakAsync(place.App, cancellationToken);
        await using var holder = await TakeAsync(place.Another.Lock, place.App, "bob", cancellationToken);
        await Should.ThrowAsync<StepFailedException>(() => lost.AppendAsync(Began("d1"), cancellationToken));
        await Should.ThrowAsync<StepFailedException>(() => lost.CommitAsync(0, Committed("d1"), cancellationToken));
        lost.Lost.IsCancellationRequested.ShouldBeTrue();
        holder.Lost.IsCancellationRequested.ShouldBeFalse();
        (await holder.ReadAsync(cancellationToken)).Journal.Records.ShouldBeEmpty();
        await lost.DisposeAsync();
        (await place.Platform.Lock.ReadHolderAsync(place.App, cancellationToken))!.By.ShouldBe("bob");
    }

    [Test]
    public async Task Who_queues_has_the_turn_in_the_order_of_coming(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("queue", cancellationToken);
        var holder = await place.Platform.Lock.TakeAsync(place.App, "ann", null, cancellationToken);
        var first = await place.Another.Lock.QueueAsync(place.App, "bob", cancellationToken);
        await using var second = await place.Another.Lock.QueueAsync(place.App, "cas", cancellationToken);
        var (bob, cas) = (first.WaitAsync(cancellationToken), second.WaitAsync(cancellationToken));
        (bob.IsCompleted, cas.IsCompleted).ShouldBe((false, false), "somebody has the lock");
        await holder.DisposeAsync();
        await bob;
        cas.IsCompleted.ShouldBeFalse("bob came first");
        await first.DisposeAsync();
        await cas;
    }

    /// <summary>A lock that was given back may take a moment to be free.</summary>
    private static async Task<ILockedHost> TakeAsync(
        IHostLock hostLock,
        string app,
        string by,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                return await hostLock.TakeAsync(app, by, null, cancellationToken);
            }
            catch (LockHeldException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }

    private static readonly Release One = new("1-0", "v1", ImmutableSortedDictionary<string, ImageRef>.Empty);

    private static JournalRecord Began(string deploy) =>
        new(DateTimeOffset.UnixEpoch, deploy, JournalKind.Begin)
        {
            Operation = Operation.Deploy,
            Release = One,
            Slot = Slot.Blue,
            By = "ann",
        };

    private static JournalRecord Committed(string deploy) =>
        new(DateTimeOffset.UnixEpoch, deploy, JournalKind.Commit) { Release = One, Slot = Slot.Blue };
}
