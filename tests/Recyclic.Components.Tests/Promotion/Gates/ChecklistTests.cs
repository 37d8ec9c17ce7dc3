using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Gates;

public sealed class ChecklistTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeployEnvironment Production = new("production")
    {
        NeedsApproval = true,
        Gates = [new ApproverGate(), new ChangelogGate(), new ChecksGate()],
    };
    private static readonly GateFacts Good = new(Production, Noon, "abc1234", "d1")
    {
        Authors = ["bob", "bob@shop.example"],
        Approver = "ann",
        ChangelogHeadings = ["# Changelog", "## [Unreleased]"],
        Checks = new(["test"], [], []),
    };

    [Test]
    public void A_checklist_shows_each_gate_with_its_evidence() =>
        Checklist
            .Of(
                Good with
                {
                    ChangelogHeadings = ["# Changelog"],
                    Checks = null,
                    GitHubProblem = "there is no GITHUB_TOKEN",
                }
            )
            .ToText()
            .ShouldBe(
                """
                abc1234 (d1) to production:
                  [x] approver   ann approves what bob wrote
                  [ ] changelog  no heading of CHANGELOG.md names abc1234 or "Unreleased"
                                 next: Add what is new under "## abc1234".
                  [?] checks     not asked: there is no GITHUB_TOKEN
                                 next: Set GITHUB_TOKEN and GITHUB_REPOSITORY.
                """
            );

    [Test]
    public void An_approval_is_bound_to_images_environment_and_time()
    {
        var approval = Checklist.Of(Good).Approve(null);
        approval.ShouldSatisfyAllConditions(
            () => approval.DigestSet.ShouldBe("d1"),
            () => approval.Environment.ShouldBe("production"),
            () => approval.Approver.ShouldBe("ann"),
            () => approval.ExpiresAt.ShouldBe(Noon.AddHours(24)),
            () => approval.Authors.ShouldBe(["bob", "bob@shop.example"]),
            () => approval.Override.ShouldBeNull(),
            () => approval.Evidence[0].ShouldBe("passed approver: ann approves what bob wrote")
        );
    }

    [Test]
    public void A_gate_that_fails_refuses_the_approval_with_every_reason_at_once()
    {
        var failed = Checklist.Of(Good with { ChangelogHeadings = null, Checks = new([], [], ["test"]) });
        failed.Holds.ShouldBeFalse();
        Should
            .Throw<ConfigurationException>(() => failed.Approve(null))
            .Problems.Select(problem => problem.Place)
            .ShouldBe(["gate 'changelog'", "gate 'checks'"]);
    }

    [Test]
    public void A_reason_passes_over_gates_and_is_kept() =>
        Checklist
            .Of(Good with { ChangelogHeadings = null })
            .Approve("the docs team is away")
            .Override.ShouldBe("the docs team is away");

    [Test]
    public void A_reason_is_not_kept_where_no_gate_failed() =>
        Checklist.Of(Good).Approve("just in case").Override.ShouldBeNull();

    [Test]
    public void A_hotfix_is_on_the_branch_that_hotfixes_come_from()
    {
        Checklist.Of(Good with { Hotfix = "down" }).ToText().ShouldContain("[x] hotfix     abc1234 is on main");
        var elsewhere = Good with
        {
            Hotfix = "down",
            HotfixProblem = "abc1234 is not on main: a hotfix comes from there alone",
        };
        Should
            .Throw<ConfigurationException>(() => Checklist.Of(elsewhere).Approve(null))
            .Problems.ShouldHaveSingleItem()
            .Place.ShouldBe("gate 'hotfix'");
        Checklist.Of(elsewhere with { Environment = Production with { HotfixBranch = null } }).Holds.ShouldBeTrue();
        Checklist.Of(Good).Results.ShouldNotContain(result => result.Gate == "hotfix");
    }

    [Test]
    public void What_a_reason_passed_over_is_kept_by_name() =>
        Checklist
            .Of(Good with { ChangelogHeadings = null })
            .Approve("the docs team is away")
            .PassedOver.ShouldBe(["changelog"]);

    [Test]
    public void Blank_is_no_reason() =>
        Should.Throw<ConfigurationException>(() => Checklist.Of(Good with { ChangelogHeadings = null }).Approve("  "));

    [TestCase("bob")]
    [TestCase("BOB")]
    [TestCase("bob@laptop")]
    public void The_author_approves_nothing_whatever_the_reason(string approver)
    {
        Checklist.Of(Good with { Approver = approver }).Holds.ShouldBeFalse();
        Should
            .Throw<ConfigurationException>(() => Checklist.Of(Good with { Approver = approver }).Approve("please"))
            .Message.ShouldContain("had a hand in it");
    }

    [TestCase(null)]
    [TestCase(" ")]
    public void Nobody_approves_nothing(string? approver) =>
        Should
            .Throw<ConfigurationException>(() => Checklist.Of(Good with { Approver = approver }).Approve("please"))
            .Message.ShouldContain("--approver");

    [Test]
    public void Only_those_who_may_approve_do()
    {
        var gate = new ApproverGate { Approvers = ["carl"] };
        gate.Judge(Good).Next.ShouldBe("Ask one of: carl.");
        gate.Judge(Good with { Approver = "carl" }).Verdict.ShouldBe(GateVerdict.Passed);
    }

    [Test]
    public void An_unknown_author_is_no_way_round() =>
        new ApproverGate().Judge(Good with { Authors = [] }).Verdict.ShouldBe(GateVerdict.Failed);

    [Test]
    public void The_changelog_names_the_version_as_a_word()
    {
        Judge("## [abc1234] - 2026-03-02").ShouldBe(GateVerdict.Passed);
        Judge("## abc12345").ShouldBe(GateVerdict.Failed);
        Judge("## Unreleased").ShouldBe(GateVerdict.Passed);

        GateVerdict Judge(string heading) =>
            new ChangelogGate().Judge(Good with { ChangelogHeadings = [heading] }).Verdict;
    }

    [TestCase(23, GateVerdict.Passed)]
    [TestCase(25, GateVerdict.Failed)]
    [TestCase(-1, GateVerdict.Failed)]
    public void A_backup_is_young_enough_or_not(int hours, GateVerdict verdict) =>
        new BackupGate("/backups", TimeSpan.FromHours(24))
            .Judge(Good with { NewestBackup = Noon.AddHours(-hours) })
            .Verdict.ShouldBe(verdict);

    [Test]
    public void No_backup_is_no_pass() =>
        new BackupGate("/backups", TimeSpan.FromHours(24))
            .Judge(Good)
            .Evidence.ShouldBe("there is no backup at /backups");

    [Test]
    public void Checks_are_green_only_when_there_are_some_and_all_are()
    {
        Judge(["build"], [], []).ShouldBe(GateVerdict.Passed);
        Judge(["build"], ["test"], []).ShouldBe(GateVerdict.Failed);
        Judge(["build"], [], ["test"]).ShouldBe(GateVerdict.Failed);
        Judge([], [], []).ShouldBe(GateVerdict.Failed);

        GateVerdict Judge(
            ImmutableArray<string> passed,
            ImmutableArray<string> pending,
            ImmutableArray<string> failed
        ) => new ChecksGate().Judge(Good with { Checks = new(passed, pending, failed) }).Verdict;
    }

    [Test]
    public void Urgent_issues_keep_a_release_back_but_not_the_hotfix_that_mends_them()
    {
        new IssuesGate().Judge(Good with { OpenIssues = [] }).Verdict.ShouldBe(GateVerdict.Passed);
        new IssuesGate()
            .Judge(Good with { OpenIssues = ["#7 checkout is down"] })
            .Evidence.ShouldBe("open with P0 or P1: #7 checkout is down");
        new IssuesGate()
            .Judge(Good with { OpenIssues = ["#7 checkout is down"], Hotfix = "mends #7" })
            .Verdict.ShouldBe(GateVerdict.Waived);
    }

    [Test]
    public void The_document_has_every_gate()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(ChecklistJson.Of(Checklist.Of(Good)))!;
        json["holds"]!.GetValue<bool>().ShouldBeTrue();
        json["gates"]!.AsArray().Select(gate => gate!["verdict"]!.ToString()).ShouldBe(["passed", "passed", "passed"]);
    }
}
