using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class CloseGatesTests
{
    private static readonly Application At8080 = Given.App(
        Given.ShopModel.Replace("\"8000\"", "\"8080\"", StringComparison.Ordinal)
    );

    [Test]
    public void It_says_which() =>
        new CloseGates([new(null, 80), new("127.0.0.1", 81)]).Describe().ShouldBe("no longer publish 80, 127.0.0.1:81");

    [Test]
    public void A_port_stays_as_long_as_a_release_may_come_back_to_it()
    {
        var first = Host.Serving(Given.Shop, "1", Slot.Blue);
        Closed(At8080, first).ShouldBeEmpty("the release before has 8000");
        var second = Host.Serving(At8080, "2", Slot.Blue);
        second = second with { Gates = [.. first.Gates, .. second.Gates] };
        Closed(At8080, second).ShouldBe(["no longer publish 8000"]);
        Closed(Given.Shop, second).ShouldBeEmpty();
    }

    [Test]
    public void One_that_another_one_went_for_is_gone_already()
    {
        var now = Host.Serving(At8080, "1", Slot.Blue) with { Gates = [Host.Open(new("127.0.0.1", 8000))] };
        Closed(Given.Shop, now).ShouldBeEmpty();
    }

    [Test]
    public async Task They_are_gone_afterwards()
    {
        await using var rig = new StepRig();
        var close = new CloseGates([new(null, 80)]);
        await rig.RunAsync(new OpenGates([new(null, 80), new(null, 81)]), close, close);
        rig.Cluster.Gates.ShouldHaveSingleItem().Gate.ShouldBe(new(null, 81));
    }

    private static IEnumerable<string> Closed(Application app, Snapshot now) =>
        CloseGates
            .Of(app, new SlotChange(now, Slot.Blue, Slot.Green, Given.Release(app, "3"), StepRig.Options))
            .Select(step => step.Action.Describe());
}
