using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Tests;

/// <summary>What teams write in workflows is said in the definition, and is in the file as GitHub reads it.</summary>
[CancelAfter(240_000)]
public class SaidTests
{
    private const string Pinned = "owner/report@11bd71901bbe5b1630ceea73d27597364c9af683";

    [Test]
    public async Task A_job_has_a_condition_a_shown_name_a_group_and_may_fail()
    {
        var job = await TestJobAsync(place =>
            place with
            {
                DisplayName = "Tests of ${{ matrix.test-part }}",
                If = "github.repository_owner == 'acme' &&\n!contains(github.event.head_commit.message, '[skip ci]')",
                Concurrency = new("tests-${{ github.ref }}") { CancelsRunning = true },
                ContinuesOnError = true,
                Matrix = [new(nameof(ShopBuild.TestPart), "unit", "end to end")],
            }
        );
        Text(job, "name").ShouldBe("Tests of ${{ matrix.test-part }}");
        Text(job, "if")
            .ShouldBe(
                "${{ github.repository_owner == 'acme' && !contains(github.event.head_commit.message, '[skip ci]') }}"
            );
        job["concurrency"]["group"].ToString().ShouldBe("tests-${{ github.ref }}");
        job["concurrency"]["cancel-in-progress"].ToString().ShouldBe("true");
        Text(job, "continue-on-error").ShouldBe("true");
    }

    [Test]
    public async Task A_matrix_has_combinations_added_and_left_out_and_a_limit()
    {
        var job = await TestJobAsync(place =>
            place with
            {
                Matrix =
                [
                    Axis.Runner(Runners.Ubuntu2404, Runners.Windows2025),
                    new(nameof(ShopBuild.TestPart), "unit", "slow"),
                ],
                Exclude = [Combination.On(Runners.Windows2025).And(nameof(ShopBuild.TestPart), "slow")],
                Include =
                [
                    Combination.On(Runners.MacOS15).And("test-part", "unit"),
                    Combination.Of("test-part", "slow").And(nameof(ShopBuild.Depth), "very-deep"),
                ],
                FailsFast = true,
                MaxParallel = 2,
            }
        );
        var strategy = job["strategy"];
        strategy["fail-fast"].ToString().ShouldBe("true");
        strategy["max-parallel"].ToString().ShouldBe("2");
        strategy["matrix"]["exclude"].ToString().ShouldBe("[ { { runner, windows-2025 }, { test-part, slow } } ]");
        strategy["matrix"]
            ["include"]
            .ToString()
            .ShouldBe(
                "[ { { runner, macos-15 }, { test-part, unit } }, { { depth, very-deep }, { test-part, slow } } ]"
            );
        Text(job, "runs-on").ShouldBe("${{ matrix.runner }}");
        Run(job)["env"]["RECYCLIC_DEPTH"].ToString().ShouldBe("${{ matrix.depth }}");
    }

    [Test]
    public async Task A_matrix_may_be_a_list_of_combinations()
    {
        var job = await TestJobAsync(place =>
            place with
            {
                Include =
                [
                    Combination.On(Runners.Ubuntu2404).And("test-part", "unit"),
                    Combination.On("[self-hosted, linux]").And("test-part", "slow"),
                ],
            }
        );
        job["strategy"]
            ["matrix"]
            .ToString()
            .ShouldBe(
                "{ { include, [ { { runner, ubuntu-24.04 }, { test-part, unit } }, { { runner, [ self-hosted, linux ] }, { test-part, slow } } ] } }"
            );
    }

    [Test]
    public async Task Steps_before_and_after_the_build_have_what_steps_have()
    {
        var job = await TestJobAsync(place =>
            place with
            {
                Steps =
                [
                    Step.Script("echo \"$LEVEL\"\necho end") with
                    {
                        Name = "Warm up",
                        Id = "warm",
                        If = "runner.os == 'Linux'",
                        Env = Env.Of("LEVEL", "${{ inputs.level }}"),
                        Shell = "pwsh",
                        WorkingDirectory = "tools",
                        ContinuesOnError = true,
                        Timeout = TimeSpan.FromSeconds(90),
                    },
                ],
                StepsAfter =
                [
                    new Step(Pinned, "v1.2.3")
                    {
                        If = "always() && steps.warm.outputs.done == 'true'",
                        Env = Env.None.AndSecret("TOKEN", "REPORT_TOKEN"),
                    },
                ],
            }
        );
        var steps = Steps(job);
        var build = steps.FindIndex(step =>
            step.Children.TryGetValue("run", out var run)
            && run.ToString().StartsWith("exec ./build.sh", StringComparison.Ordinal)
        );
        steps[build - 1]
            .ToString()
            .ShouldBe(
                "{ { name, Warm up }, { id, warm }, { if, ${{ runner.os == 'Linux' }} }, { run, echo \"$LEVEL\"\necho end }, { shell, pwsh }, { working-directory, tools }, { continue-on-error, true }, { timeout-minutes, 2 }, { env, { { LEVEL, ${{ inputs.level }} } } } }"
            );
        steps[^1]
            .ToString()
            .ShouldBe(
                "{ { if, ${{ always() && steps.warm.outputs.done == 'true' }} }, { uses, "
                    + Pinned
                    + " }, { env, { { TOKEN, ${{ secrets.REPORT_TOKEN }} } } } }"
            );
        steps[^2]["uses"].ToString().ShouldStartWith("actions/upload-artifact@");
    }

