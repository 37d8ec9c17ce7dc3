using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Docs.Tests;

/// <summary>The plans in docs/how-a-deploy-works.md are what the planner says of the sample.</summary>
public class PlanTextTests
{
    private const string Page = "docs/how-a-deploy-works.md";
    private static readonly DateTimeOffset At = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<ReleaseService> Services =
    [
        new("api", "recyclic/api:${TAG}", 1, Exclusive: false, null, "unless-stopped", HasHealthCheck: true),
        new("frontend", "recyclic/frontend:${TAG}", 1, Exclusive: false, null, "unless-stopped", HasHealthCheck: true),
        new("bot", "recyclic/bot:${TAG}", 1, Exclusive: true, null, "unless-stopped", HasHealthCheck: true),
    ];

    private static readonly Application Sample = new(
        "recyclic",
        Services,
        [
            new Accessory("postgres", "recyclic/postgres:15", true),
            new Accessory("redis", "recyclic/redis:7", true),
            new Accessory("telegram", "recyclic/telegram:1", true),
        ],
        [
            new Route("api", 8000, 8000, null, RouteMode.Http, null, null, 1),
            new Route("frontend", 4444, 4444, null, RouteMode.Http, null, null, 1),
        ],
        new JsonObject(),
        []
    );

    [Test]
    public void The_plan_of_a_first_deploy_is_as_shown() =>
        ShouldBeShown(
            DeployPlanner.Deploy(Sample, Snapshot.Empty("recyclic"), ReleaseOf("5d0c31e"), new DeployOptions()),
            "first deploy"
        );

    [Test]
    public void The_plan_of_a_later_deploy_is_as_shown() =>
        ShouldBeShown(
            DeployPlanner.Deploy(Sample, TwoDeploysLater(greenRuns: false), ReleaseOf("e91b7d2"), new DeployOptions()),
            "later deploy"
        );

    [Test]
    public void The_plan_of_a_rollback_to_a_stopped_release_is_as_shown() =>
        ShouldBeShown(RollbackPlan(greenRuns: false), "rollback to a stopped release");

    [Test]
    public void The_plan_of_a_rollback_to_a_warm_release_is_as_shown() =>
        ShouldBeShown(RollbackPlan(greenRuns: true), "rollback to a warm release");

    /// <summary>Fails with the text that the page should have.</summary>
    private static void ShouldBeShown(DeployPlan plan, string block) =>
        Assert.That(
            Docs.Block(Page, "plan: " + block),
            Is.EqualTo(plan.ToText()),
            $"{Page} should show:\n{plan.ToText()}"
        );

    private static DeployPlan RollbackPlan(bool greenRuns)
    {
        var now = TwoDeploysLater(greenRuns);
        return RollbackPlanner.Plan(now, now.Journal.Previous!, new DeployOptions());
    }

    /// <summary>5d0c31e was deployed to green, c82fa04 then to blue, where it serves.</summary>
    private static Snapshot TwoDeploysLater(bool greenRuns)
    {
        var (first, second) = (ReleaseOf("5d0c31e"), ReleaseOf("c82fa04"));
        var naming = new Naming("recyclic");
        var networks = naming.Networks;
        var configuration = EdgeConfiguration.For("recyclic", Sample.Routes, Sample.Routes);
        return Snapshot.Empty("recyclic") with
        {
            Generation = 2,
            Share = Slot.Blue.FullShare(),
            FileShare = Slot.Blue.FullShare(),
            Journal = new Journal([
                CommitOf(first, Slot.Green, At),
                BeginOf(second, Slot.Blue, At.AddDays(1), keepWarm: greenRuns),
                CommitOf(second, Slot.Blue, At.AddDays(1)),
            ]),
            Edge = new EdgeState(Exists: true, IsRunning: true, configuration.Hash, [], "", networks),
            Gates =
            [
                .. configuration.Ports.Select(port => new GateState(
                    new PortGate(null, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
                    port,
                    port,
                    true
                )),
            ],
            Blue = new SlotState(
                Slot.Blue,
                [.. Services.Select(service => ContainerOf(service, Slot.Blue, second, runs: true))]
            ),
            Green = new SlotState(
                Slot.Green,
                [
                    .. Services.Select(service =>
                        ContainerOf(service, Slot.Green, first, greenRuns && !service.Exclusive)
                    ),
                ]
            ),
            Accessories = [.. Sample.Accessories.Select(accessory => AccessoryOf(accessory.Name, networks))],
            Networks = [.. networks],
        };
    }

    private static JournalRecord BeginOf(Release release, Slot slot, DateTimeOffset at, bool keepWarm) =>
        new(at, $"deploy of {release.Tag}", JournalKind.Begin)
        {
            Operation = Operation.Deploy,
            Release = release,
            Slot = slot,
            KeepWarm = keepWarm,
        };

    private static JournalRecord CommitOf(Release release, Slot slot, DateTimeOffset at) =>
        new(at, $"deploy of {release.Tag}", JournalKind.Commit) { Release = release, Slot = slot };

    private static Release ReleaseOf(string tag) =>
        Release.Of(
            tag,
            Services.ToDictionary(
                service => service.Name,
                service => new ImageRef($"recyclic/{service.Name}:{tag}", $"sha256:{service.Name}-{tag}")
            )
        );

    private static Container ContainerOf(ReleaseService service, Slot slot, Release release, bool runs) =>
        new(
            $"{slot}-{service.Name}",
            $"recyclic-{slot.Name()}-{service.Name}-1",
            service.Name,
            runs ? "running" : "exited",
            runs ? "healthy" : "none",
            0,
            release.Images[service.Name].Digest,
            At,
            new Dictionary<string, string>
            {
                [Naming.ReleaseLabel] = release.Id,
                [Naming.TagLabel] = release.Tag,
                [Naming.RoutesLabel] = Route.ToLabel(Sample.Routes.Where(route => route.Service == service.Name)),
                [Naming.ExclusiveLabel] = service.Exclusive ? "true" : "false",
            }.ToImmutableDictionary(),
            []
        );

    private static Container AccessoryOf(string name, ImmutableArray<string> networks) =>
        new(
            name,
            $"recyclic-{name}-1",
            name,
            "running",
            "healthy",
            0,
            "",
            At,
            ImmutableDictionary<string, string>.Empty,
            networks
        );
}
