using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>The judge of canaries that a build has without saying so, by what the edge's log says to it.</summary>
internal sealed class ComparingJudgeTests
{
    private static readonly CanaryStage Stage = new("store", Slot.Green, 10, TimeSpan.FromMinutes(1), TimeSpan.Zero);

    [Test]
    public async Task As_good_as_what_serves_passes_once_it_is_known_and_the_time_is_over()
    {
        var judging = new Judging();
        (await judging.SecondsAsync(30, fresh: 20, serving: 180)).Answer.ShouldBe(CanaryAnswer.Hold);
        var verdict = await judging.SecondsAsync(45, fresh: 20, serving: 180);
        verdict.Answer.ShouldBe(CanaryAnswer.Pass, verdict.Reason);
        verdict.Reason.ShouldMatch("^0 of 1[0-9]{3} requests to the new release failed, 0 of 1[0-9]{4} beside it$");
    }

    [Test]
    public async Task One_that_fails_more_often_is_a_breach_long_before_its_time_is_over()
    {
        var judging = new Judging();
        await judging.SecondsAsync(10, fresh: 20, serving: 180);
        var verdict = await judging.SecondsAsync(30, fresh: 20, serving: 180, failing: 3);
        verdict.Answer.ShouldBe(CanaryAnswer.Breach, verdict.Reason);
        verdict.Reason.ShouldContain("requests to the new release failed, 0 of ");
    }

    [Test]
    public async Task One_that_takes_400_ms_longer_is_a_breach()
    {
        var verdict = await new Judging().SecondsAsync(50, fresh: 40, serving: 360, freshMs: 420, servingMs: 20);
        verdict.Answer.ShouldBe(CanaryAnswer.Breach, verdict.Reason);
    }

    [Test]
    public async Task One_request_a_minute_holds_and_says_why()
    {
        var judging = new Judging();
        CanaryVerdict verdict = new(CanaryAnswer.Pass, "");
        for (var minute = 0; minute < 10; minute++)
        {
            await judging.SecondsAsync(1, fresh: 1, serving: 9);
            verdict = await judging.SecondsAsync(59, fresh: 0, serving: 0);
        }
        verdict.Answer.ShouldBe(CanaryAnswer.Hold);
        // The first second began before the share did, for all that it knows.
        verdict.Reason.ShouldStartWith("the canary had 9 of the 300 requests in this step that it takes");
    }

    [Test]
    public async Task Another_share_is_judged_by_its_own_requests_and_remembers_what_was_found()
    {
        var judging = new Judging();
        (await judging.SecondsAsync(75, fresh: 20, serving: 180)).Answer.ShouldBe(CanaryAnswer.Pass);
        judging.Judge.Begin(Stage with { Percent = 50 });
        var verdict = await judging.SecondsAsync(10, fresh: 10, serving: 10);
        verdict.Answer.ShouldBe(CanaryAnswer.Hold);
        verdict.Reason.ShouldContain("the canary had ");
    }

    [Test]
    public async Task What_is_recorded_gives_the_same_verdict_once_more()
    {
        var judging = new Judging();
        var verdict = await judging.SecondsAsync(75, fresh: 20, serving: 180);
        var record = Judgement.Parse(verdict.Record.ShouldNotBeNull()).ShouldNotBeNull();
        Judge.Again(record).Verdict.ShouldBe(Verdict.Pass);
        verdict.Record.ShouldNotContain("\n");
        verdict.Record.Length.ShouldBeLessThan(20_000);
    }

    private sealed class Judging
    {
        private readonly MemoryClock _clock = new();

        public Judging()
        {
            Judge = new ComparingJudge(_clock);
            Judge.Begin(Stage);
        }

        public ComparingJudge Judge { get; }

        public async Task<CanaryVerdict> SecondsAsync(
            int seconds,
            int fresh,
            int serving,
            int failing = 0,
            int freshMs = 11,
            int servingMs = 11
        )
        {
            CanaryVerdict verdict = new(CanaryAnswer.Hold, "");
            for (var second = 0; second < seconds; second++)
            {
                for (var request = 0; request < fresh; request++)
                    Judge.Hear(Line("green-api-80", request < failing ? 500 : 200, freshMs));
                for (var request = 0; request < serving; request++)
                    Judge.Hear(Line("blue-api-80", 200, servingMs));
                Judge.Hear("[NOTICE] (1) : New worker (9) forked");
                _clock.Advance(TimeSpan.FromSeconds(1));
                verdict = await Judge.JudgeAsync(Stage, CancellationToken.None);
                if (verdict.Answer == CanaryAnswer.Breach)
                    break;
            }
            return verdict;
        }
    }

    private static string Line(string backend, int status, int response) =>
        $$"""{"ms":1,"backend":"{{backend}}","status":{{status}},"end":"--","total":1,"connect":0,"response":{{response}},"retries":"0","client":"10.0.0.1","held":0}""";
}
