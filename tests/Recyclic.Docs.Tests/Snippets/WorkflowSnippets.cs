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
