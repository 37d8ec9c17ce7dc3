using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>A first deploy of an application that plain compose runs already, with a worker that must not run twice.</summary>
[CancelAfter(60_000)]
internal sealed class AdoptionScenarios
{
    [Test]
    public async Task It_is_refused_until_somebody_agrees_and_nothing_is_touched()
    {
        var stage = Running();
        var before = stage.Cluster.Changes.Count(change => change != "time passes");
        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"));
        refused.Message.ShouldContain("it runs already under plain compose (/srv/store/docker-compose.yml)");
        refused.Message.ShouldContain(
            "store-api-1 (api) publishes 8000: stopped when the release has passed its gate, and the edge has its ports at once"
        );
        refused.Message.ShouldContain("store-bot-1 (bot): stopped at the switch");
        refused.Message.ShouldContain("store-db-1 (db): stays as it is, running, with its data");
        refused.Message.ShouldContain("--adopt");
        stage.Adopts = _ => false;
        await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"));
        stage.Cluster.Changes.Count(change => change != "time passes").ShouldBe(before);
        stage.Cluster.SeenNow().ShouldBe(MemoryCluster.PlainCompose);
    }

    [Test]
    public async Task A_dry_run_asks_nobody_and_says_what_is_taken_over()
    {
        var plan = await Running().PlanAsync("1");
        plan.ToText().ShouldContain("take over 4444, 8000 from store-api-1, store-web-1 (at most 1 s without service)");
        plan.Steps.Select(step => step.Action)
            .Where(step => step is StopAdopted or TakeOverPorts or HandOver or CutOver or Commit)
            .Select(step => step.GetType().Name)
            .ShouldBe(["StopAdopted", "HandOver", "CutOver", "TakeOverPorts", "Commit"]);
        plan.Notes.ShouldContain("store-db-1 (db): stays as it is, running, with its data");
    }

