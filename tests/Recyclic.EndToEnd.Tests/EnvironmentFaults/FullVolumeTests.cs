using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>
/// The volume on which the edge and the journal live has no room left, from one moment of a deploy on.
/// </summary>
public sealed class FullVolumeTests : FaultTests
{
    private const string Filler = "/var/lib/recyclic/filler";

    // Small, and still with the room that a deploy asks for before it begins.
    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await DockerHere.RunAsync(
            cancellationToken,
            "volume",
            "create",
            "--opt",
            "type=tmpfs",
            "--opt",
            "device=tmpfs",
            "--opt",
            "o=size=256m,mode=1777",
            "--label",
            $"recyclic.app={Stack.App}",
            $"{Stack.App}.state"
        );
        await base.PrepareAsync(cancellationToken);
    }

    [
        TestCase("start "),
        TestCase("gate"),
        TestCase("hand over"),
        TestCase("cut over"),
        TestCase("commit"),
        TestCase("watch"),
        TestCase("drain")
    ]
    public async Task A_volume_that_is_full_costs_no_request_and_with_room_again_the_next_deploy_puts_things_right(
        string step
    )
    {
        if (step != "commit")
            Settings.OnlyWithAllFaults();
        var next = await OtherAsync();
        var old = next == One ? Two : One;
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = await DeployStruckAsync(next, step, FillAsync);

        TestContext.Out.WriteLine($"{step}: exit code {result.ExitCode}\n{result.All}");
        result.ExitCode.ShouldBeOneOf(0, 1, 3);
        if (result.ExitCode != 0)
            result.All.ShouldContain("No space left on device");
        (await Stack.ServesAsync(old, Token) || await Stack.ServesAsync(next, Token)).ShouldBeTrue(
            "users have one of the two"
        );
        await DockerHere.RunAsync(Token, "exec", Stack.Edge, "rm", Filler);
        await ShouldBeRightAfterDeployAsync(One);
        await site.CloseFlawlesslyAsync(Token);
    }

    [Test]
    public async Task A_volume_that_is_full_beforehand_is_refused()
    {
        await Stack.EnsureAsync(One, Token);
        await FillAsync();
        var before = await Stack.InventoryAsync(Token);

        (await Stack.DeployAsync(Two, Token)).ShouldExitWith(2).All.ShouldContain("MB are free");

        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await DockerHere.RunAsync(Token, "exec", Stack.Edge, "rm", Filler);
        await ShouldBeRightAfterDeployAsync(Two);
    }

    /// <summary>To the last page.</summary>
    private async Task FillAsync()
    {
        await DockerHere.TryAsync(["exec", Stack.Edge, "dd", "if=/dev/zero", $"of={Filler}", "bs=1M"], Token);
        await DockerHere.TryAsync(["exec", Stack.Edge, "sh", "-c", $"dd if=/dev/zero bs=4k >> {Filler}"], Token);
    }
}
