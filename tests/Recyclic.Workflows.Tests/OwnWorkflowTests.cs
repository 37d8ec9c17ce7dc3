using System.Text;
using System.Text.RegularExpressions;
using Recyclic.Processes;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Tests;

/// <summary>The six files of this repository, as GitHub reads them.</summary>
[CancelAfter(240_000)]
public partial class OwnWorkflowTests
{
    private static readonly string Root = FindRoot();

    public static IEnumerable<string> Names() => ["ci", "hotfix", "production", "quality", "rollback", "staging"];

    [Test]
    public void There_are_these_six() =>
        Directory
            .GetFiles(Path.Combine(Root, ".github", "workflows"))
            .Select(Path.GetFileNameWithoutExtension)
            .Order()
            .ShouldBe(Names());

    /// <summary>
    /// What a stolen token or a leaked secret of a job could do is this table, and a change of it is to be seen in a
    /// review.
    /// </summary>
    [Test]
    public void Each_job_may_do_and_sees_no_more_than_this()
    {
        var table = new StringBuilder();
        foreach (var name in Names())
        foreach (var (id, job) in Jobs(name))
            table.Append(
                $"{name} {id}: {string.Join(' ', Map(job["permissions"]).Select(p => $"{p.Key}:{p.Value}"))} | {string.Join(' ', SecretsOf(job))}\n"
            );
        table
            .ToString()
            .ShouldBe(
                """
                ci workflows: contents:read | 
                ci test: contents:read | 
                hotfix workflows: contents:read | 
                hotfix test: contents:read | 
                hotfix images: contents:read | REGISTRY_PASSWORD
                hotfix approve-production: actions:read checks:read contents:read issues:read statuses:read | APPROVAL_SSH_KEY GITHUB_TOKEN REGISTRY_PASSWORD
                hotfix atomic-deploy: actions:read contents:write deployments:write statuses:write | ADMIN_TELEGRAM_IDS DEPLOY_SSH_KEY GITHUB_TOKEN PAGERDUTY_ROUTING_KEY PRODUCTION_POSTGRES_PASSWORD REGISTRY_PASSWORD SLACK_WEBHOOK TELEGRAM_BOT_TOKEN WEBHOOK_URL
                hotfix recover: contents:read | DEPLOY_SSH_KEY PRODUCTION_POSTGRES_PASSWORD REGISTRY_PASSWORD
                production workflows: contents:read | 
                production approve-production: actions:read checks:read contents:read issues:read statuses:read | APPROVAL_SSH_KEY GITHUB_TOKEN REGISTRY_PASSWORD
                production atomic-deploy: actions:read contents:write deployments:write statuses:write | ADMIN_TELEGRAM_IDS DEPLOY_SSH_KEY GITHUB_TOKEN PAGERDUTY_ROUTING_KEY PRODUCTION_POSTGRES_PASSWORD REGISTRY_PASSWORD SLACK_WEBHOOK TELEGRAM_BOT_TOKEN WEBHOOK_URL
                production recover: contents:read | DEPLOY_SSH_KEY PRODUCTION_POSTGRES_PASSWORD REGISTRY_PASSWORD
                quality workflows: contents:read | 
                quality format: contents:read | 
                quality audit: contents:read | 
                rollback workflows: contents:read | 
                rollback rollback: contents:read | ADMIN_TELEGRAM_IDS DEPLOY_SSH_KEY PAGERDUTY_ROUTING_KEY PRODUCTION_POSTGRES_PASSWORD REGISTRY_PASSWORD SLACK_WEBHOOK TELEGRAM_BOT_TOKEN WEBHOOK_URL
                rollback recover: contents:read | DEPLOY_SSH_KEY PRODUCTION_POSTGRES_PASSWORD REGISTRY_PASSWORD
                staging workflows: contents:read | 
                staging test: contents:read | 
                staging images: contents:read | REGISTRY_PASSWORD
                staging deploy-staging: contents:read deployments:write statuses:write | ADMIN_TELEGRAM_IDS DEPLOY_SSH_KEY GITHUB_TOKEN PAGERDUTY_ROUTING_KEY REGISTRY_PASSWORD SLACK_WEBHOOK STAGING_POSTGRES_PASSWORD TELEGRAM_BOT_TOKEN WEBHOOK_URL
                staging recover: contents:read | DEPLOY_SSH_KEY REGISTRY_PASSWORD STAGING_POSTGRES_PASSWORD

                """
            );
    }