    [Test]
    public async Task It_takes_over_and_what_ran_stays_stopped()
    {
        var stage = Agreed();
        var outcome = await stage.DeployAsync("1");
        outcome.ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
        stage.Cluster.Seen.ShouldBe(["nothing", MemoryCluster.PlainCompose, "nothing", "1"]);
        stage.Cluster.RanTwice.ShouldBeFalse();
        Plain(stage).ShouldBe(["api exited no", "bot exited no", "web exited no"], ignoreOrder: true);
        stage.Cluster.Accessories.Single(container => container.Service == "db").IsRunning.ShouldBeTrue();
        stage
            .Cluster.Journal.Records[0]
            .Adopted!.Select(each => (each.Service, each.Restart))
            .ShouldContain(("bot", "always"));
        stage.Reporter.Lines.ShouldContain(line =>
            line.Contains("nobody listened on 4444, 8000 for 0.40 s at most", StringComparison.Ordinal)
        );
        stage.Adopts = null;
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0, "what is stopped needs nobody's word");
    }

    [TestCase("sha256:api-1", Fate.Exits)]
    [TestCase("sha256:bot-1", Fate.Exits)]
    [TestCase("sha256:web-1", Fate.SickensInService)]
    public async Task A_release_that_does_not_work_gives_everything_back(string image, Fate fate)
    {
        var stage = Agreed();
        stage.Cluster.Fates[image] = fate;
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(1);
        GivenBack(stage).ShouldBeNull();
        stage.Cluster.Fates.Clear();
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task Every_step_may_fail_and_gives_everything_back()
    {
        var steps = (await Running().PlanAsync("1")).Steps;
        for (var step = 1; step <= steps.Length; step++)
        {
            var stage = Agreed();
            var begun = 0;
            var process = new MemoryProcess
            {
                InterruptsAt = (_, call) => call == $"append {JournalKind.StepBegun}" && ++begun == step,
            };
            var outcome = await stage.DeployAsync("1", process);
            var what = $"cancelled at {steps[step - 1].Action.Describe()}: {outcome.Outcome}";
            if (steps[step - 1].Phase == Phase.Retire)
                continue;
            outcome.ExitCode.ShouldBe(130, what);
            GivenBack(stage).ShouldBeNull(what);
        }
    }

    [Test]
    public async Task It_may_be_killed_at_any_moment()
    {
        var wrong = new List<string>();
        var call = 1;
        for (; ; call++)
        {
            var stage = Agreed();
            var process = new MemoryProcess { DiesAfter = (number, _) => number == call };
            if (
                !await stage.DiesAsync(
                    process,
                    (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                    "1"
                )
            )
                break;
            if (await WrongAsync(stage) is { } what)
                wrong.Add($"killed after call {call}: {what}");
        }
        call.ShouldBeGreaterThan(30);
        wrong.ShouldBeEmpty();
    }

    [Test]
    public async Task A_recovery_that_gives_back_may_itself_be_killed_at_any_moment()
    {
        for (var call = 1; ; call++)
        {
            var stage = Agreed();
            var died = new MemoryProcess { DiesAfter = (_, name) => name == "open gates" };
            (
                await stage.DiesAsync(
                    died,
                    (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                    "1"
                )
            ).ShouldBeTrue();
            var again = new MemoryProcess { DiesAfter = (number, _) => number == call };
            if (
                !await stage.DiesAsync(
                    again,
                    (deployer, request, interrupted) => deployer.RecoverAsync(stage.App, request, interrupted),
                    null
                )
            )
                break;
            (await WrongAsync(stage)).ShouldBeNull($"killed after call {call}");
        }
    }

    [Test]
    public async Task Containers_of_two_compose_files_are_refused()
    {
        var stage = Agreed();
        stage.Cluster.Accessories[^1] = stage.Cluster.Accessories[^1] with
        {
            Labels = stage.Cluster.Accessories[^1].Labels.SetItem("com.docker.compose.project.config_files", "/b.yml"),
        };
        (await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"))).Message.ShouldContain(
            "containers of two compose files run in the project store: /b.yml: store-bot-1; /srv/store/docker-compose.yml:"
        );
        stage.Cluster.SeenNow().ShouldBe(MemoryCluster.PlainCompose);
    }

    [Test]
    public async Task What_the_file_does_not_have_is_said_and_left_alone()
    {
        var stage = Agreed();
        stage.Cluster.Accessories.Add(
            MemoryContainers.Accessory(Given.App(stage.Model), "old-cron") with
            {
                Networks = ["store_default"],
            }
        );
        var outcome = await stage.DeployAsync("1");
        outcome.ExitCode.ShouldBe(0);
        outcome.Plan.Notes.ShouldContain("store-old-cron-1 (old-cron): of no service of the file, left alone");
        stage.Cluster.Accessories[^1].IsRunning.ShouldBeTrue();
    }

    [Test]
    public async Task What_is_started_beside_a_release_later_is_named()
    {
        var stage = Agreed();
        await stage.DeployAsync("1");
        var worker = stage.Cluster.Accessories.FindIndex(container => container.Service == "bot");
        stage.Cluster.Accessories[worker] = stage.Cluster.Accessories[worker] with { State = "running" };
        (await stage.DeployAsync("2")).Plan.Notes.ShouldContain(note =>
            note.StartsWith("store-bot-1 runs under plain compose beside the release", StringComparison.Ordinal)
        );
    }

    /// <summary>An anonymous volume is the service's: the first release goes on with it.</summary>
    [Test]
    public async Task What_a_service_wrote_without_a_named_volume_is_the_releases()
    {
        var stage = new Stage(
            Given.StoreModel.Replace(
                "\"image\": \"team/api:${TAG}\",",
                "\"image\": \"team/api:${TAG}\", \"volumes\": [{ \"type\": \"volume\", \"target\": \"/data\" }],",
                StringComparison.Ordinal
            )
        )
        {
            Adopts = _ => true,
        };
        stage.Cluster.RunUnderCompose(Given.App(stage.Model));
        stage.Cluster.Volumes.Create("f00d", ImmutableDictionary<string, string>.Empty);
        var api = stage.Cluster.Accessories.FindIndex(container => container.Service == "api");
        stage.Cluster.Accessories[api] = stage.Cluster.Accessories[api] with
        {
            Mounts = [new Mount("volume", "f00d", "/data", true)],
        };
        var outcome = await stage.DeployAsync("1");
        outcome.Plan.Volumes.Select(volume => volume.Name).ShouldBe(["f00d"]);
    }

    private static Stage Running()
    {
        var stage = new Stage();
        stage.Cluster.RunUnderCompose(Given.App(stage.Model));
        return stage;
    }

    private static Stage Agreed()
    {
        var stage = Running();
        stage.Adopts = _ => true;
        return stage;
    }

    private static IEnumerable<string> Plain(Stage stage) =>
        stage
            .Cluster.Accessories.Where(container => container.Service is "api" or "web" or "bot")
            .Select(container => $"{container.Service} {container.State} {container.Restart}");

    private static string? GivenBack(Stage stage) =>
        stage.Cluster.SeenNow() != MemoryCluster.PlainCompose ? $"users see {stage.Cluster.SeenNow()}"
        : stage.Cluster.RanTwice ? "the bot ran twice"
        : stage.Cluster.Running.Any() ? $"{string.Join(", ", stage.Cluster.Running)} still run"
        : Plain(stage).Order().SequenceEqual(["api running always", "bot running always", "web running always"]) ? null
        : string.Join(", ", Plain(stage));

    private static async Task<string?> WrongAsync(Stage stage)
    {
        var before = string.Join(" | ", stage.Cluster.Changes.Where(change => change != "time passes").TakeLast(3));
        try
        {
            await stage.RecoverAsync();
            var cluster = stage.Cluster;
            if (cluster.Journal.Interrupted is not null)
                return $"still interrupted after {before}";
            if (cluster.Journal.Current is null && GivenBack(stage) is { } what)
                return $"{what} after {before}";
            if (
                cluster.Journal.Current is not null
                && (
                    cluster.SeenNow() != "1"
                    || Plain(stage).Any(each => !each.EndsWith(" exited no", StringComparison.Ordinal))
                )
            )
                return $"users see {cluster.SeenNow()}, {string.Join(", ", Plain(stage))} after {before}";
            if (cluster.RanTwice)
                return $"the bot ran twice after {before}";
            if ((await stage.DeployAsync("2")).ExitCode != 0 || cluster.SeenNow() != "2")
                return $"the next deploy fails after {before}";
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name}: {exception.Message} after {before}";
        }
    }
}
