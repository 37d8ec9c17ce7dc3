using Recyclic.Build.Testing;
using Recyclic.Workflows.GitLab;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Tests;

/// <summary>What GitLab gets of the same definitions.</summary>
[CancelAfter(60_000)]
public class GitLabFileTests
{
    internal static GitLabCi System { get; } =
        new() { Tags = new GitLabCi().Tags.Add(Runners.Ubuntu2404, ["linux"]).Add(Runners.Windows2025, ["windows"]) };

    [Test]
    public async Task The_file_of_the_shop_is_as_it_was_agreed() =>
        AsAgreed("shop.gitlab-ci.yml", await ShopFileAsync());

    [Test]
    public async Task The_file_of_the_samples_pipeline_is_as_it_was_agreed() =>
        AsAgreed("sample.gitlab-ci.yml", await SampleFileAsync());

    [TestCase("$CI_PIPELINE_SOURCE == \"push\"", new string[0])]
    [TestCase("$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH == \"main\"", new[] { "main" })]
    [TestCase(
        "$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH =~ /^(main|release\\/[^\\/]*|v1\\..*)$/",
        new[] { "main", "release/*", "v1.**" }
    )]
    public async Task A_push_is_a_rule(string expected, params string[] branches) =>
        (await OnlyAsync(Trigger.Push(branches))).ShouldContain(expected);

    [Test]
    public async Task Tags_merge_requests_schedules_and_paths_are_rules()
    {
        (await OnlyAsync(Trigger.PushTags("v*"))).ShouldContain(
            "- if: '$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_TAG =~ /^(v[^\\/]*)$/'"
        );
        (await OnlyAsync(Trigger.PullRequest())).ShouldContain(
            "- if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'"
        );
        (await OnlyAsync(Trigger.PullRequest("main"))).ShouldContain(
            "\"merge_request_event\" && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == \"main\"'"
        );
        (await OnlyAsync(Trigger.Schedule("17 4 * * 1"))).ShouldContain(
            "- if: '$CI_PIPELINE_SOURCE == \"schedule\" && $RUN_WORKFLOW == \"ci\"' # a schedule of the project: 17 4 * * 1 UTC, with RUN_WORKFLOW=ci\n"
        );
        (await OnlyAsync(Trigger.Other("push", new YamlMap(("paths", YamlList.Of(["src/**"])))))).ShouldContain(
            "      changes:\n        - src/**\n"
        );
    }

    [Test]
    public async Task A_job_gets_the_files_and_outputs_of_those_alone_that_it_reads()
    {
        var text = await ShopFileAsync();
        Job(text, "production:atomic-deploy").ShouldContain("    - job: production:images\n      artifacts: true\n");
        Job(text, "production:atomic-deploy")
            .ShouldContain("    - job: production:approve-production\n      artifacts: false\n");
        // It is no direct need, but its files are read.
        Job(text, "production:atomic-deploy").ShouldContain("    - job: production:pack\n      artifacts: true\n");
    }

    [Test]
    public async Task A_pipeline_that_nobody_has_approved_has_not_passed() =>
        Job(await ShopFileAsync(), "production:approve-production")
            .ShouldContain("      when: manual\n      allow_failure: false\n");

    [Test]
    public async Task A_job_does_not_see_what_the_form_asks_for_another_workflow()
    {
        var text = await ShopFileAsync();
        Job(text, "rollback:rollback").ShouldContain("    - unset RECYCLIC_HOTFIX\n");
        Job(text, "hotfix:images").ShouldNotContain("unset");
        text.ShouldContain("    - when: always\n      variables:\n        RECYCLIC_HOTFIX: ''\n");
    }

    [Test]
    public async Task Services_reach_GitLab_by_their_names()
    {
        var services = new YamlMap(
            ("db", new YamlMap(("image", "postgres:15"), ("env", new YamlMap(("POSTGRES_PASSWORD", "test")))))
        );
        var text = await GenerateAsync(
            b => [b.Ci with { Places = [new(b.Test) { Extra = new YamlMap(("services", services)) }] }],
            System
        );
        Job(text, "ci:test")
            .ShouldContain(
                "  services:\n    - name: postgres:15\n      alias: db\n      variables:\n        POSTGRES_PASSWORD: test\n"
            );
    }

