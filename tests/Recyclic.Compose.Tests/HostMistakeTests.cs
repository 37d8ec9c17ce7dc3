using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Compose.Tests;

/// <summary>What the engine lacks, and what does not work on the host: refused before anything is touched.</summary>
[CancelAfter(10_000)]
public sealed class HostMistakeTests
{
    private static readonly ImageFacts WebImage = new("web:t1", "sha256:1", "amd64", "linux");
    private static readonly ImageFacts ApiImage = new("api:t1", "sha256:2", "amd64", "linux");

    [Test]
    public async Task An_engine_or_compose_that_is_too_old_is_refused(CancellationToken cancellationToken)
    {
        (
            await RefusalAsync(
                FakeEngine.Facts with
                {
                    Version = "19.3",
                    ApiVersion = new Version(1, 40),
                },
                [WebImage, ApiImage],
                cancellationToken
            )
        ).Message.ShouldContain(
            "engine: version 19.3 (API 1.40) is too old\n      mend: Use Docker Engine 20.10 or later (API 1.41)"
        );
        (
            await RefusalAsync(
                FakeEngine.Facts with
                {
                    ComposeVersion = new Version(2, 19),
                },
                [WebImage, ApiImage],
                cancellationToken
            )
        ).Message.ShouldContain("docker compose: version 2.19 is too old\n      mend: Use Compose 2.20 or later");
    }

    [Test]
    public async Task An_image_of_another_architecture_is_refused(CancellationToken cancellationToken) =>
        (await RefusalAsync(FakeEngine.Facts, [WebImage, ApiImage with { Architecture = "arm64" }], cancellationToken))
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                "service api: api:t1 is built for linux/arm64, the engine is linux/amd64\n      mend: Build it for the engine: docker build --platform linux/amd64 …"
            );

    [Test]
    public async Task A_tag_that_no_service_has_and_a_service_that_lacks_it_are_told_apart(
        CancellationToken cancellationToken
    )
    {
        var unknown = await RefusalAsync(FakeEngine.Facts, [], cancellationToken);
        unknown.Problems.Select(problem => problem.Place).ShouldBe(["service web", "service api"]);
        unknown.Problems[0].Mend.ShouldContain("Is t1 the right tag?");
        var missing = (
            await RefusalAsync(FakeEngine.Facts, [WebImage], cancellationToken)
        ).Problems.ShouldHaveSingleItem();
        missing.Place.ShouldBe("service api");
        missing.What.ShouldBe("there is no image api:t1: not found");
        missing.Mend.ShouldContain("The other services have t1");
    }

    [TestCase("exited", "none", 137, "is exited (exit code 137)")]
    [TestCase("running", "unhealthy", 0, "is unhealthy")]
    [TestCase("paused", "none", 0, "is paused")]
    public void An_accessory_that_does_not_work_is_refused(string state, string health, int exitCode, string what)
    {
        var refusal = Should.Throw<ConfigurationException>(() =>
            Preconditions.Check(App(), Now(Accessory("db", state, health, exitCode)))
        );
        refusal.Message.ShouldContain($"accessory db: test-db-1 {what}");
        refusal.Message.ShouldContain("docker start test-db-1");
    }

    [Test]
    public void An_accessory_that_others_wait_for_to_complete_may_have_ended_well_but_not_badly()
    {
        Preconditions.Check(App(), Now(Accessory("setup", "exited", "none", 0)));
        Should.Throw<ConfigurationException>(() =>
            Preconditions.Check(App(), Now(Accessory("setup", "exited", "none", 1)))
        );
        Should.Throw<ConfigurationException>(() =>
            Preconditions.Check(App(), Now(Accessory("db", "exited", "none", 0)))
        );
    }

    [Test]
    public void A_full_disk_is_refused() =>
        Preconditions
            .DiskFull(12)
            .Message.ShouldContain("engine's disk: only 12 MB are free, fewer than 200\n      mend: Free some space");

    [Test]
    public void A_full_disk_is_noticed_before_a_plan_is_made() =>
        Should
            .Throw<ConfigurationException>(() =>
                Preconditions.Check(App(), Snapshot.Empty("test") with { FreeMegabytes = 12 })
            )
            .Message.ShouldContain("only 12 MB are free");

    private static async Task<ConfigurationException> RefusalAsync(
        EngineFacts facts,
        ImageFacts[] images,
        CancellationToken cancellationToken
    ) =>
        await Should.ThrowAsync<ConfigurationException>(() =>
            new Validator(FakeEngine.With(Model(), facts, images: images), Nobody.New()).ValidateAsync(
                Request(),
                cancellationToken
            )
        );

    private static DeployRequest Request() =>
        new("docker-compose.yml", null, ReleaseTag.Parse("t1"), null, "ann@laptop", false, new DeployOptions());

    private static Application App() => ComposeReader.Read(Model(), engineIsLocal: true);

    private static Snapshot Now(Container accessory) => Snapshot.Empty("test") with { Accessories = [accessory] };

    private static Container Accessory(string service, string state, string health, int exitCode) =>
        new(
            "id",
            $"test-{service}-1",
            service,
            state,
            health,
            exitCode,
            "sha256:9",
            default,
            ImmutableDictionary<string, string>.Empty,
            []
        );

    private static ComposeModel Model()
    {
        var resolved = (JsonObject)
            JsonNode.Parse(
                """
                {"name":"test","services":{
                  "web":{"image":"web:t1","ports":[{"target":8080,"published":"80","protocol":"tcp"}],"healthcheck":{"test":["CMD","true"]},
                         "depends_on":{"setup":{"condition":"service_completed_successfully"},"db":{"condition":"service_healthy"}}},
                  "api":{"image":"api:t1","healthcheck":{"test":["CMD","true"]}},
                  "db":{"image":"db:1"},"setup":{"image":"db:1"}}}
                """
            )!;
        return new ComposeModel(resolved, "docker-compose.yml") { TagUsers = ["web", "api"] };
    }

    /// <summary>A reporter that nobody reads.</summary>
    public class Nobody : DispatchProxy
    {
        public static IDeployReporter New() => Create<IDeployReporter, Nobody>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
}
