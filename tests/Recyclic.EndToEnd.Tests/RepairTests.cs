using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>What someone broke by hand is repaired by the next deploy, or named.</summary>
[CancelAfter(480_000)]
public sealed class RepairTests : StackTests
{
    [TestCase("rm", "--force")]
    [TestCase("stop", "--time=2")]
    [TestCase("kill", "--signal=KILL")]
    public async Task An_edge_that_is_gone_is_repaired_by_the_next_deploy(string command, string option)
    {
        var next = await Stack.ServesAsync(One, Token) ? Two : One;
        await Docker.RunAsync(Token, command, option, Stack.Edge);

        (await Stack.RunAsync(Token, "Status")).ShouldExitWith(0).Output.ShouldContain(command == "rm" ? "absent" : "not running");
        (await Stack.DeployAsync(next, Token)).ShouldExitWith(0);

        await Stack.ShouldServeAsync(next, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
    }

    [Test]
    public async Task An_accessory_that_is_stopped_is_named_and_left_alone()
    {
        var redis = $"{Stack.App}-redis-1";
        await Docker.RunAsync(Token, "stop", redis);
        var before = await Stack.InventoryAsync(Token);

        var result = (await Stack.DeployAsync(Two, Token)).ShouldExitWith(2);

        result.All.ShouldContain("accessory redis");
        result.All.ShouldContain($"docker start {redis}");
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await Docker.RunAsync(Token, "start", redis);
        await Eventually.TrueAsync(async () => await Docker.RunAsync(Token, "inspect", "--format", "{{.State.Health.Status}}", redis) == "healthy",
            TimeSpan.FromMinutes(1), "redis is healthy again", Token);
    }
}
