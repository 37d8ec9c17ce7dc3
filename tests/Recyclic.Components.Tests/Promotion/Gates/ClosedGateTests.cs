using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.Gates.Adapters;
using Recyclic.Components.GitHub;
using Recyclic.Components.Tests.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Gates;

/// <summary>A gate that was not asked, not answered or not understood is shut.</summary>
[CancelAfter(60_000)]
public sealed class ClosedGateTests
{
    private const string Commit = "c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffe";
    private const string Other = "0ff1ce00ff1ce00ff1ce00ff1ce00ff1ce00ff1c";
    private static readonly DeployEnvironment Production = new("production")
    {
        NeedsApproval = true,
        Gates = [new ChecksGate(), new IssuesGate(), new ApproverGate()],
    };

    private static readonly (string Api, string Shut)[] Table =
    [
        ("/check-runs", "checks"),
        ("/statuses", "checks"),
        ("/issues", "issues"),
        ("/approvals", "approver"),
        ("/runs/77", "approver"),
        ("/commits", "approver"),
        ("author=", "approver"),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from row in Table
        from failure in LoopbackGitHub.Failures.Append("no-rights")
        select new TestCaseData(row.Api, failure, row.Shut).SetArgDisplayNames(row.Api, failure);

    [Test]
    public async Task Where_all_is_answered_all_gates_are_open(CancellationToken cancellationToken)
    {
        await using var gitHub = Good();
        var checklist = await ReadAsync(gitHub.Settings(), cancellationToken);
        checklist.Holds.ShouldBeTrue(checklist.ToText());
        checklist.Approve(null).Approver.ShouldBe("ann");
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_gate_whose_question_is_not_answered_is_shut(
        string api,
        string failure,
        string shut,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = Good().Spoil(api, failure);
        var checklist = await ReadAsync(gitHub.Settings(), cancellationToken);
        checklist
            .Results.Where(result => result.Verdict is not GateVerdict.Passed)
            .Select(result => result.Gate)
            .ShouldBe([shut], checklist.ToText());
        checklist.Holds.ShouldBeFalse();
        Should.Throw<ConfigurationException>(() => checklist.Approve(null));
    }

    [Test]
    public async Task Without_a_token_nothing_counts_as_asked(CancellationToken cancellationToken)
    {
        await using var gitHub = Good();
        var checklist = await ReadAsync(gitHub.Settings(token: ""), cancellationToken);
        checklist.Results.ShouldAllBe(result =>
            result.Verdict == GateVerdict.NotAsked || result.Verdict == GateVerdict.Failed
        );
        Should
            .Throw<ConfigurationException>(() => checklist.Approve(null))
            .Problems.Select(problem => problem.Place)
            .ShouldBe(["gate 'checks'", "gate 'issues'", "gate 'approver'"]);
    }

    [TestCase("")]
    [TestCase("ghp_t0ken")]
    public async Task In_a_run_on_GitHub_the_word_of_the_command_line_names_nobody(
        string token,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = Good().Spoil("/approvals", "500");
        var facts = Facts with { Approver = "carl" };
        facts = await new GitHubFacts(gitHub.Settings(token: token), new Impatient()).ReadAsync(
            facts,
            new NewCommits(Commit, null, null),
            cancellationToken
        );
        facts.Approver.ShouldBeNull();
        Should
            .Throw<ConfigurationException>(() => Checklist.Of(facts).Approve("it must go out"))
            .Message.ShouldContain("who reviewed this run, is not known");
    }

    [Test]
    public async Task A_run_that_nobody_had_to_review_has_no_approver_and_says_which_setting_is_missing(
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = Good().With("/approvals", "[]");
        var gate = (await ReadAsync(gitHub.Settings(), cancellationToken)).Results.Single(result =>
            result.Gate == "approver"
        );
        gate.Verdict.ShouldBe(GateVerdict.Failed);
        gate.Evidence.ShouldBe("GitHub names nobody who reviewed this run for production-approval");
        gate.Next.ShouldNotBeNull().ShouldContain("Settings, Environments, production-approval, Required reviewers");
    }

    [Test]
    public async Task An_environment_may_say_that_a_gate_goes_unasked_and_the_record_has_its_reason(
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = Good().Spoil("/check-runs", "500");
        var environment = Production with
        {
            Gates =
            [
                new ChecksGate { MayGoUnasked = "its checks run on another system" },
                new IssuesGate(),
                new ApproverGate(),
            ],
        };
        var checklist = await ReadAsync(gitHub.Settings(), cancellationToken, environment);
        checklist.Results[0].Verdict.ShouldBe(GateVerdict.Waived);
        checklist
            .Approve(null)
            .Evidence[0]
            .ShouldEndWith("may go unasked in production: its checks run on another system");

        gitHub.Spoil("/issues", "500");
        (await ReadAsync(gitHub.Settings(), cancellationToken, environment)).Holds.ShouldBeFalse(
            "it was said of that gate alone"
        );
    }

    [Test]
    public async Task A_gate_that_may_go_unasked_and_was_asked_is_shut_by_what_it_says(
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = Good()
            .With(
                "/check-runs",
                """{"total_count":1,"check_runs":[{"name":"test","status":"completed","conclusion":"failure"}]}"""
            );
        var environment = Production with { Gates = [new ChecksGate { MayGoUnasked = "why" }] };
        (await ReadAsync(gitHub.Settings(), cancellationToken, environment)).Holds.ShouldBeFalse();
    }

    [Test]
    public void A_gate_of_a_team_that_was_not_asked_or_says_what_nobody_knows_is_shut()
    {
        Holds(GateVerdict.NotAsked).ShouldBeFalse();
        Holds((GateVerdict)17).ShouldBeFalse();
        Holds(GateVerdict.Passed).ShouldBeTrue();

        static bool Holds(GateVerdict verdict) =>
            Checklist.Of(Facts with { Environment = Production with { Gates = [new TeamGate(verdict)] } }).Holds;
    }

    [Test]
    public void A_reason_that_is_blank_is_a_mistake() =>
        EnvironmentCheck
            .Mistakes([Production with { Gates = [new ChecksGate { MayGoUnasked = " " }] }])
            .ShouldHaveSingleItem()
            .What.ShouldBe("it may go unasked, and there is no reason");

    private static GateFacts Facts =>
        new(Production, new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), "c0ffee0", "d1") { Authors = ["bob"] };

    private static async Task<Checklist> ReadAsync(
        GitHubSettings settings,
        CancellationToken cancellationToken,
        DeployEnvironment? environment = null
    ) =>
        Checklist.Of(
            await new GitHubFacts(settings, new Impatient()) { AnswerDeadline = TimeSpan.FromSeconds(3) }.ReadAsync(
                Facts with
                {
                    Environment = environment ?? Production,
                },
                new NewCommits(Commit, null, null),
                cancellationToken
            )
        );

    private static LoopbackGitHub Good() =>
        new LoopbackGitHub()
            .With(
                "/check-runs",
                """{"total_count":1,"check_runs":[{"name":"test","status":"completed","conclusion":"success"}]}"""
            )
            .With("/statuses", "[]")
            .With("/issues", "[]")
            .With("/commits", $"[{LoopbackGitHub.Commit(Commit, "bob", coAuthor: "eve@shop.example")}]")
            .With("author=eve", $"[{LoopbackGitHub.Commit(Other, "eve")}]")
            .With("/runs/77", """{"actor":{"login":"bob"},"triggering_actor":{"login":"bob"}}""")
            .With(
                "/approvals",
                """[{"state":"approved","user":{"login":"ann"},"environments":[{"name":"production-approval"}]}]"""
            );

    private sealed record TeamGate(GateVerdict Verdict) : Gate
    {
        public override string Name => "team";

        public override GateResult Judge(GateFacts facts) => new(Name, Verdict, "said so");
    }
}
