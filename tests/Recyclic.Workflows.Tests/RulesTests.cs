using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Tests;

/// <summary>A mistake in a definition is told with its place, and nothing is written.</summary>
public class RulesTests
{
    private static readonly (
        string Name,
        Func<ShopBuild, IEnumerable<Workflow>> Definitions,
        string Expected
    )[] Mistakes =
    [
        (
            "a target that vanished",
            b => [b.Ci with { Targets = ["Tset"] }],
            "workflow ci: there is no target Tset any more"
        ),
        (
            "a target in a place that vanished",
            b => [b.Ci with { Places = [new("Gone")] }],
            "workflow ci: there is no target Gone any more"
        ),
        (
            "a target of another build",
            b => [b.Ci with { Targets = [(Recyclic.Build.Target)(_ => _)] }],
            "workflow ci: Targets names a target that is null or is no target of this build"
        ),
        ("one name twice", b => [b.Ci, b.Ci with { Name = "CI" }], "two workflows are called ci"),
        ("a name that is no file", b => [b.Ci with { Name = "../ci" }], "'../ci' cannot be its name"),
        ("no trigger", b => [b.Ci with { On = [] }], "On is empty"),
        ("no target", b => [b.Ci with { Targets = [] }], "Targets is empty"),
        (
            "a target in two places",
            b => [b.Ci with { Places = [new(b.Test), new(b.Pack, b.Test)] }],
            "target Test is in two places"
        ),
        (
            "a deploy that is cancelled",
            b => [b.Staging with { CancelsOlderRuns = true }],
            "CancelsOlderRuns would end a deploy to staging midway"
        ),
        (
            "a gate without an environment",
            b => [b.Ci with { Places = [new(b.Test) { IsGate = true }] }],
            "is a gate without an environment"
        ),
        (
            "a gate for two targets",
            b =>
                [
                    b.Production with
                    {
                        Places = [new(b.ApproveProduction, b.AtomicDeploy) { IsGate = true, Environment = "p" }],
                    },
                ],
            "is a gate for ApproveProduction and AtomicDeploy"
        ),
        (
            "a gate whose environment is used elsewhere",
            b =>
                [
                    b.Production with
                    {
                        Places =
                        [
                            Place.Gate("production", b.ApproveProduction),
                            Place.Deploy("production", b.AtomicDeploy),
                        ],
                    },
                ],
            "asks for approval in each"
        ),
        (
            "a secret as an input",
            b => [b.RollbackByHand with { On = [Trigger.Dispatch(new Input("deploy-key"))] }],
            "the input deploy-key is a secret"
        ),
        (
            "an unknown input",
            b => [b.RollbackByHand with { On = [Trigger.Dispatch(new Input("tga"))] }],
            "the input tga is no parameter"
        ),
        (
            "an expression in the text of an input",
            b =>
                [
                    b.RollbackByHand with
                    {
                        On = [Trigger.Dispatch(new Input("tag") { Description = "by ${{ github.actor }}" })],
                    },
                ],
            "the input tag has an expression in its texts"
        ),
        (
            "an expression in a matrix",
            b => [b.Ci with { Places = [new(b.Test) { Matrix = [Axis.Runner("${{ inputs.x }}")] }] }],
            "its matrix has an expression"
        ),
        (
            "an input twice",
            b => [b.RollbackByHand with { On = [Trigger.Dispatch(new Input("tag"), new Input("Tag"))] }],
            "is there twice"
        ),
        (
            "a default that is no choice",
            b =>
                [
                    b.RollbackByHand with
                    {
                        On = [Trigger.Dispatch(new Input("tag") { Choices = ["a"], Default = "b" })],
                    },
                ],
            "not among its choices"
        ),
        (
            "an expression as an argument",
            b => [b.Ci with { Places = [new(b.Test) { Arguments = ["--tag", "${{ github.ref }}"] }] }],
            "the argument '${{ github.ref }}' would be read by a shell"
        ),
        (
            "a command as an argument",
            b => [b.Ci with { Places = [new(b.Test) { Arguments = ["--tag=$(id)"] }] }],
            "would be read by a shell"
        ),
        (
            "an argument with a line end",
            b => [b.Ci with { Places = [new(b.Test) { Arguments = ["a\n"] }] }],
            "would be read by a shell"
        ),
        (
            "a secret argument",
            b => [b.Ci with { Places = [new(b.Test) { Arguments = ["--deploy-key=x"] }] }],
            "--deploy-key=x is no parameter of the build, or a secret one"
        ),
        (
            "a secret that is no name",
            b => [b.Ci with { Places = [new(b.Test) { Secrets = ["A }} ${{ B"] }] }],
            "cannot be the name of a secret"
        ),
        (
            "a target that is left out and asked for",
            b => [b.Ci with { Skips = [b.Pack] }],
            "target Pack is in Skips, and elsewhere in the same workflow"
        ),
        (
            "a target that is left out and vanished",
            b => [b.Ci with { Skips = ["Gone"] }],
            "workflow ci: there is no target Gone any more"
        ),
        (
            "a variable that is no name",
            b => [b.Ci with { Places = [new(b.Test) { Variables = ["A }} ${{ B"] }] }],
            "cannot be the name of a variable"
        ),
        (
            "a variable that is a secret too",
            b => [b.Ci with { Places = [new(b.Test) { Variables = ["A"], Secrets = ["A"] }] }],
            "A is both a variable and a secret"
        ),
        (
            "a rescue with a secret of its own",
            b => [b.Ci with { Places = [new(b.Test) { Rescue = b.Recover, RescueSecrets = ["A"] }] }],
            "RescueSecrets has A, which is not among its Secrets"
        ),
        (
            "a secret of GitHub's own",
            b => [b.Ci with { Places = [new(b.Test) { Secrets = ["GITHUB_X"] }] }],
            "cannot be the name of a secret"
        ),
        (
            "a permission that is none",
            b => [b.Ci with { Places = [new(b.Test) { Permissions = Permissions.None.And("contents", "all") }] }],
            "the permission contents cannot be 'all'"
        ),
        (
            "an action by its tag",
            b => [b.Ci with { Setup = [new Step("actions/checkout@v4")] }],
            "actions/checkout@v4 is not pinned"
        ),
        (
            "a schedule that is none",
            b => [b.Ci with { On = [Trigger.Schedule("daily")] }],
            "the schedule 'daily' is not"
        ),
        (
            "a schedule out of range",
            b => [b.Ci with { On = [Trigger.Schedule("99 99 * * *")] }],
            "the schedule '99 99 * * *' is not minute, hour, day, month, weekday"
        ),
        ("a schedule by name", b => [b.Ci with { On = [Trigger.Schedule("@daily")] }], "the schedule '@daily' is not"),
        (
            "a schedule with seconds",
            b => [b.Ci with { On = [Trigger.Schedule("0 17 4 * * 1")] }],
            "the schedule '0 17 4 * * 1' is not"
        ),
        (
            "a schedule that GitHub cannot read",
            b => [b.Ci with { On = [Trigger.Schedule("0 4 L * *")] }],
            "the schedule '0 4 L * *' is not"
        ),
        (
            "a schedule that never comes",
            b => [b.Ci with { On = [Trigger.Schedule("0 4 30 2 *")] }],
            "the schedule '0 4 30 2 *' names a day that never comes"
        ),
        ("a schedule without one", b => [b.Ci with { On = [Trigger.Other("schedule")] }], "a schedule has no cron"),
        (
            "triggers that exclude",
            b => [b.Ci with { On = [Trigger.Push("main"), Trigger.Push("*", "!main")] }],
            "the 2 triggers for push cannot be one entry of the file"
        ),
        (
            "triggers of several kinds",
            b =>
                [
                    b.Ci with
                    {
                        On =
                        [
                            Trigger.PullRequest("main"),
                            Trigger.Other("pull_request", new YamlMap(("types", new YamlList("labeled")))),
                        ],
                    },
                ],
            "the 2 triggers for pull_request cannot be one entry"
        ),
        (
            "triggers with paths",
            b =>
                [
                    b.Ci with
                    {
                        On =
                        [
                            Trigger.Push("main"),
                            Trigger.Other("push", new YamlMap(("paths", new YamlList("docs/**")))),
                        ],
                    },
                ],
            "the 2 triggers for push cannot be one entry"
        ),
        (
            "a trigger with a key twice",
            b =>
                [
                    b.Ci with
                    {
                        On =
                        [
                            Trigger.Other(
                                "push",
                                new YamlMap(("branches", new YamlList("a")), ("branches", new YamlList("b")))
                            ),
                        ],
                    },
                ],
            "the trigger push has the key branches twice"
        ),
        (
            "an input in two triggers",
            b =>
                [
                    b.RollbackByHand with
                    {
                        On = [Trigger.Dispatch(new Input("tag")), Trigger.Dispatch(new Input("Tag"))],
                    },
                ],
            "the input tag is there twice"
        ),
        (
            "a key twice in Extra",
            b => [b.Ci with { Extra = new YamlMap(("env", new YamlMap(("A", "1"), ("A", "2")))) }],
            "Extra has the key env.A twice"
        ),
        (
            "a key twice in a place's Extra",
            b =>
                [
                    b.Ci with
                    {
                        Places = [new(b.Test) { Extra = new YamlMap(("env", new YamlMap()), ("env", new YamlMap())) }],
                    },
                ],
            "the place of Test: Extra has the key env twice"
        ),
        (
            "more jobs than GitHub runs",
            b =>
                [
                    b.Ci with
                    {
                        Places =
                        [
                            new(b.Test)
                            {
                                Matrix =
                                [
                                    new(
                                        nameof(ShopBuild.TestPart),
                                        [.. Enumerable.Range(0, 257).Select(part => $"{part}")]
                                    ),
                                ],
                            },
                        ],
                    },
                ],
            "its matrix makes 257 jobs, and GitHub runs 256 of one at most"
        ),
        (
            "a dimension twice",
            b => [b.Ci with { Places = [new(b.Test) { Matrix = [Axis.Runner("a"), Axis.Runner("b")] }] }],
            "its matrix has two dimensions for runner"
        ),
        (
            "a machine without a label",
            b => [b.Ci with { Runner = "[self-hosted, ]" }],
            "Runner '[self-hosted, ]' is no label of a machine: write one label, or several as [self-hosted, linux]"
        ),
        (
            "pull requests on a machine of one's own",
            b => [b.Ci with { Runner = "[self-hosted, linux]" }],
            "a pull request's code would run on a machine of your own ([self-hosted, linux]) and stay there for the next job: take one of GitHub's runners, leave pull requests out of On, or say why it may in TrustsPullRequests"
        ),
        (
            "pull requests on a place's machine of one's own",
            b => [b.Ci with { Places = [new(b.Test) { Runner = "Self-Hosted" }] }],
            "a pull request's code would run on a machine of your own (Self-Hosted)"
        ),
        (
            "pull requests on a machine of one's own in a matrix",
            b =>
                [
                    b.Ci with
                    {
                        On = [Trigger.Other("pull_request_target")],
                        Places = [new(b.Test) { Matrix = [Axis.Runner(Runners.Ubuntu2404, "[self-hosted, gpu]")] }],
                    },
                ],
            "a pull request's code would run on a machine of your own ([self-hosted, gpu])"
        ),
        (
            "trust without a reason",
            b => [b.Ci with { Runner = "self-hosted", TrustsPullRequests = " " }],
            "TrustsPullRequests is empty: say why"
        ),
        (
            "a place's machine that is none",
            b => [b.Ci with { Places = [new(b.Test) { Runner = "self-hosted, linux" }] }],
            "the place of Test: 'self-hosted, linux' is no label of a machine"
        ),
        (
            "a default that the parameter does not have",
            b =>
                [
                    b.RollbackByHand with
                    {
                        On = [Trigger.Dispatch(new Input(nameof(ShopBuild.Depth)) { Default = "deep" })],
                    },
                ],
            "the default 'deep' of the input Depth is not among its choices: shallow, very-deep"
        ),
        (
            "a choice that the parameter does not have",
            b =>
                [
                    b.RollbackByHand with
                    {
                        On = [Trigger.Dispatch(new Input(nameof(ShopBuild.Depth)) { Choices = ["shallow", "deep"] })],
                    },
                ],
            "the choice 'deep' of the input Depth is no value of the parameter, which has shallow, very-deep"
        ),
        ("a time limit that is none", b => [b.Ci with { Timeout = TimeSpan.Zero }], "Timeout is not positive"),
        (
            "a matrix without values",
            b => [b.Ci with { Places = [new(b.Test) { Matrix = [Axis.Runner()] }] }],
            "a dimension of its matrix has no value"
        ),
        (
            "a matrix with an output",
            b => [b.Staging with { Places = [new(b.PushImages) { Matrix = [Axis.Runner("a", "b")] }] }],
            "of which there can be one only"
        ),
        (
            "a key that is generated",
            b => [b.Ci with { Extra = new YamlMap(("jobs", new YamlMap())) }],
            "Extra repeats jobs"
        ),
        (
            "a key of a job that is generated",
            b => [b.Ci with { Places = [new(b.Test) { Extra = new YamlMap(("permissions", "write-all")) }] }],
            "Extra repeats permissions"
        ),
        (
            "an address without an environment",
            b => [b.Ci with { Places = [new(b.Test) { Url = "https://x" }] }],
            "has an address but no environment"
        ),
        ("a place without targets", b => [b.Ci with { Places = [new()] }], "a place has no target"),
        (
            "a job's name that is none",
            b => [b.Ci with { Places = [new(b.Test) { Name = "workflows" }] }],
            "cannot be a job's name"
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
    public async Task All_mistakes_are_told_at_once()
    {
        var (_, error) = await Shop.GenerateAsync(b =>
            [b.Ci with { Targets = ["Gone"], On = [] }, b.Staging with { CancelsOlderRuns = true }]
        );
        error.ShouldContain("there is no target Gone");
        error.ShouldContain("On is empty");
        error.ShouldContain("workflow staging: CancelsOlderRuns");
    }

    [Test]
    public async Task Targets_that_wait_for_each_other_are_named()
    {
        var run = await new Recyclic.Build.Testing.BuildTester().RunAsync<CircleBuild>("Workflows", "--check");
        run.ExitCode.ShouldBe(2, run.Output);
        run.Output.ShouldContain("circular dependencies between targets: ");
    }

    [Test]
    public async Task A_secret_that_every_target_requires_is_refused()
    {
        var run = await new Recyclic.Build.Testing.BuildTester
        {
            Environment = { ["API_TOKEN"] = "s3cret-value" },
        }.RunAsync<GreedyBuild>("Workflows", "--check");
        run.ExitCode.ShouldBe(2, run.Output);
        run.Output.ShouldContain("parameter --api-token is a secret that is required whatever runs");
    }

    private sealed class CircleBuild : Recyclic.Build.RecyclicBuild, Recyclic.Components.IWorkflows
    {
        public Recyclic.Build.Target A => _ => _.DependsOn(B);
        public Recyclic.Build.Target B => _ => _.DependsOn(A);
        public IEnumerable<Workflow> WorkflowDefinitions => [new("w") { On = [Trigger.Push()], Targets = [A] }];
    }

    private sealed class GreedyBuild : Recyclic.Build.RecyclicBuild, Recyclic.Components.IWorkflows
    {
        [Recyclic.Build.Parameter, Recyclic.Build.Secret, Recyclic.Build.Required]
        public string? ApiToken { get; set; }
        public Recyclic.Build.Target A => _ => _;
        public IEnumerable<Workflow> WorkflowDefinitions => [new("w") { On = [Trigger.Push()], Targets = [A] }];
    }
}
