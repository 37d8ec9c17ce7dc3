using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>What someone broke by hand is repaired by the next deploy, or named.</summary>
[CancelAfter(480_000)]
public sealed class RepairTests : StackTests
{
    private protected override bool IsShared => true;

    [TestCase("rm", "--force")]
    [TestCase("stop", "--time=2")]
    [TestCase("kill", "--signal=KILL")]
    public async Task An_edge_that_is_gone_is_repaired_by_the_next_deploy(string command, string option)
    {
        if (command != "rm")
            Settings.OnlyWithAllFaults();
        var next = await Stack.ServesAsync(One, Token) ? Two : One;
        await DockerHere.RunAsync(Token, command, option, Stack.Edge);

        (await Stack.RunAsync(Token, "Status"))
            .ShouldExitWith(0)
            .Output.ShouldContain(command == "rm" ? "absent" : "not running");
        (await Stack.DeployAsync(next, Token)).ShouldExitWith(0);

        await Stack.ShouldServeAsync(next, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
    }

    [Test]
    public async Task A_container_that_is_gone_is_told_with_what_users_get_until_it_is_deployed_again()
    {
        await Stack.EnsureAsync(One, Token);
        (await Stack.RunAsync(Token, "Status", "--check")).ShouldExitWith(0).Output.ShouldNotContain("problem");
        var frontend = (await Stack.RunningAsync(await ServingSlotAsync(), Token)).Single(name =>
            name.Contains("frontend", StringComparison.Ordinal)
        );
        await DockerHere.RunAsync(Token, "rm", "--force", frontend);

        var status = await Stack.RunAsync(Token, "Status", "--check");
        status.ShouldExitWith(1).Output.ShouldContain("problem   frontend MISSING, users get 503");
        status.All.ShouldContain("users are not served as recorded: frontend MISSING, users get 503");
        (await Stack.StatusAsync(Token))["problems"]!.AsArray().Count.ShouldBe(1);

        (await Stack.DeployAsync(Two, Token)).ShouldExitWith(0);
        (await Stack.RunAsync(Token, "Status", "--check")).ShouldExitWith(0);
    }
}
