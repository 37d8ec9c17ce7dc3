namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class PruneImagesTests
{
    [Test]
    public void It_says_which_and_how_many_releases_stay() =>
        new PruneImages(["team/api:1", "team/web:1"], 5)
            .Describe()
            .ShouldBe("remove images team/api:1, team/web:1 (keeping 5 releases)");

    [Test]
    public async Task One_that_a_container_uses_stays_and_is_told()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new PruneImages(["team/api:1", "team/api:0"], 2));
        rig.Warnings.ShouldBe(["warning: image team/api:1 stays: a container uses it"]);
        rig.Cluster.RemovedImages.ShouldContain("team/api:0");
    }
}