    [Test]
    public async Task What_is_not_modelled_is_said_for_a_job_as_it_stands()
    {
        var system = System with
        {
            Jobs = System.Jobs.Add("ci:test", new YamlMap(("retry", 2), ("before_script", YamlList.Of(["./warm-up"])))),
            Extra = new YamlMap(("include", YamlList.Of(["more.yml"]))),
        };
        var text = await GenerateAsync(
            b =>
                [
                    b.Ci with
                    {
                        Places =
                        [
                            new(b.Test)
                            {
                                Steps = [new Step("./.github/actions/warm-up")],
                                Extra = new YamlMap(("container", "node:22")),
                            },
                        ],
                        Extra = new YamlMap(("run-name", "x")),
                    },
                ],
            system
        );
        Job(text, "ci:test").ShouldContain("  retry: 2\n  before_script:\n    - ./warm-up\n");
        text.ShouldContain("include:\n  - more.yml\n");
    }

    public static IEnumerable<TestCaseData> Refusals()
    {
        TestCaseData Case(
            string name,
            string expected,
            Func<ShopBuild, Workflow> definition,
            GitLabCi? system = null
        ) => new TestCaseData(expected, definition, system ?? System).SetArgDisplayNames(name);
        yield return Case("event", "there is no event release", b => b.Ci with { On = [Trigger.Other("release")] });
        yield return Case(
            "filter",
            "the trigger pull_request filters by types, which has no counterpart",
            b => b.Ci with { On = [Trigger.Other("pull_request", new YamlMap(("types", YamlList.Of(["opened"]))))] }
        );
        yield return Case(
            "pattern",
            "the pattern '!main' of the trigger push has more than",
            b => b.Ci with { On = [Trigger.Push("**", "!main")] }
        );
        yield return Case(
            "machine",
            "no runner is known to stand for the machine windows-2025",
            b => b.Ci with { Places = [new(b.Test) { Runner = Runners.Windows2025 }] },
            new()
        );
        yield return Case(
            "machines of a matrix",
            "its matrix is over machines, of which each needs one tag, and ubuntu-24.04 has none",
            b => b.Ci with { Places = [new(b.Test) { Matrix = [Axis.Runner(Runners.Ubuntu2404, "own")] }] },
            new()
        );
        yield return Case(
            "large matrix",
            "its matrix makes 201 jobs, and GitLab runs 200",
            b =>
                b.Ci with
                {
                    Places =
                    [
                        new(b.Test)
                        {
                            Matrix =
                            [
                                new(nameof(ShopBuild.TestPart), [.. Enumerable.Range(0, 201).Select(i => $"{i}")]),
                            ],
                        },
                    ],
                }
        );
        yield return Case(
            "variable in a matrix",
            "its matrix has '$HOME'",
            b => b.Ci with { Places = [new(b.Test) { Matrix = [new(nameof(ShopBuild.TestPart), "$HOME")] }] }
        );
        yield return Case(
            "extra of a place",
            "its place has container in Extra, which is GitHub's",
            b => b.Ci with { Places = [new(b.Test) { Extra = new YamlMap(("container", "node:22")) }] }
        );
        yield return Case(
            "extra of a workflow",
            "its Extra has run-name, which is GitHub's",
            b => b.Ci with { Extra = new YamlMap(("run-name", "x")) }
        );
        yield return Case(
            "action",
            "it runs the action ./.github/actions/warm-up, which GitLab does not",
            b => b.Ci with { Places = [new(b.Test) { Steps = [new Step("./.github/actions/warm-up")] }] }
        );
        yield return Case(
            "action of the setup",
            "its Setup has the action ./.github/actions/prepare",
            b => b.Ci with { Setup = [Actions.Checkout, new Step("./.github/actions/prepare")] }
        );
        yield return Case(
            "cache",
            "the cache npm keeps ~/.npm, and GitLab keeps nothing outside of the repository",
            b => b.Ci with { Caches = [new Cache("npm", "~/.npm", "package-lock.json")] }
        );
        yield return Case(
            "key of a cache",
            "the cache npm has 3 patterns of files as its key, and GitLab takes 2",
            b => b.Ci with { Caches = [new Cache("npm", ".npm", "a", "b", "c")] }
        );
        yield return Case(
            "environment",
            "'my.env' cannot be the name of an environment",
            b =>
                new("w")
                {
                    On = [Trigger.Push()],
                    Targets = [b.Rollback],
                    OnEachRunner = [b.Setup],
                    Places = [Place.Deploy("my.env", b.Rollback)],
                }
        );
        yield return Case(
            "address",
            "its address ${{ vars.URL }} has an expression",
            b =>
                b.RollbackByHand with
                {
                    Places = [Place.Deploy("production", b.Rollback) with { Url = "${{ vars.URL }}" }],
                }
        );
        yield return Case(
            "identity",
            "it asks for an identity (id-token: write)",
            b =>
                b.Ci with
                {
                    Places = [new(b.Test) { Permissions = Permissions.ReadContents.And("id-token", "write") }],
                }
        );
        yield return Case(
            "unknown job",
            "Jobs has ci:tset, which is no job; there are ci:pack, ci:test",
            b => b.Ci,
            System with
            {
                Jobs = System.Jobs.Add("ci:tset", new()),
            }
        );
        yield return Case(
            "generated key of a job",
            "Jobs says script of ci:test, which is generated",
            b => b.Ci,
            System with
            {
                Jobs = System.Jobs.Add("ci:test", new YamlMap(("script", "x"))),
            }
        );
        yield return Case(
            "generated key",
            "Extra says stages, which is generated",
            b => b.Ci,
            System with
            {
                Extra = new YamlMap(("stages", "x")),
            }
        );
        yield return Case(
            "kept files",
            "KeepsArtifacts is less than an hour",
            b => b.Ci,
            System with
            {
                KeepsArtifacts = TimeSpan.Zero,
            }
        );
        yield return Case(
            "workflow of no name",
            "the workflow none is run by hand",
            b => b.RollbackByHand with { Name = "none" }
        );
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task What_GitLab_cannot_do_is_refused_with_what_to_write_instead(
        string expected,
        Func<ShopBuild, Workflow> definition,
        GitLabCi system
    )
    {
        var (files, error) = await Shop.GenerateAsync(b => [definition(b)], system);
        files.IsDefaultOrEmpty.ShouldBeTrue();
        error.ShouldContain("GitLab CI: ");
        error.ShouldContain(expected);
        error.ShouldContain("files   untouched");
    }

    [Test]
    public async Task Two_workflows_that_ask_for_one_thing_in_two_ways_are_refused()
    {
        var (_, error) = await Shop.GenerateAsync(
            b =>
                [
                    b.RollbackByHand,
                    b.RollbackByHand with
                    {
                        Name = "again",
                        On = [Trigger.Dispatch(new Input("tag") { Default = "x" })],
                    },
                ],
            System
        );
        error.ShouldContain("the workflows rollback and again ask for RECYCLIC_TAG with different defaults or choices");
    }

    internal static async Task<string> ShopFileAsync() => await GenerateAsync(b => b.All, System);

    internal static async Task<string> GenerateAsync(
        Func<ShopBuild, IEnumerable<Workflow>> definitions,
        GitLabCi system
    )
    {
        var (files, error) = await Shop.GenerateAsync(definitions, system);
        error.ShouldBeEmpty();
        return files.Single().Text;
    }

    internal static async Task<string> SampleFileAsync()
    {
        var root = Directory.CreateTempSubdirectory("recyclic-gitlab-").FullName;
        try
        {
            var run = await new BuildTester { RootDirectory = root }.RunAsync<global::Build>("Workflows");
            run.ExitCode.ShouldBe(0, run.Output + run.Error);
            Directory.Exists(Path.Combine(root, ".github")).ShouldBeFalse();
            return File.ReadAllText(Path.Combine(root, GitLabCi.File));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    internal static string Job(string text, string name)
    {
        var start = text.IndexOf($"\n{name}:\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, $"no job {name}");
        var end = text.IndexOf("\n\n", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static async Task<string> OnlyAsync(Trigger trigger) =>
        Job(await GenerateAsync(b => [b.Ci with { On = [trigger], Places = [] }], System), "ci:pack");

    private static void AsAgreed(string name, string text)
    {
        if (Environment.GetEnvironmentVariable("EXPECTED_WORKFLOWS") is { Length: > 0 } directory)
            File.WriteAllText(Path.Combine(directory, name), text);
        text.ShouldBe(
            File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Expected", name))
                .ReplaceLineEndings("\n")
        );
    }
}
