using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class OpenGatesTests
{
    private static readonly PortGate Wide = new(null, 9501);
    private static readonly PortGate Narrow = new("127.0.0.1", 9501);
    private static readonly PortGate Other = new(null, 80);

    [Test]
    public void It_says_which_and_what_is_not_without_a_gap()
    {
        new OpenGates([Other, Narrow]).Describe().ShouldBe("publish 80, 127.0.0.1:9501");
        new OpenGates([Narrow]) { Instead = [Wide] }
            .Describe()
            .ShouldBe("publish 127.0.0.1:9501 instead of 9501 (about a second without service there)");
        new OpenGates([Wide]) { FromEdge = true }
            .Describe()
            .ShouldBe("publish 9501 by gates, no longer by the edge (about a second without service)");
    }

    [Test]
    public void Only_what_is_not_open_is_opened()
    {
        var now = StepRig.Nothing with { Gates = [Host.Open(Other), Host.Open(Wide) with { IsRunning = false }] };
        OpenGates.Of([Other], now).ShouldBeNull();
        OpenGates.Of([Other, Wide], now)!.Gates.ShouldBe([Wide], "it was stopped");
        var old = now with { DoorConfigurations = ImmutableDictionary<string, string>.Empty.Add(Other.Name, "old") };
        OpenGates.Of([Other], old)!.Gates.ShouldBe([Other], "its configuration is another version's");
        OpenGates.Of([Wide], now with { Traits = PlatformTraits.All with { HasEdge = false } }).ShouldBeNull();
    }

    [Test]
    public void What_the_kernel_lets_the_host_have_one_of_is_exchanged_and_exchanged_back()
    {
        var now = StepRig.BlueServes with { Gates = [Host.Open(Wide)] };
        var step = OpenGates.Of([Narrow, Other], now)!;
        step.Instead.ShouldBe([Wide]);
        step.Undo(now, StepRig.Options)
            .Select(undo => undo.Describe())
            .ShouldBe([
                "publish 9501 instead of 127.0.0.1:9501 (about a second without service there)",
                "no longer publish 80",
            ]);
    }

    [Test]
    public void A_gate_that_was_there_stays_when_the_deploy_is_undone()
    {
        var now = StepRig.BlueServes with { Gates = [Host.Open(Wide) with { IsRunning = false }] };
        OpenGates.Of([Wide], now)!.Undo(now, StepRig.Options).ShouldBeEmpty();
        new OpenGates([Wide]) { FromEdge = true }
            .Undo(now, StepRig.Options)
            .ShouldBeEmpty("an upgrade stays");
    }

    [Test]
    public async Task They_publish_afterwards_and_what_they_went_for_does_not()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new OpenGates([Wide, Other]), new OpenGates([Wide, Other]));
        rig.Cluster.Gates.Select(gate => $"{gate.Gate} {gate.IsRunning}").ShouldBe(["9501 True", "80 True"]);
        rig.Cluster.DoorConfigurations[Wide.Name].ShouldBe(Wide.Hash);
        rig.Reporter.Lines.ShouldBeEmpty();
        await rig.RunAsync(new OpenGates([Narrow]) { Instead = [Wide] });
        rig.Reporter.Lines.ShouldContain(line =>
            line.Contains(
                "nobody listened on 9501 for 1.0 s; who came meanwhile was refused by the host and is not counted",
                StringComparison.Ordinal
            )
        );
        rig.Cluster.Gates.Select(gate => $"{gate.Gate} {gate.IsRunning}").ShouldBe(["80 True", "127.0.0.1:9501 True"]);
    }

    [Test]
    public async Task One_that_does_not_start_leaves_what_it_was_to_go_for()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new OpenGates([Wide]));
        rig.Cluster.TakenPorts["9501"] = "somebody";
        await Should.ThrowAsync<Exception>(() => rig.RunAsync(new OpenGates([Narrow]) { Instead = [Wide] }));
        rig.Cluster.Gates.Single(gate => gate.Gate == Wide).IsRunning.ShouldBeTrue();
    }
}
