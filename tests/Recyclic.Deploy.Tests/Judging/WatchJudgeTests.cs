namespace Recyclic.Deploy.Tests.Judging;

/// <summary>The judge of a release that all users have, by what the edge's log says and has said.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WatchJudgeTests
{
    private static readonly CanaryStage Stage = new("store", Slot.Green, 100, TimeSpan.FromMinutes(30), TimeSpan.Zero);

    private readonly MemoryClock _clock = new();
    private readonly WatchJudge _judge;

    public WatchJudgeTests()
    {
        _judge = new WatchJudge(_clock);
        _judge.Begin(Stage);
    }

    [Test]
    public async Task One_that_is_as_the_hour_before_is_no_breach_in_half_an_hour()
    {
        Remember(3600, requests: 20, failingEvery: 100);
        (await SecondsAsync(1800, requests: 20, failingEvery: 100)).Answer.ShouldNotBe(CanaryAnswer.Breach);
    }

    [Test]
    public async Task Eight_percent_of_errors_that_begin_after_a_minute_are_found_within_the_interval()
    {
        Remember(3600, requests: 100);
        await SecondsAsync(60, requests: 100);
        var begun = _clock.GetUtcNow();
        var verdict = await SecondsAsync(60, requests: 100, failingEvery: 12);
        (verdict.Answer, verdict.Trigger).ShouldBe((CanaryAnswer.Breach, "high_error_rate"));
        (_clock.GetUtcNow() - begun).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(15));
    }

    [Test]
    public async Task Without_an_hour_before_the_limits_judge()
    {
        var verdict = await SecondsAsync(120, requests: 100, failingEvery: 5);
        verdict.Trigger.ShouldBe("high_error_rate", verdict.Reason);
    }

    [Test]
    public async Task Answers_that_take_longer_than_before_are_high_response_time()
    {
        Remember(3600, requests: 100, milliseconds: 20);
        (await SecondsAsync(120, requests: 100, milliseconds: 400)).Trigger.ShouldBe("high_response_time");
    }

    [Test]
    public async Task Fewer_people_than_before_are_no_breach_since_they_come_and_go_by_themselves()
    {
        Remember(3600, requests: 200);
        (await SecondsAsync(1200, requests: 60)).Answer.ShouldNotBe(CanaryAnswer.Breach);
    }

    private void Remember(int seconds, int requests, int failingEvery = 0, int milliseconds = 11)
    {
        var from = _clock.GetUtcNow() - TimeSpan.FromSeconds(seconds + 60);
        for (var second = 0; second < seconds; second++)
        for (var request = 0; request < requests; request++)
            _judge.Remember(from.AddSeconds(second), Line("blue-api-80", Fails(second, request), milliseconds));

        bool Fails(int second, int request) => failingEvery > 0 && (second * requests + request) % failingEvery == 0;
    }

    private async Task<CanaryVerdict> SecondsAsync(
        int seconds,
        int requests,
        int failingEvery = 0,
        int milliseconds = 11
    )
    {
        CanaryVerdict verdict = new(CanaryAnswer.Hold, "");
        for (var second = 0; second < seconds && verdict.Answer != CanaryAnswer.Breach; second++)
        {
            for (var request = 0; request < requests; request++)
                _judge.Hear(
                    Line(
                        "green-api-80",
                        failingEvery > 0 && (second * requests + request) % failingEvery == 0,
                        milliseconds
                    )
                );
            _clock.Advance(TimeSpan.FromSeconds(1));
            verdict = await _judge.JudgeAsync(Stage, CancellationToken.None);
        }
        return verdict;
    }

    private static string Line(string backend, bool fails, int response) =>
        $$"""{"ms":1,"backend":"{{backend}}","status":{{(fails ? 500 : 200)}},"end":"--","total":1,"connect":0,"response":{{response}},"retries":"0","client":"10.0.0.1","held":0}""";
}
