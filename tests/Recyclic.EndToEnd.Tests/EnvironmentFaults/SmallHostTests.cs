using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>Two releases at a time are more than the host's memory.</summary>
public sealed class SmallHostTests : FaultTests
{
    private protected override bool IsShared => true;

    [Test]
    public async Task A_release_that_may_take_more_than_the_host_has_is_refused_with_the_figures()
    {
        await Stack.EnsureAsync(One, Token);
        var before = await Stack.InventoryAsync(Token);
        Stack.Environment["MEM_LIMIT"] = "900g";
        try
        {
            foreach (var options in new string[][] { ["--dry-run"], [] })
            {
                var refused = (await Stack.DeployAsync(Two, Token, options)).ShouldExitWith(2);
                refused.All.ShouldMatch(
                    @"needs about [\d.]+ GB beside what runs, and [\d.]+ [GM]B of [\d.]+ GB are free"
                );
                refused.All.ShouldContain("api 900.0 GB, its limit");
                refused.All.ShouldContain("--allow-low-memory");
            }
            (await Stack.DeployAsync(Two, Token, "--dry-run", "--allow-low-memory"))
                .ShouldExitWith(0)
                .All.ShouldContain("the kernel may kill what it likes");
        }
        finally
        {
            Stack.Environment.Remove("MEM_LIMIT");
        }
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        (await Stack.DeployAsync(Two, Token, "--dry-run"))
            .ShouldExitWith(0)
            .All.ShouldMatch(
                @"memory: about \d+ MB more for a while, [\d.]+ [GM]B free; disk: [\d.]+ [GM]B free \(api \d+ MB, as now"
            );
        await Stack.ShouldServeAsync(One, Token);
    }

    [Test]
    public async Task What_is_killed_for_its_memory_beside_a_new_release_undoes_it_and_nobody_notices()
    {
        await Stack.EnsureAsync(One, Token);
        var slow = await Images.DeriveAsync("slow-start", Token, "start-delay=60s");
        var api = $"{Stack.App}--{await ServingSlotAsync()}-api-1";
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (
            await DeployStruckAsync(
                slow,
                "gate",
                // The kernel kills what takes most in the container: this, and not what serves.
                () => DockerHere.TryAsync(["exec", api, "tail", "/dev/zero"], Token)
            )
        ).ShouldExitWith(1);

        result.All.ShouldContain($"{api} was killed for using too much memory");
        result.All.ShouldContain("its own limit is 256 MB");
        result.Took.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        await Stack.ShouldServeAsync(One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }
}
