using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// What contradicts itself or means nothing is a mistake with its member and what to write instead; nothing is written.
/// </summary>
[CancelAfter(60_000)]
public class SaidWronglyTests
{
    private const string Called = "./.github/workflows/staging.yml";

    private static readonly (
        string Name,
        Func<ShopBuild, IEnumerable<Workflow>> Definitions,
        string Expected
    )[] Mistakes =
    [
        Of("an empty condition", p => p with { If = " " }, "the place of Test has an If that is empty: leave it out"),
        Of(
            "a condition in braces",
            p => p with { If = "${{ github.ref == 'x' }}" },
            "has ${{ }}, which is written by itself"
        ),
        Of(
            "a condition with an open text",
            p => p with { If = "github.ref == 'x" },
            "has a quote or bracket that nothing closes"
        ),
        Of(
            "a condition with double quotes",
            p => p with { If = "github.ref == \"x\"" },
            "has a quote or bracket that nothing closes"
        ),
        Of(
            "a condition with an open bracket",
            p => p with { If = "contains(github.ref, 'x'" },
            "has a quote or bracket that nothing closes"
        ),
        Of(
            "a condition on a secret",
            p => p with { If = "secrets.KEY != ''" },
            "asks for a secret, which GitHub does not tell a condition"
        ),
        Of(
            "a condition after failures",
            p => p with { If = "always()" },
            "asks for always(): what runs after a failure is said by the targets, as AssuredAfterFailure"
        ),
        Of(
            "a condition on what a step knows",
            p => p with { If = "matrix.part == 'x'" },
            "asks for matrix, which GitHub does not tell before the job has begun"
        ),
        Of(
            "a condition on a job that it does not need",
            p => p with { If = "needs.gone.result == 'success'" },
            "the job test asks for needs.gone, for which it does not wait"
        ),
        (
            "a gate with a condition",
            b => [b.Production with { Places = [b.Production.Places[2] with { If = "github.ref == 'x'" }] }],
            "is a gate with an If"
        ),
        (
            "a gate that may fail",
            b => [b.Production with { Places = [b.Production.Places[2] with { ContinuesOnError = true }] }],
            "is a gate with ContinuesOnError"
        ),
        (
            "a rescue that would never run",
            b => [b.RollbackByHand with { Places = [b.RollbackByHand.Places[0] with { ContinuesOnError = true }] }],
            "has ContinuesOnError and a Rescue, which would never run"
        ),
        Of(
            "no combination at a time",
            p => p with { Matrix = [new("test-part", "a")], MaxParallel = 0 },
            "MaxParallel is 0: at least one has to run"
        ),
        Of("a limit without a matrix", p => p with { MaxParallel = 2 }, "has MaxParallel and no matrix"),
        Of("an end without a matrix", p => p with { FailsFast = true }, "has FailsFast and no matrix"),
        Of(
            "left out of nothing",
            p => p with { Exclude = [Combination.Of("test-part", "a")] },
            "has Exclude and no Matrix"
        ),
        Of(
            "left out what is not there",
            p => p with { Matrix = [new("test-part", "a", "b")], Exclude = [Combination.Of("test-part", "c")] },
            "Exclude has test-part=c, which is no combination of the matrix"
        ),
        Of(
            "all left out",
            p => p with { Matrix = [new("test-part", "a")], Exclude = [Combination.Of("test-part", "a")] },
            "Exclude leaves nothing of its matrix"
        ),
        Of(
            "added for an unknown parameter",
            p => p with { Include = [Combination.Of("tset-part", "a")] },
            "tset-part in Include is no parameter of the build"
        ),
        Of(
            "added with a secret",
            p => p with { Include = [Combination.Of("deploy-key", "a")] },
            "deploy-key in its matrix is a secret"
        ),
        Of(
            "added with an expression",
            p => p with { Include = [Combination.Of("test-part", "${{ github.ref }}")] },
            "Include has an expression"
        ),
        Of(
            "added with nothing",
            p => p with { Include = [Combination.Of("test-part", "a") with { Values = Combination.On("x").Values }] },
            "Include has a combination that says nothing"
        ),
        Of(
            "added with a parameter twice",
            p => p with { Include = [Combination.Of("test-part", "a").And("TestPart", "b")] },
            "Include says testpart twice"
        ),
        Of(
            "a machine for some",
            p =>
                p with
                {
                    Matrix = [new("test-part", "a", "b")],
                    Include = [Combination.On("x").And("test-part", "c")],
                },
            "Include says a machine, and the combination test-part=a has none"
        ),
        Of(
            "a value twice",
            p => p with { Matrix = [new("test-part", "a", "a")] },
            "its matrix has the value 'a' twice"
        ),
        Of(
            "more combinations than GitHub runs",
            p =>
                p with
                {
                    Matrix = [new("test-part", [.. Enumerable.Range(0, 256).Select(i => $"{i}")])],
                    Include = [Combination.Of("test-part", "x")],
                },
            "its matrix makes 257 jobs, and GitHub runs 256"
        ),
        Of(
            "more combinations than are counted",
            p =>
                p with
                {
                    Matrix =
                    [
                        new("test-part", [.. Enumerable.Range(0, 200).Select(i => $"{i}")]),
                        new("tag", [.. Enumerable.Range(0, 200).Select(i => $"{i}")]),
                    ],
                },
            "its matrix makes 40000 jobs"
        ),
        Of("a group without a name", p => p with { Concurrency = new("") }, "its Concurrency has no group"),
        Of(
            "a group that ends and keeps",
            p =>
                p with
                {
                    Concurrency = new("x") { CancelsRunning = true, KeepsWaiting = true },
                },
            "say one of CancelsRunning and KeepsWaiting"
        ),
        (
            "a group that ends a deploy",
            b =>
                [
                    b.RollbackByHand with
                    {
                        Places = [b.RollbackByHand.Places[0] with { Concurrency = new("x") { CancelsRunning = true } }],
                    },
                ],
            "its Concurrency would end a deploy to production midway"
        ),
        (
            "a workflow's group that ends a deploy",
            b => [b.RollbackByHand with { Concurrency = new("x") { CancelsRunning = true } }],
            "its Concurrency would end a deploy to production midway"
        ),
        (
            "two groups of a workflow",
            b => [b.Ci with { Concurrency = new("x") }],
            "it has both Concurrency and CancelsOlderRuns"
        ),
        Of("a container without an image", p => p with { Container = new(" ") }, "its Container has no image"),
        Of(
            "a service twice",
            p => p with { Services = [new("db", new("a")), new("DB", new("b"))] },
            "two services are called db"
        ),
        Of(
            "a service that is no name",
            p => p with { Services = [new("my db", new("a"))] },
            "'my db' cannot be the name of a service"
        ),
        Of(
            "services in two ways",
            p => p with { Services = [new("db", new("a"))], Extra = new YamlMap(("services", new YamlMap())) },
            "has Services, and Extra has services: say them once"
        ),
        Of(
            "credentials that are values",
            p => p with { Container = new("a") { Credentials = new("me@example.org", "s3cret!") } },
            "has credentials that are no names"
        ),
        Of(
            "a variable that is no name",
            p => p with { Env = Env.Of("A-B", "1") },
            "'A-B' in Env cannot be the name of a variable"
        ),
        Of(
            "a variable of GitHub",
            p => p with { Env = Env.Of("GITHUB_REF", "x") },
            "GITHUB_REF in Env is GitHub's own"
        ),
        Of(
            "a variable with an open expression",
            p => p with { Env = Env.Of("A", "${{ github.ref") },
            "A in Env has ${{ that nothing closes"
        ),
        Of(
            "a variable in two ways",
            p => p with { Env = Env.Of("A", "1"), Secrets = ["A"] },
            "A is in Env, and in Variables or Secrets too"
        ),
        Of(
            "a variable that the matrix gives",
            p => p with { Env = Env.Of("TEST_PART", "1"), Matrix = [new("test-part", "a")] },
            "would replace what an input or the matrix gives for TestPart"
        ),
        Of(
            "a variable that hands over",
            p => p with { Env = Env.Of("RECYCLIC_OUTPUT_X", "1") },
            "let a target set it with Outputs"
        ),
        (
            "a secret for every step",
            b => [b.Ci with { Env = Env.None.AndSecret("A", "KEY") }],
            "A in its Env is a secret that every step of every job would see"
        ),
        (
            "an empty name for readers",
            b => [b.Ci with { DisplayName = "" }],
            "DisplayName is empty or has several lines"
        ),
        (
            "an expression in a name",
            b => [b.Ci with { DisplayName = "${{ github.ref }}" }],
            "DisplayName has an expression, which GitHub does not evaluate there: say it as RunName"
        ),
        Of(
            "files kept for no day",
            p => p with { KeepsArtifacts = TimeSpan.FromHours(1) },
            "KeepsArtifacts is 0 days, and GitHub keeps files from 1 to 400 days"
        ),
        Of(
            "a step of two kinds",
            p => p with { Steps = [new Step("./a") { Run = "b" }] },
            "the step ./a is an action and a script: make two steps of it"
        ),
        Of(
            "a step of no kind",
            p => p with { StepsAfter = [new Step("")] },
            "runs nothing: name an action, or write Step.Script"
        ),
        Of(
            "a script with inputs",
            p => p with { Steps = [Step.Script("a").And("x", "1")] },
            "has the input x, which is an action's"
        ),
        Of(
            "a script with an expression",
            p => p with { Steps = [Step.Script("echo ${{ github.event.issue.title }}")] },
            "where its value would be read as code: give it as Env"
        ),
        Of(
            "an action with a shell",
            p => p with { Steps = [new Step("./a") { Shell = "bash" }] },
            "has a Shell and is an action"
        ),
        Of(
            "an action with a directory",
            p => p with { Steps = [new Step("./a") { WorkingDirectory = "x" }] },
            "has a WorkingDirectory and is an action"
        ),
        Of(
            "a directory that is elsewhere",
            p => p with { Steps = [Step.Script("a") with { WorkingDirectory = "../x" }] },
            "has the WorkingDirectory '../x', which is no directory of the repository"
        ),
        Of(
            "an Id twice",
            p =>
                p with
                {
                    Steps = [Step.Script("a") with { Id = "x" }],
                    StepsAfter = [Step.Script("b") with { Id = "X" }],
                },
            "two steps have the Id x"
        ),
        Of(
            "the Id of the build",
            p => p with { Steps = [Step.Script("a") with { Id = "build" }] },
            "has the Id build, which the step has that runs the targets"
        ),
        Of(
            "a step's condition on a secret",
            p => p with { Steps = [Step.Script("a") with { If = "secrets.X != ''" }] },
            "has an If that asks for a secret"
        ),
        Of(
            "a step's time limit",
            p => p with { Steps = [Step.Script("a") with { Timeout = TimeSpan.FromSeconds(1) }] },
            "has a Timeout of less than a minute"
        ),
        Of(
            "an output of a matrix",
            p => p with { StepOutputs = Env.Of("a", "${{ steps.x.outputs.a }}"), Matrix = [new("test-part", "a")] },
            "the job test has StepOutputs and runs once for each combination of a matrix"
        ),
        Of(
            "an output that no step sets",
            p => p with { StepOutputs = Env.Of("a", "1") },
            "a in StepOutputs is not what a step sets: write ${{ steps.id.outputs.name }}"
        ),
        (
            "an output in two ways",
            b =>
                [
                    b.Staging with
                    {
                        Places = [new(b.PushImages) { StepOutputs = Env.Of("digests", "${{ steps.x.outputs.a }}") }],
                    },
                ],
            "StepOutputs has Digests, which is an output of a target of it"
        ),
        Of(
            "an unpinned step after",
            p => p with { StepsAfter = [new Step("owner/report@v1")] },
            "owner/report@v1 is not pinned"
        ),
        On(
            "both kinds of paths",
            Trigger.Push().OnPaths("a").ExceptPaths("b"),
            "the trigger push has both paths and paths-ignore"
        ),
        On("no path", Trigger.Push().OnPaths(), "filters by paths and names none"),
        On("paths that only exclude", Trigger.Push().OnPaths("!a"), "has paths that only exclude"),
        On(
            "paths of a schedule",
            Trigger.Schedule("0 4 * * 1").OnPaths("a"),
            "the trigger schedule filters by paths, which only a push and a pull request have"
        ),
        On("tags of a pull request", Trigger.PullRequest().ExceptTags("v*"), "filters by tags, which only a push has"),
        On("kinds of a push", Trigger.Push().OfTypes("opened"), "the trigger push filters by types"),
        On(
            "a filter twice",
            Trigger.Push("a").ExceptBranches("b").ExceptBranches("c"),
            "has the key branches-ignore twice"
        ),
        On(
            "a number that is none",
            Trigger.Dispatch(new Input("repeats") { Default = "many" }),
            "the default 'many' of the input repeats is no number"
        ),
        On(
            "a flag that is none",
            Trigger.Dispatch(new Input("hotfix") { Default = "maybe" }),
            "the default 'maybe' of the input hotfix is neither true nor false"
        ),
        On(
            "an environment of choices",
            Trigger.Dispatch(new Input("tag") { IsEnvironment = true, Choices = ["a"] }),
            "is chosen from environments and has Choices"
        ),
        On(
            "an environment that is a number",
            Trigger.Dispatch(new Input("repeats") { IsEnvironment = true }),
            "whose names are texts, which the parameter is not"
        ),
        On(
            "choices for a caller",
            Trigger.Called(new Input("tag") { Choices = ["a"] }),
            "has Choices, which only a person has"
        ),
        On(
            "an output that nobody sets",
            Trigger.Called() with
            {
                Outputs = ["Gone"],
            },
            "has the output Gone, which no target of the workflow sets"
        ),
        On("outputs of a push", Trigger.Push() with { Outputs = ["Digests"] }, "the trigger push has outputs"),
        On("inputs of a push", Trigger.Push() with { Inputs = [new("tag")] }, "the trigger push has inputs"),
        On(
            "a choice twice",
            Trigger.Dispatch(new Input("tag") { Choices = ["a", "a"] }),
            "the input tag has the choice 'a' twice"
        ),
        Calls("a call of no workflow", _ => new("x", "./docs"), "the call x uses './docs', which is no workflow"),
        Calls(
            "an unpinned call",
            _ => new("x", "a/b/.github/workflows/c.yml@v1"),
            "a/b/.github/workflows/c.yml@v1 is not pinned"
        ),
        Calls(
            "a call with two ways for secrets",
            _ => new Call("x", Called) { InheritsSecrets = true }.AndSecret("A"),
            "has both InheritsSecrets and Secrets"
        ),
        Calls("a call that is no name", _ => new("workflows", Called), "'workflows' cannot be the name of a call"),
        Calls(
            "a call after a target without a job",
            b => new("x", Called) { After = [b.Rollback] },
            "the call x is before or after Rollback, which has no job in this workflow"
        ),
        Calls(
            "a call of a target that vanished",
            _ => new("x", Called) { After = ["Gone"] },
            "there is no target Gone any more"
        ),
        Calls(
            "a call in a circle",
            b => new("x", Called) { After = [b.Pack], Before = [b.Test] },
            "the call x waits for what waits for it"
        ),
        Calls(
            "a call of a workflow that is not to be called",
            _ => new("x", "./.github/workflows/rollback.yml"),
            "calls the workflow rollback, which is not to be called: add Trigger.Called()"
        ),
        Calls(
            "a call of itself",
            _ => new("x", "./.github/workflows/ci.yml"),
            "calls its own workflow, which would never end"
        ),
        Calls(
            "an unknown input",
            _ => new Call("x", Called).And("tga", "1"),
            "gives the input tga, which staging does not have; it has tag"
        ),
        Calls("a missing input", _ => new("x", Called), "does not give the input tag, which staging requires"),
        Calls(
            "an unknown secret",
            _ => new Call("x", Called).And("tag", "1").AndSecret("OTHER"),
            "gives the secret OTHER, which staging does not use; it uses REGISTRY_PASSWORD, SLACK_WEBHOOK"
        ),
        Calls(
            "a missing secret",
            _ => new Call("x", Called).And("tag", "1"),
            "does not give the secret REGISTRY_PASSWORD, which staging requires: write .AndSecret(\"REGISTRY_PASSWORD\")"
        ),
        (
            "two calls of one name",
            b => [b.Ci with { Calls = [new("x", Called), new("X", Called)] }],
            "two calls are called x"
        ),
        (
            "a directory outside",
            b => [b.Ci with { WorkingDirectory = "../shop" }],
            "WorkingDirectory '../shop' is no directory of the repository"
        ),
        (
            "two directories",
            b => [b.Ci with { WorkingDirectory = "shop" }, b.Staging],
            "the workflows say different directories of the build (ci: 'shop', staging: '')"
        ),
    ];

