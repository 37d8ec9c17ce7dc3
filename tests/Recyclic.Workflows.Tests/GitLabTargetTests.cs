using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.GitLab;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// The target Workflows where GitLab is switched on: files, and a rehearsal in a real repository with a stand-in for
/// the build.
/// </summary>
[CancelAfter(240_000)]
public class GitLabTargetTests
{
    private AbsolutePath _root = null!;

    private string GitLabFile => _root / GitLabCi.File;

    [SetUp]
    public async Task GenerateAsync()
    {
        _root = Directory.CreateTempSubdirectory("recyclic-gitlab-").FullName;
        (await RunAsync([])).ExitCode.ShouldBe(0);
    }

    [TearDown]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task The_file_is_written_beside_the_others_and_checked_with_them()
    {
        Directory.GetFiles(_root / ".github" / "workflows").Length.ShouldBe(5);
        (await RunAsync(["--check"])).ExitCode.ShouldBe(0);
        File.AppendAllText(GitLabFile, "# mine\n");
        var run = await RunAsync(["--check"]);
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(".gitlab-ci.yml was generated, and edited by hand afterwards");
        (await RunAsync([])).ExitCode.ShouldBe(2);
        (await RunAsync(["--overwrite"])).ExitCode.ShouldBe(0);
        File.ReadAllText(GitLabFile).ShouldNotContain("# mine");
    }

    [Test]
    public async Task Where_it_is_not_switched_on_there_is_no_file_and_one_that_was_generated_is_deleted()
    {
        (await RunAsync([], [new GitHubActions()])).ExitCode.ShouldBe(0);
        File.Exists(GitLabFile).ShouldBeFalse();
        (await RunAsync(["--check"], [new GitHubActions()])).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_file_that_somebody_wrote_is_left_alone_where_it_is_not_switched_on_and_not_overwritten_where_it_is()
    {
        File.WriteAllText(GitLabFile, "mine: {}\n");
        (await RunAsync([], [new GitHubActions()])).ExitCode.ShouldBe(0);
        (await RunAsync([])).ExitCode.ShouldBe(2);
        File.ReadAllText(GitLabFile).ShouldBe("mine: {}\n");
    }

    [Test]
    public async Task The_pipeline_is_rehearsed_up_to_its_gate_with_outputs_and_files()
    {
        await MakeRepositoryAsync();
        var run = await RunAsync(["--rehearse", "gitlab:production"]);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("ran Setup DeployStaging --skip --environment staging");
        run.Output.ShouldContain(
            "It stopped at the gate of production-approval; to go on: --rehearse-approve production-approval"
        );
        run.Output.ShouldNotContain("ran Setup AtomicDeploy");
        run.Output.ShouldContain("password is ***");
        (run.Output + run.Error).ShouldNotContain("registry-s3cret");
    }

    [Test]
    public async Task After_the_approval_a_deploy_that_fails_is_rescued_and_reported()
    {
        await MakeRepositoryAsync();
        var run = await RunAsync(["--rehearse", "gitlab:production", "--rehearse-approve", "production-approval"]);
        run.ExitCode.ShouldBe(1, run.Output + run.Error);
        run.Output.ShouldContain("found output/shop.nupkg");
        run.Output.ShouldContain("ran Setup Recover --skip --environment=production");
        run.Output.ShouldContain("the rehearsal of production failed");
        run.Output.ShouldContain("ended with exit code 3");
    }

    [Test]
    public async Task What_the_form_asks_for_is_an_input_and_one_that_is_required_is_missed()
    {
        await MakeRepositoryAsync();
        var missing = await RunAsync(["--rehearse", "gitlab:hotfix"]);
        missing.ExitCode.ShouldBe(2);
        missing.Output.ShouldContain("hotfix requires the input RECYCLIC_TAG");
        var run = await RunAsync(["--rehearse", "gitlab:rollback", "--rehearse-input", "RECYCLIC_TAG=abc1234"]);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("tag abc1234, hotfix unset");
    }

    [Test]
    public async Task A_workflow_that_is_not_there_is_refused_with_those_that_are()
    {
        await MakeRepositoryAsync();
        var run = await RunAsync(["--rehearse", "gitlab:prod"]);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain(
            "there is no workflow prod in .gitlab-ci.yml, only ci, staging, production, hotfix, rollback"
        );
    }

    [Test]
    public async Task The_samples_own_pipeline_is_rehearsed()
    {
        await MakeRepositoryAsync(await GitLabFileTests.SampleFileAsync());
        var staging = await new BuildTester { RootDirectory = _root }.RunAsync<global::Build>(
            "Workflows",
            "--rehearse",
            "gitlab:staging"
        );
        staging.ExitCode.ShouldBe(0, staging.Output + staging.Error);
        staging.Output.ShouldContain("ran Setup DeployStaging --skip --environment staging");
        var production = await new BuildTester { RootDirectory = _root }.RunAsync<global::Build>(
            "Workflows",
            "--rehearse",
            "gitlab:production"
        );
        production.Output.ShouldContain("It stopped at the gate of production-approval");
    }

    private async Task MakeRepositoryAsync(string? pipeline = null)
    {
        if (pipeline is not null)
            await File.WriteAllTextAsync(GitLabFile, pipeline);
        await CommittedBuild.CommitAsync(
            _root,
            """
            #!/usr/bin/env bash
            echo "ran $*"
            [ "$GITLAB_CI" = true ] && [ -z "${GITHUB_ACTIONS:-}" ] || exit 9
            case " $* " in
              *" Pack "*) mkdir -p output; touch output/shop.nupkg ;;
              *PushImages*) echo "password is ${REGISTRY_PASSWORD:-}"; mkdir -p .nuke/temp; echo "RECYCLIC_OUTPUT_DIGESTS=api@sha256:1" >"$RECYCLIC_OUTPUTS_FILE" ;;
              *DeployStaging*) [ "$RECYCLIC_OUTPUT_DIGESTS" = api@sha256:1 ] ;;
              *Rollback*) echo "tag $RECYCLIC_TAG, hotfix ${RECYCLIC_HOTFIX-unset}" ;;
              *AtomicDeploy*) echo "found $(ls output/*.nupkg)"; exit 3 ;;
            esac
            """
        );
    }

    private async Task<BuildTestRun> RunAsync(string[] arguments, ImmutableArray<ICiSystem>? systems = null)
    {
        ShopBuild.Systems.Value = systems ?? [new GitHubActions(), GitLabFileTests.System];
        var run = await new BuildTester
        {
            RootDirectory = _root,
            Environment = { ["REGISTRY_PASSWORD"] = "registry-s3cret", ["DEPLOY_KEY"] = "deploy-s3cret" },
        }.RunAsync<ShopBuild>(["Workflows", .. arguments]);
        ShopBuild.Systems.Value = null;
        return run;
    }
}
