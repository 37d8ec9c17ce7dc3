using Recyclic.Components.Environments;
using Recyclic.Components.GitHub.Adapters;
using Recyclic.Components.Tests.Gates;
using Recyclic.Components.Tests.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.GitHub;

/// <summary>
/// Following our own page, production's key lay in an environment that nobody guarded: whoever may push a branch had it
/// by a workflow of their own.
/// </summary>
[CancelAfter(60_000)]
public sealed class ProtectionTests
{
    private const string Reviewed =
        """{"type":"required_reviewers","prevent_self_review":true,"reviewers":[{"type":"User","reviewer":{"login":"ann"}}]}""";
    private const string SelfReviewed =
        """{"type":"required_reviewers","prevent_self_review":false,"reviewers":[{"type":"User","reviewer":{"login":"ann"}}]}""";
    private const string NobodyReviews = """{"type":"required_reviewers","prevent_self_review":true,"reviewers":[]}""";
    private const string ProtectedBranches = """{"protected_branches":true,"custom_branch_policies":false}""";
    private const string NamedBranches = """{"protected_branches":false,"custom_branch_policies":true}""";
    private static readonly DeployEnvironment Production = new("production") { NeedsApproval = true };

    [TestCase(Reviewed, ProtectedBranches, "")]
    [TestCase(Reviewed, NamedBranches, "")]
    [TestCase(Reviewed, "null", "jobs of any branch")]
    [TestCase(SelfReviewed, ProtectedBranches, "let it in themselves")]
    [TestCase(NobodyReviews, ProtectedBranches, "nobody has to review")]
    [TestCase("""{"type":"wait_timer"}""", ProtectedBranches, "nobody has to review|let it in themselves")]
    [TestCase("", "null", "nobody has to review|let it in themselves|jobs of any branch")]
    public async Task Each_protection_that_is_missing_is_named(
        string rule,
        string branches,
        string missing,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub(Environment("production-approval"), Environment("production", rule, branches))
            .With("/deployment-branch-policies", """{"total_count":1,"branch_policies":[{"name":"main"}]}""");
        var problems = await ProblemsAsync(gitHub, cancellationToken);
        problems.Select(problem => problem.What).ShouldAllBe(what => missing.Split('|').Any(what.Contains));
        problems.Length.ShouldBe(missing.Split('|', StringSplitOptions.RemoveEmptyEntries).Length);
        problems.ShouldAllBe(problem => problem.Place == "environment production on GitHub");
        problems.ShouldAllBe(problem => problem.Mend.Contains("Settings, Environments, production,"));
    }

    [TestCase("*")]
    [TestCase("**/*")]
    public async Task A_branch_rule_for_all_branches_is_none(string pattern, CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub(
                Environment("production-approval"),
                Environment("production", Reviewed, NamedBranches)
            )
            .With(
                "/deployment-branch-policies",
                $$$"""{"total_count":1,"branch_policies":[{"name":"{{{pattern}}}"}]}"""
            );
        (await ProblemsAsync(gitHub, cancellationToken)).ShouldHaveSingleItem().What.ShouldContain("any branch");
    }

    [Test]
    public async Task An_environment_that_is_not_there_has_no_protection(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub(Environment("production"));
        (await ProblemsAsync(gitHub, cancellationToken))
            .ShouldHaveSingleItem()
            .Place.ShouldBe("environment production-approval on GitHub");
    }

    [TestCase("unreachable")]
    [TestCase("html")]
    [TestCase("rate-limit")]
    [TestCase("500")]
    [TestCase("nonsense")]
    [TestCase("no-rights")]
    public async Task Where_GitHub_does_not_say_a_deploy_is_refused(string how, CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub(Environment("production-approval"), Environment("production"))
            .Spoil("/environments", how);
        (await ProblemsAsync(gitHub, cancellationToken)).ShouldHaveSingleItem().What.ShouldContain("is not known");
        await using var rules = GitHub(
                Environment("production-approval"),
                Environment("production", Reviewed, NamedBranches)
            )
            .Spoil("/deployment-branch-policies", how);
        (await ProblemsAsync(rules, cancellationToken)).ShouldHaveSingleItem().What.ShouldContain("is not known");
    }

    [Test]
    public async Task Without_a_token_a_run_does_not_deploy(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub();
        (
            await Should.ThrowAsync<ConfigurationException>(() =>
                GitHubEnvironments.RequireAsync(
                    gitHub.Settings(token: ""),
                    TimeProvider.System,
                    Production,
                    cancellationToken
                )
            )
        ).Message.ShouldContain("there is no GITHUB_TOKEN");
    }

    [Test]
    public async Task Outside_a_run_and_for_what_is_not_protected_nobody_is_asked(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub();
        await GitHubEnvironments.RequireAsync(
            gitHub.Settings(isRun: false),
            TimeProvider.System,
            Production,
            cancellationToken
        );
        await GitHubEnvironments.RequireAsync(
            gitHub.Settings(),
            TimeProvider.System,
            new DeployEnvironment("staging"),
            cancellationToken
        );
        gitHub.Asked.ShouldBeEmpty();
    }

    [Test]
    public void Production_is_protected_by_itself_and_others_by_a_word()
    {
        new DeployEnvironment("production").Protected.ShouldBeTrue();
        new DeployEnvironment("staging").Protected.ShouldBeFalse();
        (new DeployEnvironment("staging") with { Protected = true }).Protected.ShouldBeTrue();
    }

    private static async Task<ConfigurationProblem[]> ProblemsAsync(
        LoopbackGitHub gitHub,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await GitHubEnvironments.RequireAsync(gitHub.Settings(), new Impatient(), Production, cancellationToken);
            return [];
        }
        catch (ConfigurationException exception)
        {
            return [.. exception.Problems];
        }
    }

    private static LoopbackGitHub GitHub(params string[] environments) =>
        new LoopbackGitHub().With(
            "/environments",
            $$$"""{"total_count":{{{environments.Length}}},"environments":[{{{string.Join(',', environments)}}}]}"""
        );

    private static string Environment(string name, string rule = Reviewed, string branches = ProtectedBranches) =>
        $$$"""{"name":"{{{name}}}","protection_rules":[{{{rule}}}],"deployment_branch_policy":{{{branches}}}}""";
}