    public static IEnumerable<string> Names() => Mistakes.Select(mistake => mistake.Name);

    [TestCaseSource(nameof(Names))]
    public async Task It_is_refused(string name)
    {
        var mistake = Mistakes.Single(mistake => mistake.Name == name);
        await Shop.ShouldRefuseAsync(mistake.Definitions, mistake.Expected);
    }

    [Test]
    public async Task No_file_has_a_key_twice_whoever_makes_it()
    {
        var (files, error) = await Shop.GenerateAsync(b => [b.Ci], new Twice());
        files.IsDefaultOrEmpty.ShouldBeTrue();
        error.ShouldContain("twice.yml would have the key jobs.a twice, which no reader takes: say it once");
    }

    private sealed class Twice : ICiSystem
    {
        public string Name => "Twice";

        public IEnumerable<string> Mistakes(ImmutableArray<JobGraph> workflows, BuildGraph graph) => [];

        public IEnumerable<(string Path, YamlMap Document)> Files(
            ImmutableArray<JobGraph> workflows,
            BuildGraph graph
        ) => [("twice.yml", new(("jobs", new YamlMap(("a", 1), ("a", 2)))))];
    }

    private static (string, Func<ShopBuild, IEnumerable<Workflow>>, string) Of(
        string name,
        Func<Place, Place> place,
        string expected
    ) => (name, b => [b.Ci with { Places = [place(new(b.Test))] }], expected);

    private static (string, Func<ShopBuild, IEnumerable<Workflow>>, string) On(
        string name,
        Trigger trigger,
        string expected
    ) => (name, b => [b.RollbackByHand with { On = [trigger] }], expected);

    private static (string, Func<ShopBuild, IEnumerable<Workflow>>, string) Calls(
        string name,
        Func<ShopBuild, Call> call,
        string expected
    ) =>
        (
            name,
            b =>
                [
                    b.Staging with
                    {
                        On = [Trigger.Called(new Input("tag") { IsRequired = true })],
                    },
                    b.RollbackByHand,
                    b.Ci with
                    {
                        Calls = [call(b)],
                    },
                ],
            expected
        );
}
