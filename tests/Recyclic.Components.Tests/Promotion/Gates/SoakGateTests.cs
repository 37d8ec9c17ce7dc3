using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Gates;

public sealed class SoakGateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Release A = Outcomes.Release("a");
    private static readonly Release B = Outcomes.Release("b");

    [Test]
    public void Images_that_ran_long_enough_pass_with_the_time_as_evidence()
    {
        var result = Judge(Noon.AddHours(30), [.. Deployed(A, Noon)]);
        result.Verdict.ShouldBe(GateVerdict.Passed);
        result.Evidence.ShouldBe(
            $"staging ran these images ({A.DigestSet}) for 30 h without an incident, from 2026-03-02 12:00 UTC"
        );
    }

    [Test]
    public void Images_that_have_run_for_less_say_when_they_will_do()
    {
        var result = Judge(Noon.AddHours(23).AddMinutes(59), [.. Deployed(A, Noon)]);
        result.Verdict.ShouldBe(GateVerdict.Failed);
        result.Evidence.ShouldBe("staging has run these images for 23 h 59 min of 24 h");
        result.Next.ShouldBe("Wait until 2026-03-03 12:00 UTC, or use --hotfix \"<why>\".");
    }

    [Test]
    public void Images_that_never_ran_there_are_refused_whatever_their_tag()
    {
        var sameTag = Release.Of("a", new Dictionary<string, ImageRef> { ["api"] = new("shop/api:a", "sha256:other") });
        var result = Judge(Noon.AddHours(30), [.. Deployed(sameTag, Noon)]);
        result.Verdict.ShouldBe(GateVerdict.Failed);
        result.Evidence.ShouldContain("has never run these images");
        result.Evidence.ShouldContain(sameTag.DigestSet);
    }

    [Test]
    public void The_same_content_counts_whatever_each_engine_calls_it()
    {
        var there = Release.Of(
            "a",
            new Dictionary<string, ImageRef>
            {
                ["api"] = new("r.example/api:a", "sha256:id-of-one-engine")
                {
                    RegistryDigest = "r.example/api@sha256:same",
                },
            }
        );
        var here = Release.Of(
            "a",
            new Dictionary<string, ImageRef>
            {
                ["api"] = new("r.example/api:a", "sha256:id-of-another")
                {
                    RegistryDigest = "r.example/api@sha256:same",
                },
            }
        );
        here.DigestSet.ShouldBe(there.DigestSet);
        Judge(Noon.AddHours(30), [.. Deployed(there, Noon)], here).Verdict.ShouldBe(GateVerdict.Passed);
    }

    [Test]
    public void The_time_ends_when_another_release_takes_over()
    {
        Judge(Noon.AddHours(50), [.. Deployed(A, Noon), .. Deployed(B, Noon.AddHours(10))])
            .Verdict.ShouldBe(GateVerdict.Failed);
        Judge(Noon.AddHours(50), [.. Deployed(A, Noon), .. Deployed(B, Noon.AddHours(25))])
            .Verdict.ShouldBe(GateVerdict.Passed);
    }

    [Test]
    public void Deploying_the_same_images_again_does_not_start_the_clock_anew() =>
        Judge(Noon.AddHours(25), [.. Deployed(A, Noon), .. Deployed(A, Noon.AddHours(20))])
            .Verdict.ShouldBe(GateVerdict.Passed);

    [Test]
    public void A_rollback_away_from_it_is_an_incident()
    {
        var result = Judge(
            Noon.AddHours(50),
            [
                .. Deployed(B, Noon.AddHours(-1)),
                .. Deployed(A, Noon),
                .. Deployed(B, Noon.AddHours(30), Operation.Rollback),
            ]
        );
        result.Verdict.ShouldBe(GateVerdict.Failed);
        result.Evidence.ShouldContain("it was taken back at 2026-03-03 18:00 UTC");
    }

    [Test]
    public void A_smoke_test_that_failed_is_an_incident_until_it_passes_again()
    {
        Judge(Noon.AddHours(50), [.. Deployed(A, Noon), Smoke(A, Noon.AddMinutes(1), Outcome.Failed)])
            .Evidence.ShouldContain("its smoke test failed");
        JournalRecord[] mended =
        [
            .. Deployed(A, Noon),
            Smoke(A, Noon.AddMinutes(1), Outcome.Failed),
            Smoke(A, Noon.AddHours(2), Outcome.Success),
        ];
        Judge(Noon.AddHours(25), mended).Evidence.ShouldContain("23 h of 24 h");
        Judge(Noon.AddHours(26), mended).Verdict.ShouldBe(GateVerdict.Passed);
    }

    [Test]
    public void A_deploy_that_was_undone_is_an_incident_of_its_release_and_none_of_the_one_before()
    {
        JournalRecord[] undone =
        [
            .. Deployed(B, Noon.AddHours(-1)),
            Begin(A, Noon, Operation.Deploy),
            Commit(A, Noon),
            Commit(B, Noon.AddMinutes(1)),
        ];
        Judge(Noon.AddHours(50), undone).Evidence.ShouldContain("it was taken back");
        Judge(Noon.AddHours(50), undone, B).Verdict.ShouldBe(GateVerdict.Passed);
    }

    [Test]
    public void A_hotfix_is_waived_with_its_reason() =>
        Judge(Noon, [], hotfix: "checkout is down")
            .ShouldBe(new GateResult("soaked", GateVerdict.Waived, "waived for a hotfix: checkout is down"));

    [Test]
    public void A_staging_that_cannot_be_read_is_no_yes()
    {
        var facts = new GateFacts(
            new DeployEnvironment("production") { PromotesFrom = "staging" },
            Noon,
            "a",
            A.DigestSet
        )
        {
            SourceProblem = "no Docker engine answers",
        };
        var result = new SoakGate(TimeSpan.FromHours(24)).Judge(facts);
        result.Verdict.ShouldBe(GateVerdict.Failed);
        result.Evidence.ShouldContain("no Docker engine answers");
    }

    private static GateResult Judge(
        DateTimeOffset now,
        JournalRecord[] journal,
        Release? release = null,
        string? hotfix = null
    ) =>
        new SoakGate(TimeSpan.FromHours(24)).Judge(
            new GateFacts(
                new DeployEnvironment("production") { PromotesFrom = "staging" },
                now,
                "a",
                (release ?? A).DigestSet
            )
            {
                Source = new Journal([.. journal]),
                Hotfix = hotfix,
            }
        );

    private static JournalRecord[] Deployed(
        Release release,
        DateTimeOffset at,
        Operation operation = Operation.Deploy
    ) =>
        [
            Begin(release, at, operation),
            Commit(release, at),
            new(at, Id(at), JournalKind.End) { Outcome = Outcome.Success },
        ];

    private static JournalRecord Begin(Release release, DateTimeOffset at, Operation operation) =>
        new(at, Id(at), JournalKind.Begin)
        {
            Operation = operation,
            Release = release,
            Slot = Slot.Blue,
        };

    private static JournalRecord Commit(Release release, DateTimeOffset at) =>
        new(at, Id(at), JournalKind.Commit) { Release = release, Slot = Slot.Blue };

    private static JournalRecord Smoke(Release release, DateTimeOffset at, Outcome outcome) =>
        new(at, Id(at), JournalKind.SmokeTest)
        {
            Release = release,
            Outcome = outcome,
            Reason = outcome == Outcome.Failed ? "status 500" : null,
        };

    private static string Id(DateTimeOffset at) => at.ToString("yyyyMMddTHHmmss");
}
