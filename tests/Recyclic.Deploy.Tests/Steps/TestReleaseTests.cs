namespace Recyclic.Deploy.Tests.Steps;

/// <summary>What it does on a host is in the scenarios of smoke tests.</summary>
internal sealed class TestReleaseTests
{
    private static readonly TestRelease Step = new(Slot.Green, ["GET /health", "api: check"], TimeSpan.FromSeconds(50));

    [Test]
    public void It_says_which_tests_and_how_long() =>
        Step.Describe().ShouldBe("smoke test green without traffic: GET /health, api: check (in 50 s)");

    [Test]
    public void It_moves_nobody_and_leaves_nothing_to_take_back()
    {
        Step.MovesUsers.ShouldBeFalse();
        Step.Undo(StepRig.BlueServes, new DeployOptions()).ShouldBeEmpty();
    }

    [Test]
    public async Task A_test_that_nobody_knows_fails()
    {
        await using var rig = new StepRig();
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "there is no smoke test GET /health"
        );
    }
}
