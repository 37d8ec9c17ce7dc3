using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Workflows;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.GitLab;

namespace Recyclic.Docs.Tests.Snippets;

#pragma warning disable CA1822 // A target may have nothing to do with its instance.

// snippet: pipeline
public class Pipeline : RecyclicBuild, IWorkflows
{
    [Parameter("Password of the registry"), Secret]
    public string? RegistryPassword { get; set; }

    public Output<string> Digests => GetOutput<string>();

    public Target Test => _ => _
        .LeavesNothing()
        .Executes(() => { });

    public Target PushImages => _ => _
        .DependsOn(Test)
        .Requires(() => RegistryPassword)
        .Outputs(Digests)
        .Executes(() => Digests.Set("sha256:1234"));

    public Target ApproveProduction => _ => _
        .DependsOn(PushImages)
        .Executes(() => { });

    public Target AtomicDeploy => _ => _
        .DependsOn(ApproveProduction)
        .Executes(() => WriteLine($"deploying {Digests.Value}"));

    public Target Recover => _ => _.Executes(() => { });

    public IEnumerable<Workflow> WorkflowDefinitions => [Ci, Production];

    Workflow Ci => new("ci")
    {
        On = [Trigger.PullRequest()],
        Targets = [Test],
        Places = [new(Test) { Matrix = [Axis.Runner(Runners.Ubuntu2404, Runners.Windows2025)] }],
        CancelsOlderRuns = true,
    };

    Workflow Production => new("production")
    {
        On = [Trigger.Push("main")],
        Targets = [AtomicDeploy],
        Places =
        [
            new(PushImages) { Permissions = Permissions.ReadContents.And("packages", "write") },
            Place.Gate("production-approval", ApproveProduction),
            Place.Deploy("production", AtomicDeploy) with { Rescue = Recover },
        ],
    };
}
// end

// snippet: gitlab
public class OnGitLab : Pipeline, IWorkflows
{
    IEnumerable<ICiSystem> IWorkflows.CiSystems =>
    [
        new GitHubActions(),
        new GitLabCi { Image = "dotnet-sdk:10.0", Tags = new GitLabCi().Tags.Add(Runners.Ubuntu2404, ["linux"]).Add(Runners.Windows2025, ["windows-bash"]) },
    ];
}
// end

// snippet: checks
public class Checks : RecyclicBuild, IWorkflows
{
    [Parameter("Part of the tests")]
    public string? Part { get; set; }

    [Parameter("How often to repeat them")]
    public int Repeats { get; set; } = 1;

    public Target Test => _ => _
        .RunsTests()
        .LeavesNothing()
        .Produces(".nuke/temp/test-results/*.trx")
        .Executes(() => { });

    public Target Pack => _ => _
        .DependsOn(Test)
        .Produces("output/*.nupkg")
        .Executes(() => { });

    public IEnumerable<Workflow> WorkflowDefinitions =>
    [
        new("checks")
        {
            RunName = "Checks of ${{ github.ref_name }}",
            On =
            [
                Trigger.Push("main").OnPaths("src/**", "!src/docs/**"),
                Trigger.Dispatch(new Input(nameof(Repeats)) { Default = "3" }),
                Trigger.Called(new Input(nameof(Repeats))),
            ],
            Targets = [Pack],
            Env = Env.Of("DOTNET_NOLOGO", "true"),
            Concurrency = new("checks-${{ github.ref }}") { CancelsRunning = true },
            Places =
            [
                new(Test)
                {
                    DisplayName = "Tests of ${{ matrix.part }} on ${{ matrix.runner }}",
                    If = "github.repository_owner == 'acme'",
                    Matrix = [Axis.Runner(Runners.Ubuntu2404, "[self-hosted, arm64]"), new(nameof(Part), "unit", "slow")],
                    Exclude = [Combination.On("[self-hosted, arm64]").And(nameof(Part), "slow")],
                    Include = [Combination.On(Runners.Windows2025).And(nameof(Part), "unit")],
                    MaxParallel = 2,
                    Services = [new("db", new("postgres:17") { Env = Env.Of("POSTGRES_PASSWORD", "test"), Ports = ["5432:5432"] })],
                    Env = Env.None.AndSecret("LICENCE", "ACME_LICENCE"),
                    KeepsArtifacts = TimeSpan.FromDays(7),
                    Steps = [Step.Script("./fetch-data \"$KIND\"") with { Env = Env.Of("KIND", "${{ matrix.part }}"), WorkingDirectory = "tests/data" }],
                    StepsAfter = [Step.Script("./report") with { If = "failure()", ContinuesOnError = true }],
                },
            ],
            Calls = [new Call("docs", "./.github/workflows/docs.yml") { After = [Pack] }.And("draft", "true")],
        },
    ];
}
// end
