namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class CommitTests
{
    private static readonly Release Two = Given.Release(Given.Store, "2");

    [Test]
    public void It_says_what_and_where() => new Commit(StepRig.One, Slot.Blue).Describe().ShouldBe("commit 1 on blue");

    [Test]
    public void What_was_committed_before_is_committed_again_and_the_first_of_all_is_withdrawn()
    {
        new Commit(Two, Slot.Green)
            .Undo(StepRig.BlueServes, StepRig.Options)
            .ShouldBe([new Commit(StepRig.One, Slot.Blue)]);
        new Commit(Two, Slot.Green).Undo(StepRig.Nothing, StepRig.Options).ShouldBe([new Withdraw(Two)]);
    }

    [Test]
    public async Task Each_counts_one_generation_up()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new Commit(StepRig.One, Slot.Blue), new Commit(Two, Slot.Blue));
        rig.Cluster.Generation.ShouldBe(2);
        rig.Cluster.Journal.Current!.Release.ShouldBe(Two);
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task One_that_failed_or_whose_answer_was_lost_is_made_exactly_once(double done)
    {
        var failed = false;
        await using var rig = new StepRig(
            new MemoryProcess
            {
                Fails = (_, call) =>
                    call == "commit" && !failed && (failed = true) ? new StepFailedException("no answer", []) : null,
                DoneWhenFailing = done,
            }
        );
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new Commit(StepRig.One, Slot.Blue));
        rig.Cluster.Generation.ShouldBe(1);
        rig.Cluster.Journal.Commitments.ShouldHaveSingleItem();
    }

    [Test]
    public async Task The_undo_of_one_that_may_have_been_made_looks_first()
    {
        var failures = 0;
        await using var rig = new StepRig(
            new MemoryProcess
            {
                // The commit is made; neither its answer nor the look for it comes through.
                Fails = (_, call) =>
                    failures switch
                    {
                        0 when call == "commit" => Count(),
                        1 when call == "read host" => Count(),
                        _ => null,
                    },
                DoneWhenFailing = 1,
            }
        );
        await rig.StartAsync(Slot.Blue);
        await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(new Commit(Two, Slot.Blue)));
        await rig.RunAsync(new Commit(StepRig.One, Slot.Blue));
        rig.Cluster.Generation.ShouldBe(2);
        rig.Cluster.Journal.Current!.Release.ShouldBe(StepRig.One);

        StepFailedException Count()
        {
            failures++;
            return new StepFailedException("no answer", []);
        }
    }

    [Test]
    public async Task While_users_are_elsewhere_they_keep_what_restarts_by_itself()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(
            new StartRelease(Slot.Green, Two),
            new CutOver(Slot.Green),
            new Commit(StepRig.One, Slot.Blue)
        );
        rig.RestartingIn(Slot.Green).ShouldBe(["api", "web"], ignoreOrder: true);
        await rig.RunAsync(new CutOver(Slot.Blue), new Commit(StepRig.One, Slot.Blue));
        rig.RestartingIn(Slot.Green).ShouldBeEmpty();
    }
}
