namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class RestoreNamesTests
{
    [Test]
    public void It_says_of_what() =>
        new RestoreNames(Slot.Blue).Describe().ShouldBe("connect blue and the accessories to their networks again");

    [Test]
    public async Task What_the_edge_finds_is_left_alone()
    {
        await using var rig = await HealthyAsync();
        await rig.RunAsync(new RestoreNames(Slot.Blue));
        rig.Cluster.Changes.ShouldNotContain("reconnect");
    }

    [Test]
    public async Task What_it_does_not_find_is_connected_again()
    {
        await using var rig = await HealthyAsync();
        rig.Cluster.Nameless.Add(rig.Cluster.Of(Slot.Blue)[0].Id);
        await rig.RunAsync(new RestoreNames(Slot.Blue));
        rig.Cluster.Changes.Count(change => change == "reconnect").ShouldBe(1);
        rig.Cluster.Nameless.ShouldBeEmpty();
    }

    private static async Task<StepRig> HealthyAsync()
    {
        var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new AwaitHealthy(Slot.Blue, ["api", "web"], TimeSpan.FromSeconds(5)));
        return rig;
    }
}