    [Test]
    public async Task A_secret_has_another_name_and_the_step_that_runs_the_build_alone_sees_it()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Staging with
                {
                    Places =
                    [
                        new(b.BuildImages, b.PushImages)
                        {
                            Name = "images",
                            Env = Env
                                .None.AndSecret("REGISTRY_PASSWORD", "ACME_REGISTRY_KEY")
                                .AndVariable("REGION", "ACME_REGION")
                                .And("LEVEL", "it's $5"),
                        },
                    ],
                },
            ]
        );
        error.ShouldBeEmpty();
        var job = Job(files[0].Text, "images");
        Run(job)["env"]
            .ToString()
            .ShouldBe(
                "{ { LEVEL, it's $5 }, { REGION, ${{ vars.ACME_REGION }} }, { REGISTRY_PASSWORD, ${{ secrets.ACME_REGISTRY_KEY }} } }"
            );
        files[0].Text.ShouldNotContain("secrets.REGISTRY_PASSWORD");
        files[0].Text.Split("secrets.ACME_REGISTRY_KEY").Length.ShouldBe(2);
    }

    [Test]
    public async Task A_rescue_sees_of_renamed_secrets_what_it_may()
    {
        var renamed = Env
            .None.AndSecret("HOST_KEY", "ACME_KEY")
            .AndSecret("GITHUB_TOKEN", "GITHUB_TOKEN")
            .AndSecret("NOTICE", "ACME_NOTICE")
            .And("LEVEL", "1");
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.RollbackByHand with
                {
                    Places =
                    [
                        Place.Deploy("production", b.Rollback) with
                        {
                            Rescue = b.Recover,
                            Env = renamed,
                            RescueSecrets = ["HOST_KEY"],
                            If = "github.ref_protected",
                            StepsAfter = [Step.Script("true")],
                            Services = [new("db", new("postgres:17"))],
                        },
                    ],
                },
            ]
        );
        error.ShouldBeEmpty();
        var rescue = Job(files[0].Text, "recover");
        Run(rescue)["env"]
            .ToString()
            .ShouldBe(
                "{ { DEPLOY_KEY, ${{ secrets.DEPLOY_KEY }} }, { HOST_KEY, ${{ secrets.ACME_KEY }} }, { LEVEL, 1 }, { RECYCLIC_TAG, ${{ inputs.tag }} } }"
            );
        rescue.Children.ContainsKey("services").ShouldBeFalse();
        Text(rescue, "if").ShouldBe("${{ (failure() || cancelled()) && needs.rollback.result != 'skipped' }}");
        Steps(rescue)[^1].ShouldBe(Run(rescue));
    }

    [Test]
    public async Task Containers_beside_a_job_and_around_it_are_in_the_file()
    {
        var job = await TestJobAsync(place =>
            place with
            {
                Container = new("dotnet-sdk:10.0")
                {
                    Env = Env.Of("A", "1"),
                    Credentials = new("REGISTRY_USER", "REGISTRY_PASSWORD"),
                    Options = "--cpus 1",
                },
                Services =
                [
                    new(
                        "db",
                        new("postgres:17")
                        {
                            Env = Env.Of("POSTGRES_PASSWORD", "test"),
                            Ports = ["5432:5432"],
                            Volumes = ["data:/data"],
                            Options = "--health-cmd pg_isready",
                        }
                    ),
                    new("cache", new("redis")),
                ],
            }
        );
        job["container"]
            .ToString()
            .ShouldBe(
                "{ { image, dotnet-sdk:10.0 }, { credentials, { { username, ${{ vars.REGISTRY_USER }} }, { password, ${{ secrets.REGISTRY_PASSWORD }} } } }, { env, { { A, 1 } } }, { options, --cpus 1 } }"
            );
        job["services"]
            ["db"]
            .ToString()
            .ShouldBe(
                "{ { image, postgres:17 }, { env, { { POSTGRES_PASSWORD, test } } }, { ports, [ 5432:5432 ] }, { volumes, [ data:/data ] }, { options, --health-cmd pg_isready } }"
            );
        job["services"]["cache"].ToString().ShouldBe("{ { image, redis } }");
    }

    [Test]
    public async Task Files_are_kept_as_long_as_a_place_says_and_caches_begin_with_older_ones()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Ci with
                {
                    Places = [new(b.Test) { KeepsArtifacts = TimeSpan.FromHours(30) }],
                    Caches = [Cache.NuGet, new("npm", "~/.npm", "package-lock.json")],
                },
            ]
        );
        error.ShouldBeEmpty();
        var steps = Steps(Job(files[0].Text, "test"));
        steps
            .Single(step => step.ToString().Contains("upload-artifact", StringComparison.Ordinal))["with"][
                "retention-days"
            ]
            .ToString()
            .ShouldBe("2");
        steps.Count(step => step.ToString().Contains("retention-days", StringComparison.Ordinal)).ShouldBe(1);
        var caches = steps
            .Where(step => step.ToString().Contains("actions/cache@", StringComparison.Ordinal))
            .Select(step => (YamlMappingNode)step["with"])
            .ToList();
        caches[0]["restore-keys"].ToString().ShouldBe("nuget-${{ runner.os }}-");
        caches[0]
            ["key"]
            .ToString()
            .ShouldContain("'**/*.csproj'", customMessage: "a repository without lock files renews its cache, too");
        caches[1].Children.ContainsKey("restore-keys").ShouldBeFalse();
    }

    [Test]
    public async Task A_workflow_has_a_shown_name_a_name_for_its_runs_variables_and_a_group()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.RollbackByHand with
                {
                    DisplayName = "Back to an earlier release",
                    RunName = "Back to ${{ inputs.tag }}",
                    Env = Env.Of("DOTNET_NOLOGO", "true"),
                    Concurrency = new("rollback") { KeepsWaiting = true },
                },
            ]
        );
        error.ShouldBeEmpty();
        files[0].Path.ShouldEndWith("/rollback.yml");
        var root = Invariants.Root(files[0].Text);
        Text(root, "name").ShouldBe("Back to an earlier release");
        Text(root, "run-name").ShouldBe("Back to ${{ inputs.tag }}");
        root["env"].ToString().ShouldBe("{ { DOTNET_NOLOGO, true } }");
        root["concurrency"]
            .ToString()
            .ShouldBe("{ { group, rollback }, { cancel-in-progress, false }, { queue, max } }");
    }

    [Test]
    public async Task A_step_sets_an_output_of_its_job()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Staging with
                {
                    Places =
                    [
                        new(b.BuildImages, b.PushImages)
                        {
                            Name = "images",
                            Steps = [Step.Script("echo sdk=10 >>\"$GITHUB_OUTPUT\"") with { Id = "sdk" }],
                            StepOutputs = Env.Of("sdk", "${{ steps.sdk.outputs.sdk }}"),
                        },
                        b.Staging.Places[1] with
                        {
                            Env = Env.Of("SDK", "${{ needs.images.outputs.sdk }}"),
                        },
                    ],
                },
            ]
        );
        error.ShouldBeEmpty();
        Job(files[0].Text, "images")["outputs"]
            .ToString()
            .ShouldBe("{ { Digests, ${{ steps.build.outputs.Digests }} }, { sdk, ${{ steps.sdk.outputs.sdk }} } }");
        Run(Job(files[0].Text, "deploy-staging"))["env"]["SDK"].ToString().ShouldBe("${{ needs.images.outputs.sdk }}");
    }

    [Test]
    public async Task A_form_asks_for_numbers_and_environments_and_triggers_look_at_paths()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.RollbackByHand with
                {
                    On =
                    [
                        Trigger.Dispatch(
                            new Input(nameof(ShopBuild.Repeats)) { Default = "3" },
                            new Input(nameof(ShopBuild.Environment)) { IsEnvironment = true }
                        ),
                        Trigger.Push("main").OnPaths("src/**", "!src/docs/**"),
                        Trigger.PullRequest().ExceptPaths("docs/**").OfTypes("opened", "labeled"),
                    ],
                },
            ]
        );
        error.ShouldBeEmpty();
        var on = Invariants.Root(files[0].Text)["on"];
        on["workflow_dispatch"]
            ["inputs"]["repeats"]
            .ToString()
            .ShouldBe(
                "{ { description, How often to repeat the tests }, { required, false }, { type, number }, { default, 3 } }"
            );
        on["workflow_dispatch"]["inputs"]["environment"]["type"].ToString().ShouldBe("environment");
        on["push"].ToString().ShouldBe("{ { branches, [ main ] }, { paths, [ src/**, !src/docs/** ] } }");
        on["pull_request"].ToString().ShouldBe("{ { paths-ignore, [ docs/** ] }, { types, [ opened, labeled ] } }");
    }

    [Test]
    public async Task A_workflow_is_called_and_calls_others()
    {
        var (files, error) = await Shop.GenerateAsync(b => SaidDefinitions.Calling(b));
        error.ShouldBeEmpty();
        Invariants
            .Root(files[0].Text)["on"]["workflow_call"]
            .ToString()
            .ShouldBe(
                "{ { inputs, { { tag, { { description, Image tag of the release }, { required, true }, { type, string } } }, { repeats, { { description, How often to repeat the tests }, { required, false }, { type, number }, { default, 1 } } } } }, "
                    + "{ secrets, { { DEPLOY_KEY, { { required, false } } }, { REGISTRY_PASSWORD, { { required, true } } } } }, { outputs, { { Digests, { { value, ${{ jobs.images.outputs.Digests }} } } } } } }"
            );
        var call = Job(files[1].Text, "ship");
        call.ToString()
            .ShouldBe(
                "{ { name, Ship it }, { needs, test }, { if, ${{ github.ref == 'refs/heads/main' }} }, { permissions, { { contents, read }, { packages, write } } }, { uses, ./.github/workflows/staging.yml }, "
                    + "{ with, { { repeats, 2 }, { tag, ${{ github.sha }} } } }, { secrets, { { REGISTRY_PASSWORD, ${{ secrets.ACME_KEY }} } } } }"
            );
        Job(files[1].Text, "pack")["needs"].ToString().ShouldContain("ship");
        Job(files[1].Text, "docs")["needs"].ToString().ShouldBe("workflows");
        Job(files[1].Text, "docs")["secrets"].ToString().ShouldBe("inherit");
    }

    [Test]
    public async Task A_build_in_a_folder_of_the_repository_finds_its_files_there()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Production with
                {
                    WorkingDirectory = "services/shop",
                    Caches = [Cache.NuGet, new("npm", "node_modules", "package-lock.json")],
                },
            ]
        );
        error.ShouldBeEmpty();
        files[0].Text.ShouldStartWith("# Generated by services/shop/build.sh Workflows from");
        Invariants.Root(files[0].Text)["defaults"]["run"]["working-directory"].ToString().ShouldBe("services/shop");
        files[0].Text.ShouldContain("global-json-file: services/shop/global.json\n");
        files[0].Text.ShouldContain("hashFiles('services/shop/**/packages.lock.json', ");
        files[0].Text.ShouldContain("          path: services/shop/node_modules\n");
        files[0].Text.ShouldContain("          path: services/shop/output/*.nupkg\n");
        files[0].Text.ShouldContain("          name: pack\n          path: services/shop/output\n");
        files[0]
            .Text.ShouldContain(
                "path: 'services/shop/.nuke/temp/test-results/*.trx'".Replace("'", "", StringComparison.Ordinal)
            );
        files[0].Text.ShouldContain("run: exec ./build.sh ");
    }

    [Test]
    public async Task Readers_of_others_understand_all_of_it(CancellationToken cancellationToken)
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [.. SaidDefinitions.Calling(b), SaidDefinitions.Everything(b)]
        );
        error.ShouldBeEmpty();
        var (inFolder, _) = await Shop.GenerateAsync(b =>
            [b.Production with { WorkingDirectory = "services/shop", Name = "folder" }]
        );
        (
            await Validators.FindAsync(files.Concat(inFolder).Select(file => (file.Path, file.Text)), cancellationToken)
        ).ShouldBeEmpty();
    }

    private static async Task<YamlMappingNode> TestJobAsync(Func<Place, Place> place)
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [b.Ci with { On = [Trigger.Push()], Places = [place(new(b.Test))] }]
        );
        error.ShouldBeEmpty();
        return Job(files[0].Text, "test");
    }

    private static YamlMappingNode Job(string text, string id) => (YamlMappingNode)Invariants.Root(text)["jobs"][id];

    private static List<YamlMappingNode> Steps(YamlMappingNode job) =>
        [.. ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>()];

    private static YamlMappingNode Run(YamlMappingNode job) =>
        Steps(job)
            .Single(step =>
                step.Children.TryGetValue("run", out var run)
                && run.ToString().StartsWith("exec ./build.sh", StringComparison.Ordinal)
            );

    private static string? Text(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var node) ? node.ToString() : null;
}
