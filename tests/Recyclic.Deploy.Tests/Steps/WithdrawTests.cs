namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class WithdrawTests
{
    [Test]
    public void It_says_whose() => new Withdraw(StepRig.One).Describe().ShouldBe("withdraw the commit of 1");

    [Test]
    public async Task Nothing_is_committed_afterwards()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new Commit(StepRig.One, Slot.Blue), new Withdraw(StepRig.One));
        rig.Cluster.Journal.Current.ShouldBeNull();
    }
}
