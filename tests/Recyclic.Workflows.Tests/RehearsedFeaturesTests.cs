using Recyclic.Build;
using Recyclic.Build.Testing;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// What a definition says of jobs and steps is what a rehearsal does, in a real repository with a stand-in for the
/// build.
/// </summary>
[CancelAfter(240_000)]
public class RehearsedFeaturesTests
{
    private AbsolutePath _root = null!;

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("recyclic-features-").FullName;

    [TearDown]
    public void Clean()
    {
        ShopBuild.Definitions.Value = null;
        Directory.Delete(_root, recursive: true);
    }

    [Test]
    public async Task Steps_have_their_variables_directories_and_conditions_and_hand_on_what_they_set()
    {
        var run = await RehearseAsync(
            b =>
                b.Ci with
                {
                    OnEachRunner = [],
                    Targets = [b.Setup],
                    Env = Env.Of("SHARED", "everywhere"),
                    Places =
                    [
                        new(b.Setup)
                        {
                            Env = Env.None.AndSecret("KEY", "ACME_KEY"),
                            Steps =
                            [
                                Step.Script(
                                    "echo \"here is $(basename \"$PWD\") with $LEVEL and $SHARED\"; echo MADE=it >>\"$GITHUB_ENV\"; mkdir -p \"$HOME_BIN\"; printf '#!/bin/sh\\necho tool ran\\n' >\"$HOME_BIN/own-tool\"; chmod +x \"$HOME_BIN/own-tool\"; echo \"$HOME_BIN\" >>\"$GITHUB_PATH\"; echo \"done=yes\" >>\"$GITHUB_OUTPUT\""
                                ) with
                                {
                                    Id = "make",
                                    WorkingDirectory = "tools",
                                    Env = Env.Of("LEVEL", "2").And("HOME_BIN", "${{ runner.temp }}/bin"),
                                },
                                Step.Script("own-tool; echo \"got $MADE\"") with
                                {
                                    If = "steps.make.outputs.done == 'yes' && env.MADE == 'it'",
                                },
                                Step.Script("echo never") with
                                {
                                    If = "runner.os == 'Windows'",
                                },
                                Step.Script("exit 4") with
                                {
                                    ContinuesOnError = true,
                                },
                            ],
                            StepsAfter =
                            [
                                Step.Script("echo after the build"),
                                Step.Script("echo never") with
                                {
                                    If = "failure()",
                                },
                            ],
                        },
                    ],
                },
            """echo "build has ${KEY:+a key}, ${LEVEL:-no level}, $SHARED, $MADE" """
        );
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("here is tools with 2 and everywhere");
        run.Output.ShouldContain("tool ran");
        run.Output.ShouldContain("got it");
        run.Output.ShouldContain("it failed, and may: ");
        run.Output.ShouldContain("build has a key, no level, everywhere, it");
        run.Output.ShouldContain("\nafter the build");
        run.Output.Split('\n').ShouldNotContain("never");
    }

    [Test]
    public async Task A_jobs_condition_decides_and_what_nobody_knows_is_said()
    {
        var run = await RehearseAsync(
            b =>
                b.Ci with
                {
                    OnEachRunner = [],
                    Targets = [b.Setup],
                    Places =
                    [
                        new(b.Setup)
                        {
                            If =
                                "github.repository_owner == 'acme' && github.event_name == 'push' && startsWith(github.ref, 'refs/heads/')",
                        },
                    ],
                },
            "echo built",
            "GITHUB_REPOSITORY",
            "acme/shop"
        );
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("setup      success");
        var other = await RehearseAsync(
            b =>
                b.Ci with
                {
                    OnEachRunner = [],
                    Targets = [b.Setup],
                    Places = [new(b.Setup) { If = "github.repository_owner == 'acme'" }],
                },
            "echo built",
            "GITHUB_REPOSITORY",
            "fork/shop"
        );
        other.Output.ShouldContain("setup      skipped: if: ${{ github.repository_owner == 'acme' }}");
        var unknown = await RehearseAsync(
            b =>
                b.Ci with
                {
                    OnEachRunner = [],
                    Targets = [b.Setup],
                    Places = [new(b.Setup) { If = "github.event.label.name == 'x'" }],
                },
            "echo built"
        );
        unknown.ExitCode.ShouldBe(1);
        unknown.Output.ShouldContain(
            "its condition asks for github.event.label.name, which a rehearsal does not know: take the job as done with --rehearse-skip"
        );
    }