    [TestCaseSource(nameof(Names))]
    public void The_file_gives_nothing_to_all_jobs_and_each_step_its_own(string name)
    {
        var root = Invariants.Root(Text(name));
        Map(root["permissions"]).ShouldBeEmpty();
        root.Children.ContainsKey("env").ShouldBeFalse();
        foreach (var (id, job) in Jobs(name))
        {
            job.ShouldNotContainKey("env", id);
            // A secret is under its own name, in the step that runs the build; nowhere else is one.
            var inSteps = Steps(job)
                .Where(step => step.ContainsKey("run"))
                .SelectMany(step => Map(step.GetValueOrDefault("env")))
                .Count(entry => entry.Value.ToString() == $"${{{{ secrets.{entry.Key} }}}}");
            SecretsOf(job).Count.ShouldBe(inSteps, id);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Each_job_runs_one_command_that_no_value_is_spliced_into(string name)
    {
        foreach (var (id, job) in Jobs(name))
            Steps(job)
                .Where(step => step.ContainsKey("run"))
                .Select(step => step["run"].ToString())
                .ShouldHaveSingleItem(id)
                .ShouldMatch(
                    @"^exec \./build\.sh [A-Z][A-Za-z ]*( --(skip|check|yes|environment (staging|production)))+$"
                );
    }

    [TestCaseSource(nameof(Names))]
    public void Each_job_ends_in_time_and_each_action_is_a_commit(string name)
    {
        foreach (var (id, job) in Jobs(name))
        {
            int.Parse(job["timeout-minutes"].ToString(), System.Globalization.CultureInfo.InvariantCulture)
                .ShouldBeInRange(1, 60, id);
            Steps(job)
                .Where(step => step.ContainsKey("uses"))
                .ShouldAllBe(step => Pinned().IsMatch(step["uses"].ToString()));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void The_first_job_checks_the_files_and_only_a_rollback_does_not_wait_for_it(string name)
    {
        var jobs = Jobs(name);
        jobs[0].Id.ShouldBe("workflows");
        Steps(jobs[0].Job)
            .Single(step => step.ContainsKey("run"))["run"]
            .ToString()
            .ShouldBe("exec ./build.sh Workflows --check");
        foreach (var (id, job) in jobs.Skip(1))
            job.ContainsKey("needs").ShouldBe(id != "rollback", id);
    }

    [TestCaseSource(nameof(Names))]
    public void Jobs_that_change_a_host_queue_up_are_never_cancelled_and_read_no_cache(string name)
    {
        foreach (var (id, job) in Jobs(name))
        {
            var changes = id is "deploy-staging" or "atomic-deploy" or "rollback";
            job.ContainsKey("concurrency").ShouldBe(changes, id);
            if (changes)
                Map(job["concurrency"])["cancel-in-progress"].ToString().ShouldBe("false", id);
            if (job.ContainsKey("environment"))
                Steps(job)
                    .ShouldAllBe(step =>
                        !step.ContainsKey("uses")
                        || !step["uses"].ToString().StartsWith("actions/cache@", StringComparison.Ordinal)
                    );
        }
    }

    [TestCase(
        "staging",
        "deploy-staging",
        "RECYCLIC_OUTPUT_RELEASE_DIGESTS",
        "${{ needs.images.outputs.ReleaseDigests }}"
    )]
    [TestCase(
        "hotfix",
        "approve-production",
        "RECYCLIC_OUTPUT_RELEASE_DIGESTS",
        "${{ needs.images.outputs.ReleaseDigests }}"
    )]
    [TestCase(
        "hotfix",
        "atomic-deploy",
        "RECYCLIC_OUTPUT_APPROVED_DIGESTS",
        "${{ needs.approve-production.outputs.ApprovedDigests }}"
    )]
    [TestCase(
        "production",
        "atomic-deploy",
        "RECYCLIC_OUTPUT_APPROVED_DIGESTS",
        "${{ needs.approve-production.outputs.ApprovedDigests }}"
    )]
    public void Digests_go_from_the_job_that_knows_them_to_the_one_that_deploys_them(
        string name,
        string job,
        string variable,
        string value
    ) => Map(Steps(Jobs(name).Single(j => j.Id == job).Job)[^1]["env"])[variable].ToString().ShouldBe(value);

    [Test]
    public void Production_is_behind_a_gate_of_its_own_and_builds_nothing()
    {
        foreach (var name in new[] { "production", "hotfix" })
        {
            var jobs = Jobs(name).ToDictionary(job => job.Id, job => job.Job);
            Map(jobs["approve-production"]["environment"])["name"].ToString().ShouldBe("production-approval");
            jobs["atomic-deploy"]["environment"].ToString().ShouldBe("production");
            jobs["atomic-deploy"]["needs"].ToString().ShouldContain("approve-production");
        }
        Text("production").ShouldNotContain("BuildImages");
    }

    [Test]
    public async Task The_build_says_that_they_are_as_defined_and_shows_what_is_not(CancellationToken cancellationToken)
    {
        var copy = Directory.CreateTempSubdirectory("recyclic-own-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(copy, ".nuke"));
            Directory.CreateDirectory(Path.Combine(copy, ".github", "workflows"));
            foreach (var name in Names())
                File.Copy(FileOf(name), Path.Combine(copy, ".github", "workflows", name + ".yml"));
            var good = await CheckAsync();
            good.ExitCode.ShouldBe(0, good.StandardOutput + good.StandardError);
            good.StandardOutput.ShouldContain("6 workflows are as the build defines them.");
            var production = Path.Combine(copy, ".github", "workflows", "production.yml");
            File.WriteAllText(
                production,
                File.ReadAllText(production)
                    .Replace("cancel-in-progress: false", "cancel-in-progress: true", StringComparison.Ordinal)
            );
            var bad = await CheckAsync();
            bad.ExitCode.ShouldBe(1, bad.StandardOutput + bad.StandardError);
            bad.StandardOutput.ShouldContain("-      cancel-in-progress: true\n+      cancel-in-progress: false\n");
            (bad.StandardOutput + bad.StandardError).ShouldContain(
                "production.yml was generated, and edited by hand afterwards"
            );
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }

        Task<CommandResult> CheckAsync() =>
            new ProcessCommandRunner().RunAsync(
                Command.Of(Path.Combine(Root, "build.sh"), "Workflows", "--check", "--root", copy) with
                {
                    Timeout = TimeSpan.FromMinutes(3),
                },
                cancellationToken
            );
    }

    /// <summary>The texts of all files, for other readers.</summary>
    internal static IEnumerable<(string Path, string Text)> Files() =>
        Names().Select(name => ($".github/workflows/{name}.yml", Text(name)));

    private static List<string> SecretsOf(Dictionary<string, YamlNode> job) =>
        [
            .. Regex
                .Matches(
                    string.Join(
                        '\n',
                        All(
                            new YamlMappingNode(
                                job.Select(entry => KeyValuePair.Create((YamlNode)entry.Key, entry.Value))
                            )
                        )
                    ),
                    @"secrets\.(\w+)"
                )
                .Select(match => match.Groups[1].Value)
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> All(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => map.Children.SelectMany(entry => All(entry.Value)),
            YamlSequenceNode list => list.Children.SelectMany(All),
            _ => [node.ToString()],
        };

    private static List<(string Id, Dictionary<string, YamlNode> Job)> Jobs(string name) =>
        [.. Map(Invariants.Root(Text(name))["jobs"]).Select(job => (job.Key, Map(job.Value)))];

    private static List<Dictionary<string, YamlNode>> Steps(Dictionary<string, YamlNode> job) =>
        [.. ((YamlSequenceNode)job["steps"]).Select(Map)];

    private static Dictionary<string, YamlNode> Map(YamlNode? node) =>
        node is YamlMappingNode map
            ? map.Children.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value)
            : [];

    private static string Text(string name) => File.ReadAllText(FileOf(name)).ReplaceLineEndings("\n");

    private static string FileOf(string name) => Path.Combine(Root, ".github", "workflows", name + ".yml");

    private static string FindRoot()
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(root, "Recyclic.sln")))
            root = Path.GetDirectoryName(root)!;
        return root;
    }

    [GeneratedRegex("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$")]
    private static partial Regex Pinned();
}
