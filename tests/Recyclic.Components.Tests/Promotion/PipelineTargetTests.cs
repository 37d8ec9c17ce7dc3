using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

/// <summary>Targets of the pipeline as a person calls them. None gets as far as an engine.</summary>
[CancelAfter(30_000)]
public sealed class PipelineTargetTests
{
    [Test]
    public async Task Environments_are_shown_with_secrets_hidden()
    {
        var (exitCode, output, _) = await RunAsync(
            ["Environments"],
            ("STAGING_ENGINE", "ssh://deploy@staging.example"),
            ("DB_PASSWORD", "s3cret")
        );
        exitCode.ShouldBe(0);
        output.ShouldContain("ssh://deploy@staging.example (by STAGING_ENGINE)");
        output.ShouldContain("*** (by DB_PASSWORD)");
        output.ShouldContain("needed, lasts 24 h");
        output.ShouldNotContain("s3cret");
    }

    [Test]
    public async Task A_check_names_everything_that_is_missing_and_ends_with_2()
    {
        var (exitCode, _, error) = await RunAsync(["Environments", "--check", "--environment", "staging"]);
        exitCode.ShouldBe(2);
        error.ShouldContain("the variable STAGING_ENGINE is not set");
        error.ShouldContain("the variable DB_PASSWORD is not set");
        error.ShouldContain("there is no file");
    }

    [TestCase("AtomicDeploy")]
    [TestCase("Status")]
    [TestCase("Logs")]
    [TestCase("Rollback")]
    public async Task An_environment_that_does_not_exist_is_refused_with_those_that_do(string target)
    {
        var (exitCode, _, error) = await RunAsync([target, "--environment", "moon", "--tag", "abc1234"]);
        exitCode.ShouldBe(2);
        error.ShouldContain("this build has no environment moon");
        error.ShouldContain("local, staging, production");
    }

    [TestCase("AtomicDeploy", "staging", "the variable STAGING_ENGINE is not set")]
    [TestCase("DeployStaging", "production", "the variable STAGING_ENGINE is not set")]
    [TestCase("ApproveProduction", "production", "the variable PRODUCTION_ENGINE is not set")]
    public async Task A_target_without_its_engine_says_which_variable_is_missing(
        string target,
        string environment,
        string words
    )
    {
        var (exitCode, _, error) = await RunAsync([target, "--environment", environment, "--tag", "abc1234"]);
        exitCode.ShouldBe(2);
        error.ShouldContain(words);
    }

    [TestCase("--hotfix", " ")]
    [TestCase("--override", "")]
    public async Task A_waiver_needs_a_reason(string option, string reason)
    {
        var (exitCode, _, error) = await RunAsync(
            ["ApproveProduction", "--tag", "abc1234", $"{option}={reason}"],
            ("PRODUCTION_ENGINE", "local")
        );
        exitCode.ShouldBe(2, error);
        error.ShouldContain(option);
    }

    [TestCase("GITHUB_ACTIONS", "true")]
    [TestCase("GITHUB_RUN_ID", "77")]
    public async Task In_a_run_on_GitHub_no_approver_is_taken_from_the_command_line(string variable, string value)
    {
        var (exitCode, _, error) = await RunAsync(
            ["ApproveProduction", "--tag", "abc1234", "--approver", "ann"],
            ("PRODUCTION_ENGINE", "local"),
            (variable, value)
        );
        exitCode.ShouldBe(2, error);
        error.ShouldContain("in a run on GitHub only GitHub names people");
    }

    [TestCase("https://r.example", "has a scheme")]
    [TestCase("ann:pw-123@r.example", "user and password do not belong here")]
    public async Task A_registry_that_cannot_be_is_refused(string registry, string words)
    {
        var (exitCode, _, error) = await RunAsync(["PushImages", "--tag", "abc1234", "--registry", registry]);
        exitCode.ShouldBe(2);
        error.ShouldContain(words);
        error.ShouldNotContain("pw-123");
    }

    [Test]
    public async Task A_push_without_a_registry_says_so_before_anything_is_built_and_asks_for_no_engine()
    {
        var (exitCode, _, error) = await RunAsync([
            "BuildImages",
            "PushImages",
            "--environment",
            "staging",
            "--tag",
            "abc1234",
        ]);
        exitCode.ShouldBe(2);
        error.ShouldContain("there is no registry to push to for staging");
        error.ShouldNotContain("STAGING_ENGINE");
    }

    [Test]
    public async Task Images_of_no_commit_are_refused_as_misuse()
    {
        var (exitCode, _, error) = await RunWithAsync(
            "services: { web: { image: \"team/web:${TAG}\" } }\n",
            ["BuildImages"]
        );
        exitCode.ShouldBe(2);
        error.ShouldContain("is in no git repository whose commit could be the tag");
    }

    [Test]
    public async Task A_user_without_a_password_is_refused()
    {
        var (exitCode, _, error) = await RunAsync([
            "PushImages",
            "--tag",
            "abc1234",
            "--registry",
            "127.0.0.1:1",
            "--registry-user",
            "ann",
        ]);
        exitCode.ShouldBe(2);
        error.ShouldContain("REGISTRY_PASSWORD");
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] arguments,
        params (string Name, string Value)[] variables
    ) => RunWithAsync(null, arguments, variables);

    private static async Task<(int ExitCode, string Output, string Error)> RunWithAsync(
        string? compose,
        string[] arguments,
        params (string Name, string Value)[] variables
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new AbsolutePath(Directory.CreateTempSubdirectory("recyclic-pipeline-").FullName);
        if (compose is not null)
            (root / "docker-compose.yml").WriteAllText(compose);
        try
        {
            var host = new BuildHost
            {
                Output = output,
                Error = error,
                WorkingDirectory = root,
                RootDirectory = root,
                KeepsReports = false,
                Environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value),
            };
            var exitCode = await RecyclicBuild.RunAsync<Pipeline>(arguments, host, CancellationToken.None);
            return (exitCode, output.ToString(), output.ToString() + error);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private sealed class Pipeline
        : RecyclicBuild,
            IPushImages,
            IAtomicDeploy,
            IRollback,
            IInspect,
            ILogs,
            IMaintainEdge,
            IBackup,
            IRemove,
            IEveryday,
            IDeployStaging,
            IApproveProduction,
            IEnvironments,
            IBuildImages
    {
        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
            [
                DeployEnvironment.Local,
                new("staging")
                {
                    Engine = EngineAddress.FromVariable("STAGING_ENGINE"),
                    Secrets = [new("DB_PASSWORD")],
                },
                new("production")
                {
                    Engine = EngineAddress.FromVariable("PRODUCTION_ENGINE"),
                    Project = "shop",
                    PromotesFrom = "staging",
                    NeedsApproval = true,
                    Gates = [new SoakGate(TimeSpan.FromHours(1))],
                },
            ];
    }
}
