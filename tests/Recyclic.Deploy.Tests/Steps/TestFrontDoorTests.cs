namespace Recyclic.Deploy.Tests.Steps;

/// <summary>What it does on a host is in the scenarios of smoke tests.</summary>
internal sealed class TestFrontDoorTests
{
    private static readonly TestFrontDoor Step = new(Slot.Green, ["GET /health"], TimeSpan.FromMinutes(3));

    [Test]
    public void It_says_which_tests_and_how_long() =>
        Step.Describe().ShouldBe("smoke test green through the front door: GET /health (in 3 min)");

    [Test]
    public void The_undo_of_the_cutover_is_what_takes_users_back()
    {
        Step.MovesUsers.ShouldBeFalse();
        Step.Undo(StepRig.BlueServes, new DeployOptions()).ShouldBeEmpty();
    }
}
