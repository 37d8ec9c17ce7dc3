namespace Recyclic.Selftest.Tests;

public sealed class EstimateTests
{
    private static readonly ImmutableArray<SelftestCase> Many =
    [
        .. Enumerable
            .Range(1, 100)
            .Select(number => new SelftestCase(
                CaseFault.Kill,
                new ScenarioPoint(
                    Scenario.Upgrade,
                    new FaultPoint(FaultMoment.Before, JournalKind.StepBegun, number),
                    "gate"
                )
            )),
    ];

    [Test]
    public void More_lanes_shorten_a_run_only_as_long_as_processors_are_left()
    {
        Estimate.Of(Many, 2, 16).ShouldBe(Estimate.Of(Many, 1, 16) / 2);
        Estimate.Of(Many, 16, 2).ShouldBe(Estimate.Of(Many, 8, 2));
        Estimate.Of(Many, 16, 4).ShouldBe(Estimate.Of(Many, 16, 2) / 2);
    }
}
