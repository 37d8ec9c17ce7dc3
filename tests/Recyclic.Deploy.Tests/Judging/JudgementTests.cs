using System.Text;
using Recyclic.Deploy.Judging;
using Recyclic.Fuzzing;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>What is recorded is enough to judge once more.</summary>
internal sealed class JudgementTests
{
    private static readonly JudgingPolicy Policy = new() { Routes = ["api-8000"] };

    [TestCase(0.01)]
    [TestCase(0.2)]
    public void A_judgement_that_was_recorded_is_made_once_more_with_the_same_outcome(double errors)
    {
        var traffic = new Simulated(7, new Version(0.01), new Version(errors));
        var known = Evidences.None;
        for (var look = 0; look < 40; look++)
        {
            var step = new CanaryStep(1 + look / 20, look < 20 ? 5 : 25, TimeSpan.FromSeconds(30));
            var interval = traffic.Next(500, step.Share / 100.0, latency: true);
            // The same one comes twice.
            var judged = Judge.Look(Policy, known, step, [interval, interval], null, interval.Until);
            var read = Judgement.Parse(judged.ToJson())!;
            read.ToJson().ShouldBe(judged.ToJson());
            var again = Judge.Again(read);
            again.Verdict.ShouldBe(judged.Verdict);
            again.ToJson().ShouldBe(judged.ToJson());
            known = judged.After;
        }
        known.Breaches.IsEmpty.ShouldBe(errors < 0.1);
    }

    [Test]
    public void A_record_that_was_changed_is_found_out()
    {
        var judged = JudgeTests.Watch(Policy, new CanaryStep(1, 5, TimeSpan.Zero), 5, Bad)[^1];
        judged.Verdict.ShouldBe(Verdict.Breach);
        var forged = Judgement.Parse(judged.ToJson())! with { Verdict = Verdict.Pass, Reasons = [] };
        Judge.Again(forged).Verdict.ShouldBe(Verdict.Breach);

        static Interval Bad(DateTimeOffset at) => JudgeTests.Sample(at, 100, 1900, errors: 30);
    }

    [Test]
    public void A_record_does_not_grow_with_the_length_of_the_canary()
    {
        var traffic = new Simulated(7, new Version(0.01, Spread: 1.5), new Version(0.01, Spread: 1.5));
        var known = Evidences.None;
        var longest = 0;
        for (var look = 0; look < 600; look++)
        {
            var interval = traffic.Next(1000, 0.05, latency: true);
            var judged = Judge.Look(
                Policy,
                known,
                new CanaryStep(1, 5, TimeSpan.Zero),
                [interval],
                null,
                interval.Until
            );
            known = judged.After;
            longest = Math.Max(longest, judged.ToJson().Length);
        }
        longest.ShouldBeLessThan(20_000);
    }

    [Test]
    public void A_spoilt_record_is_none_or_is_judged() =>
        Fuzzer.Run(
            "judgement",
            Corpus.Of("Recyclic.Deploy.Tests", "judgement"),
            json =>
            {
                if (Judgement.Parse(Encoding.UTF8.GetString(json)) is { } read)
                    Judge.Again(read).ToJson();
            },
            _ => false
        );
}
