using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Workflows.Generation;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// A shop's pipeline: test, build, push, staging, a person's approval, production; a hotfix and a rollback.
/// </summary>
public sealed class ShopBuild : RecyclicBuild, IWorkflows
{
    /// <summary>What a test wants instead.</summary>
    public static AsyncLocal<Func<ShopBuild, IEnumerable<Workflow>>?> Definitions { get; } = new();

    /// <summary>What a test wants besides GitHub.</summary>
    public static AsyncLocal<ImmutableArray<ICiSystem>?> Systems { get; } = new();

    public IEnumerable<ICiSystem> CiSystems => Systems.Value is { } systems ? systems : [new GitHubActions()];

    [Parameter("Image tag of the release")]
    public string? Tag { get; set; }

    [Parameter("Where to")]
    public string? Environment { get; set; }

    [Parameter("Password of the registry"), Secret]
    public string? RegistryPassword { get; set; }

    [Parameter("Key of the production host"), Secret]
    public string? DeployKey { get; set; }

    [Parameter("Part of the tests")]
    public string? TestPart { get; set; }

    [Parameter("Without waiting for the soak")]
    public bool Hotfix { get; set; }

    [Parameter("How far to look back")]
    public Depth? Depth { get; set; }

    [Parameter("How often to repeat the tests")]
    public int? Repeats { get; set; }

    public Output<string> Digests => GetOutput<string>();

    public Target Setup => _ => _.Executes(() => { });
    public Target Test => _ => _.DependsOn(Setup).Produces(".nuke/temp/test-results/*.trx").Executes(() => { });
    public Target Pack => _ => _.DependsOn(Setup).After(Test).Produces("output/*.nupkg").Executes(() => { });
    public Target BuildImages => _ => _.DependsOn(Setup).After(Test).Executes(() => { });
    public Target PushImages =>
        _ =>
            _.DependsOn(BuildImages)
                .Requires(() => RegistryPassword)
                .Outputs(Digests)
                .Executes(() => Digests.Set("api@sha256:1"));
    public Target DeployStaging =>
        _ => _.DependsOn(Setup, PushImages).Executes(() => WriteLine($"staging gets {Digests.Value}"));
    public Target ApproveProduction => _ => _.DependsOn(DeployStaging).Executes(() => { });
    public Target AtomicDeploy =>
        _ =>
            _.DependsOn(Setup, ApproveProduction)
                .Consumes(Pack)
                .DependsOn(Pack)
                .Requires(() => DeployKey)
                .Executes(() => { });
    public Target Report => _ => _.After(PushImages).Executes(() => { });
    public Target Rollback => _ => _.DependsOn(Setup).Requires(() => DeployKey).Executes(() => { });
    public Target Recover => _ => _.DependsOn(Setup).Requires(() => DeployKey).Executes(() => { });

    public IEnumerable<Workflow> WorkflowDefinitions => Definitions.Value?.Invoke(this) ?? All;

    public IEnumerable<Workflow> All => [Ci, Staging, Production, HotfixByHand, RollbackByHand];

    public Workflow Ci =>
        new("ci")
        {
            On = [Trigger.Push("main", "develop"), Trigger.PullRequest()],
            Targets = [Test, Pack],
            OnEachRunner = [Setup],
            Places =
            [
                new(Test)
                {
                    Matrix =
                    [
                        Axis.Runner(Runners.Ubuntu2404, Runners.Windows2025),
                        new(nameof(TestPart), "unit", "end to end"),
                    ],
                },
            ],
            CancelsOlderRuns = true,
        };

    public Workflow Staging =>
        new("staging")
        {
            On = [Trigger.Push("develop")],
            Targets = [Test, DeployStaging],
            OnEachRunner = [Setup],
            Places = [Images, ToStaging],
        };

    public Workflow Production =>
        new("production")
        {
            On = [Trigger.Push("main")],
            Targets = [Test, AtomicDeploy],
            OnEachRunner = [Setup],
            Places = [Images, ToStaging, Approval, ToProduction],
        };

    public Workflow HotfixByHand =>
        new("hotfix")
        {
            On =
            [
                Trigger.Dispatch(
                    new Input(nameof(Tag)) { IsRequired = true },
                    new Input(nameof(Hotfix)) { Default = "true" }
                ),
            ],
            Targets = [Test, AtomicDeploy],
            OnEachRunner = [Setup],
            Places = [Images, ToStaging, Approval, ToProduction],
        };

    public Workflow RollbackByHand =>
        new("rollback")
        {
            On =
            [
                Trigger.Dispatch(
                    new Input(nameof(Tag)) { Description = "Release to return to: \"\" is the previous one" }
                ),
            ],
            Targets = [Rollback],
            OnEachRunner = [Setup],
            Places = [ToProduction with { Targets = [Rollback] }],
            IsUrgent = true,
        };

    private Place Images =>
        new(BuildImages, PushImages)
        {
            Name = "images",
            Permissions = Permissions.ReadContents.And("packages", "write"),
        };
    private Place ToStaging =>
        Place.Deploy("staging", DeployStaging) with
        {
            Arguments = ["--environment", "staging"],
            Secrets = ["SLACK_WEBHOOK"],
            Variables = ["STAGING_HOST"],
        };
    private Place Approval => Place.Gate("production-approval", ApproveProduction);
    private Place ToProduction =>
        Place.Deploy("production", AtomicDeploy) with
        {
            Arguments = ["--environment=production"],
            Url = "https://shop.example.org",
            Timeout = TimeSpan.FromMinutes(60),
            Rescue = Recover,
        };
}

public enum Depth
{
    Shallow,
    VeryDeep,
}
