using Recyclic.Build;
using Recyclic.Build.Testing;

namespace Recyclic.Workflows.Tests;

/// <summary>The option --rehearse on generated files and a real repository, with a stand-in for the build.</summary>
[CancelAfter(240_000)]
public class RehearseTargetTests
{
    private AbsolutePath _root = null!;

    [SetUp]
    public async Task MakeRepositoryAsync()
    {
        _root = Directory.CreateTempSubdirectory("recyclic-rehearse-").FullName;
        (await RunAsync()).ExitCode.ShouldBe(0);
        await CommittedBuild.CommitAsync(
            _root,
            """
            #!/usr/bin/env bash
            echo "ran $*"
            mkdir -p output .nuke/temp/test-results; touch output/shop.nupkg .nuke/temp/test-results/a.trx
            [ -f .nuke/temp/build/1/build.dll ] && [ -f .nuke/temp/build/1.content ] && [ ! -e .nuke/temp/build/1.inputs ] && echo "the build came along"
            mkdir -p .nuke/temp/build/1; touch .nuke/temp/build/1/build.dll .nuke/temp/build/1.content .nuke/temp/build/1.inputs
            case " $* " in
              *PushImages*) echo "password is $REGISTRY_PASSWORD"; echo "Digests=api@sha256:1" >>"$GITHUB_OUTPUT" ;;
              *DeployStaging*) [ -z "${REGISTRY_PASSWORD:-}" ] && [ "$RECYCLIC_OUTPUT_DIGESTS" = api@sha256:1 ] && [ "$STAGING_HOST" = staging ] ;;
              *AtomicDeploy*) exit 3 ;;
            esac
            """
        );
    }

    [TearDown]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task The_generated_pipeline_runs_up_to_its_gate_and_its_secret_is_not_printed()
    {
        var run = await RunAsync("--rehearse", "production");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        // The variable STAGING_HOST has the value staging: it is no secret, and is not hidden.
        run.Output.ShouldContain("ran Setup DeployStaging --skip --environment staging");
        run.Output.ShouldContain(
            "It stopped at the gate of production-approval; to go on: --rehearse-approve production-approval"
        );
        run.Output.ShouldNotContain("AtomicDeploy --skip");
        run.Output.ShouldContain("password is ***");
        (run.Output + run.Error).ShouldNotContain("registry-s3cret");
    }

    [Test]
    public async Task After_the_approval_a_deploy_that_fails_is_rescued_and_reported()
    {
        var run = await RunAsync("--rehearse", "production", "--rehearse-approve", "production-approval");
        run.ExitCode.ShouldBe(1, run.Output + run.Error);
        run.Output.ShouldContain("ran Setup Recover --skip --environment=production");
        run.Output.ShouldContain("the rehearsal of production failed");
        run.Output.ShouldContain("ended with exit code 3");
    }

    [TestCase("staging", "test", 3, 2)]
    [TestCase("rollback", "recover", 2, 0)]
    public async Task Jobs_behind_the_first_take_the_build_that_it_has_compiled(
        string workflow,
        string skipped,
        int jobs,
        int taken
    )
    {
        var run = await RunAsync("--rehearse", workflow, "--rehearse-skip", skipped);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        Times("ran ").ShouldBe(jobs);
        Times("the build came along").ShouldBe(taken, run.Output);

        int Times(string text) => run.Output.Split(text).Length - 1;
    }

    [Test]
    public async Task A_job_that_is_taken_as_done_is_not_run()
    {
        var run = await RunAsync("--rehearse", "staging", "--rehearse-skip", "test");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldNotContain("Test --skip");
        run.Output.ShouldContain("success: taken as done, not rehearsed");
    }

    [Test]
    public async Task What_the_caller_has_not_set_is_named()
    {
        var run = await RunAsync("--rehearse", "staging", "--rehearse-skip", "test");
        run.Output.ShouldContain("Secrets that are not set here, and so empty for the jobs: SLACK_WEBHOOK");
        run.Output.ShouldNotContain("Variables that are not set here");
    }

    [Test]
    public async Task A_workflow_that_is_not_there_is_refused_with_those_that_are()
    {
        var run = await RunAsync("--rehearse", "prod");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("there is no workflow prod, only ci, hotfix, production, rollback, staging");
    }

    [Test]
    public async Task A_dry_run_names_the_commands_and_runs_none()
    {
        var run = await RunAsync("--rehearse", "production", "--dry-run");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("would run atomic-deploy: ");
        run.Output.ShouldNotContain("ran Setup");
    }

    private Task<BuildTestRun> RunAsync(params string[] arguments) =>
        new BuildTester
        {
            RootDirectory = _root,
            Environment =
            {
                ["REGISTRY_PASSWORD"] = "registry-s3cret",
                ["DEPLOY_KEY"] = "deploy-s3cret",
                ["STAGING_HOST"] = "staging",
            },
        }.RunAsync<ShopBuild>(["Workflows", .. arguments]);
}
