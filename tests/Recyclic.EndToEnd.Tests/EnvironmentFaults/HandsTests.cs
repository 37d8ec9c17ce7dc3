using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>Somebody, or the kernel, takes away what a deploy works with.</summary>
public sealed class HandsTests : FaultTests
{
    private protected override bool IsShared => true;

    private const string OutOfMemory = """ENTRYPOINT ["tail", "/dev/zero"]""";

    [Test]
    public async Task A_container_removed_by_hand_is_a_failed_gate_and_nobody_notices()
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var slow = await Images.DeriveAsync("slow-start", Token, "start-delay=60s");
        var api = $"{Stack.App}--{await IdleSlotAsync()}-api-1";
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAsync(slow, "gate", () => DockerHere.RunAsync(Token, "rm", "--force", api))
        ).ShouldExitWith(1);

        result.All.ShouldContain($"cause   {api} exited with code 137");
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }

    [Test]
    public async Task An_image_deleted_between_check_and_start_is_undone_and_nobody_notices()
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var doomed = await Images.DeriveAsync("doomed", Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAtPlanAsync(
                doomed,
                () => DockerHere.RunAsync(Token, "rmi", "--force", $"recyclic/api:{doomed}")
            )
        ).ShouldExitWith(1);

        result.All.ShouldMatch(@"failed at step \d+ of \d+: start ");
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }

    [Test]
    public async Task A_network_removed_under_the_idle_slot_is_made_again_by_the_next_deploy()
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var network = $"zz.{Stack.App}.{await IdleSlotAsync()}";
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (await DeployStruckAtPlanAsync(Two, () => RemoveNetworkAsync(network))).ShouldExitWith(1);

        result.All.ShouldContain(network);
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }

    [Test]
    public async Task An_edge_taken_off_the_serving_slots_network_finds_users_again_with_the_deploy_that_runs()
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var network = $"zz.{Stack.App}.{await ServingSlotAsync()}";
        await using var site = await Site.OpenAsync(Stack, Token);

        (
            await DeployStruckAsync(
                Two,
                "gate",
                () => DockerHere.RunAsync(Token, "network", "disconnect", network, Stack.Edge)
            )
        ).ShouldExitWith(0);

        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        await site.CloseAfterOutageAsync(BackWithin, Token);
        await ShouldBeRightAfterDeployAsync(One);
    }

    [TestCase("gate")]
    [TestCase("commit")]
    public async Task An_edge_killed_during_a_deploy_is_started_again_by_it(string step)
    {
        if (step != "gate")
            Settings.OnlyWithAllFaults();
        var (old, next) = (await OtherAsync() == Two ? One : Two, await OtherAsync());
        await Stack.EnsureAsync(old, Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAsync(next, step, () => DockerHere.RunAsync(Token, "kill", Stack.Edge))
        ).ShouldExitWith(0);

        result.All.ShouldContain("the edge did not run any more: it is started again");
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        await site.CloseAfterOutageAsync(TimeSpan.FromSeconds(15), Token);
        await ShouldBeRightAsync(next);
    }

    [Test]
    public async Task A_stopped_accessory_is_named_and_nothing_is_touched()
    {
        await Stack.EnsureAsync(One, Token);
        await DockerHere.RunAsync(Token, "stop", $"{Stack.App}-redis-1");
        var before = await Stack.InventoryAsync(Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (await Stack.DeployAsync(Two, Token)).ShouldExitWith(2);

        result.All.ShouldContain("accessory redis");
        result.All.ShouldContain($"docker start {Stack.App}-redis-1");
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await site.CloseFlawlesslyAsync(Token);
        await DockerHere.RunAsync(Token, "start", $"{Stack.App}-redis-1");
        await Eventually.TrueAsync(
            async () =>
                await DockerHere.RunAsync(
                    Token,
                    "inspect",
                    "--format",
                    "{{.State.Health.Status}}",
                    $"{Stack.App}-redis-1"
                ) == "healthy",
            BackWithin,
            "redis is healthy",
            Token
        );
        await ShouldBeRightAfterDeployAsync(Two);
    }

    [Test]
    public async Task A_new_container_killed_for_its_memory_fails_the_gate_at_once()
    {
        await Stack.EnsureAsync(One, Token);
        var greedy = await Images.DeriveApiAsync("greedy", OutOfMemory, Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (await Stack.DeployAsync(greedy, Token)).ShouldExitWith(1);

        result.All.ShouldContain("was killed for using too much memory");
        result.Took.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }

    private async Task RemoveNetworkAsync(string network)
    {
        foreach (
            var id in await DockerHere.LinesAsync(
                Token,
                "network",
                "inspect",
                "--format",
                "{{range $id, $_ := .Containers}}{{$id}}\n{{end}}",
                network
            )
        )
            await DockerHere.RunAsync(Token, "network", "disconnect", "--force", network, id);
        // The idle slot's stopped containers are still on it by name; the engine lets go of it all the same.
        await DockerHere.RunAsync(Token, "network", "rm", network);
    }
}
