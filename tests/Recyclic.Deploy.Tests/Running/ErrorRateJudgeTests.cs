namespace Recyclic.Deploy.Tests.Running;

internal sealed class ErrorRateJudgeTests
{
    private static readonly CanaryStage Stage = new("shop", Slot.Green, 5, TimeSpan.FromMinutes(5), TimeSpan.Zero);

    [Test]
    public async Task Too_few_requests_are_never_a_pass() =>
        (await JudgeAsync(green: 19, greenFailed: 0, blue: 400, blueFailed: 0)).Answer.ShouldBe(CanaryAnswer.Hold);

    [Test]
    public async Task As_good_as_the_other_is_good_enough() =>
        (await JudgeAsync(green: 100, greenFailed: 5, blue: 1000, blueFailed: 50)).ShouldBe(
            new CanaryVerdict(
                CanaryAnswer.Pass,
                "5 of 100 requests to the new release failed (5%), 50 of 1000 beside it (5%)"
            )
        );

    [Test]
    public async Task Worse_is_a_breach_as_soon_as_it_is_seen() =>
        (await JudgeAsync(green: 10, greenFailed: 5, blue: 100, blueFailed: 0)).Answer.ShouldBe(CanaryAnswer.Breach);

    [Test]
    public async Task Another_share_is_judged_by_its_own_requests()
    {
        var judge = Judge(green: 10, greenFailed: 10, blue: 100, blueFailed: 0);
        judge.Begin(Stage with { Percent = 25 });
        (await judge.JudgeAsync(Stage, CancellationToken.None)).Answer.ShouldBe(CanaryAnswer.Hold);
    }

    [TestCase("green-api-8000", Slot.Green)]
    [TestCase("blue-api-8000-pass", Slot.Blue)]
    [TestCase("assets-green-web-80", Slot.Green)]
    [TestCase("nowhere", null)]
    [TestCase("newest-80", null)]
    public void A_line_tells_who_answered(string backend, Slot? slot) =>
        ErrorRateJudge.SlotOf(Line(backend, 200)).ShouldBe(slot);

    private static Task<CanaryVerdict> JudgeAsync(int green, int greenFailed, int blue, int blueFailed) =>
        Judge(green, greenFailed, blue, blueFailed).JudgeAsync(Stage, CancellationToken.None);

    private static ErrorRateJudge Judge(int green, int greenFailed, int blue, int blueFailed)
    {
        var judge = new ErrorRateJudge();
        judge.Begin(Stage);
        foreach (
            var (backend, all, failed) in new[]
            {
                ("green-api-80", green, greenFailed),
                ("blue-api-80", blue, blueFailed),
            }
        )
            for (var request = 0; request < all; request++)
                judge.Hear(Line(backend, request < failed ? 500 : 200));
        judge.Hear("[NOTICE] (1) : New worker (9) forked");
        return judge;
    }

    private static string Line(string backend, int status) =>
        $$"""{"ms":1,"backend":"{{backend}}","status":{{status}},"end":"--","total":1,"connect":0,"response":1,"retries":"0","client":"10.0.0.1","held":0}""";
}