    [Test]
    public async Task A_job_that_may_fail_fails_nothing_else_and_a_called_workflow_is_said_not_to_be_rehearsed()
    {
        var run = await RehearseAsync(
            b =>
                b.Ci with
                {
                    Targets = [b.Setup, b.Report],
                    OnEachRunner = [],
                    Places =
                    [
                        new(b.Setup) { ContinuesOnError = true, Services = [new("db", new("postgres:17"))] },
                        new(b.Report),
                    ],
                    Calls = [new("docs", "./.github/workflows/docs.yml") { Before = [b.Report] }],
                },
            """case " $* " in *" Setup "*) exit 3 ;; esac; echo packed"""
        );
        run.Output.ShouldContain("postgres:17: not started here");
        run.Output.ShouldContain("setup      success: failed, and may: ");
        run.Output.ShouldContain(
            "docs       success: ./.github/workflows/docs.yml is a workflow of its own, not rehearsed here"
        );
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
    }

    [Test]
    public async Task A_build_in_a_folder_is_rehearsed_in_the_whole_repository()
    {
        var build = _root / "services" / "shop";
        build.CreateDirectory();
        ShopBuild.Definitions.Value = b => [b.Production with { WorkingDirectory = "services/shop" }];
        (await new BuildTester { RootDirectory = build }.RunAsync<ShopBuild>("Workflows")).ExitCode.ShouldBe(0);
        File.Exists(_root / ".github" / "workflows" / "production.yml").ShouldBeTrue();
        File.WriteAllText(
            build / "build.sh",
            """
            #!/usr/bin/env bash
            echo "ran $(basename "$PWD") $*"
            mkdir -p output .nuke/temp/test-results; touch output/shop.nupkg .nuke/temp/test-results/a.trx
            case " $* " in
              *PushImages*) echo "Digests=api@sha256:1" >>"$GITHUB_OUTPUT" ;;
              *AtomicDeploy*) echo "found $(ls output/*.nupkg)" ;;
            esac
            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(build / "build.sh", (UnixFileMode)0b111_101_101);
        await CommittedBuild.CommitAsync(_root, "exit 9\n");
        var run = await new BuildTester { RootDirectory = build }.RunAsync<ShopBuild>(
            "Workflows",
            "--rehearse",
            "production",
            "--rehearse-approve",
            "production-approval"
        );
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("ran shop Setup AtomicDeploy");
        run.Output.ShouldContain("found output/shop.nupkg");
        var wrong = _root / "elsewhere";
        wrong.CreateDirectory();
        var elsewhere = await new BuildTester { RootDirectory = wrong }.RunAsync<ShopBuild>("Workflows");
        elsewhere.ExitCode.ShouldBe(2);
        elsewhere.Output.ShouldContain(
            "WorkingDirectory of the workflows is 'services/shop', and the root of the build is "
        );
    }

    [Test]
    public async Task Two_builds_of_one_repository_leave_each_others_files_alone()
    {
        (await WriteAsync("services/shop", "shop")).ExitCode.ShouldBe(0);
        (await WriteAsync("services/desk", "desk")).ExitCode.ShouldBe(0);
        (await WriteAsync("services/shop", "shop-2")).ExitCode.ShouldBe(0);
        Directory
            .GetFiles(_root / ".github" / "workflows")
            .Select(Path.GetFileName)
            .Order()
            .ShouldBe(["desk.yml", "shop-2.yml"]);
    }

    private Task<BuildTestRun> WriteAsync(string directory, string name)
    {
        ShopBuild.Definitions.Value = b => [b.Ci with { Name = name, WorkingDirectory = directory }];
        var build = _root / directory;
        build.CreateDirectory();
        return new BuildTester { RootDirectory = build }.RunAsync<ShopBuild>("Workflows");
    }

    private async Task<BuildTestRun> RehearseAsync(
        Func<ShopBuild, Workflow> definition,
        string script,
        string variable = "ACME_KEY",
        string value = "s3cret-of-acme"
    )
    {
        ShopBuild.Definitions.Value = b => [definition(b)];
        (
            await new BuildTester { RootDirectory = _root }.RunAsync<ShopBuild>("Workflows", "--overwrite")
        ).ExitCode.ShouldBe(0);
        Directory.CreateDirectory(_root / "tools");
        File.WriteAllText(_root / "tools" / "kept", $"{Guid.NewGuid()}");
        await CommittedBuild.CommitAsync(_root, $"#!/usr/bin/env bash\n{script}\n");
        return await new BuildTester
        {
            RootDirectory = _root,
            Environment = { [variable] = value },
        }.RunAsync<ShopBuild>("Workflows", "--rehearse", "ci");
    }
}
