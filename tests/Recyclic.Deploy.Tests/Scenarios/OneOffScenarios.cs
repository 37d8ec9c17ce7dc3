using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>A release that migrates before its services start.</summary>
[CancelAfter(60_000)]
internal sealed class OneOffScenarios
{
    private const string Model = """
        {
          "name": "shop",
          "services": {
            "web": {
              "image": "team/web:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 80, "published": "8080", "protocol": "tcp" }],
              "depends_on": { "migrate": { "condition": "service_completed_successfully" } }
            },
            "migrate": { "image": "team/migrate:${TAG}" }
          }
        }
        """;

    [Test]
    public async Task It_runs_once_for_each_release_before_what_waits_for_it()
    {
        var stage = await UpgradedAsync();
        stage
            .Cluster.Changes.Where(change =>
                change.StartsWith("run ", StringComparison.Ordinal)
                || change.StartsWith("start ", StringComparison.Ordinal)
            )
            .Distinct()
            .ShouldBe([
                "start edge",
                "run migrate in blue",
                "start 1 in blue",
                "run migrate in green",
                "start 2 in green",
            ]);
        stage
            .Cluster.Of(Slot.Green)
            .Single(container => container.Service == "migrate")
            .ShouldSatisfyAllConditions(
                migrate => migrate.State.ShouldBe("exited"),
                migrate => migrate.RestartsByItself.ShouldBeFalse()
            );
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2"]);
        stage.Reporter.Lines.ShouldContain(
            line => line.Contains("migrate-green-1-2 says good-bye", StringComparison.Ordinal),
            "its output is shown"
        );
    }

    [Test]
    public async Task Its_plan_says_it()
    {
        var stage = new Stage(Model);
        (await stage.PlanAsync("1"))
            .Steps.Select(step => step.Action.Describe())
            .ShouldBe([
                "create networks",
                "start edge",
                "run migrate once in blue, before web (in 10 min)",
                "start blue with 1",
                "gate: web in blue healthy (in 2 min)",
                "cut over: all traffic to blue",
                "publish 8080",
                "commit 1 on blue",
                "watch blue until it has been up 2.5 s and is healthy",
            ]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_rollback_does_not_run_it_again(bool warm)
    {
        var stage = await UpgradedAsync(new DeployOptions { KeepWarm = warm });
        stage.Cluster.Changes.Clear();
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.Changes.ShouldNotContain(change => change.Contains("migrate", StringComparison.Ordinal));
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task A_rollback_to_a_release_that_is_started_from_its_images_does_not_run_it_either_and_can_be_gone_back_to()
    {
        var stage = await UpgradedAsync();
        await stage.DeployAsync("3");
        stage.Cluster.Changes.Clear();
        (await stage.RollbackAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Changes.ShouldNotContain(change => change.StartsWith("run ", StringComparison.Ordinal));
        stage.Cluster.Of(Slot.Green).Single(container => container.Service == "migrate").State.ShouldBe("created");
        var now = await stage.ObserveAsync();
        now.CanReturnTo(now.Current!).ShouldBeTrue();
    }

    [Test]
    public async Task One_that_fails_undoes_the_deploy_and_its_last_lines_are_the_evidence()
    {
        var stage = new Stage(Model);
        await stage.DeployAsync("1");
        stage.Cluster.Fates["sha256:migrate-2"] = Fate.Exits;
        var outcome = await stage.DeployAsync("2");
        outcome.Outcome.ShouldBe(Outcome.Undone);
        outcome.Failure!.Cause.Message.ShouldBe("shop--green-migrate-1 ended with exit code 1");
        outcome.Failure.Evidence.ShouldContain(line => line.Contains("says good-bye", StringComparison.Ordinal));
        stage.Cluster.Changes.ShouldNotContain("start 2 in green");
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
    }

    [Test]
    public async Task One_that_never_ends_is_ended_by_its_deadline()
    {
        var stage = new Stage(Model);
        await stage.DeployAsync("1");
        stage.Cluster.Fates["sha256:migrate-2"] = Fate.StaysStarting;
        // Short enough for the clock of these tests to jump over it.
        stage.Model = Model.Replace(
            "\"team/migrate:${TAG}\"",
            "\"team/migrate:${TAG}\", \"x-recyclic\": { \"deadline\": \"13s\" }",
            StringComparison.Ordinal
        );
        var outcome = await stage.DeployAsync("2");
        outcome.Outcome.ShouldBe(Outcome.Undone);
        outcome.Failure!.Cause.Message.ShouldMatch("^(shop--green-migrate-1|migrate) had not ended after 13 s$");
        outcome.Failure.Evidence.ShouldContain(line =>
            line.Contains("x-recyclic: { deadline: 30m }", StringComparison.Ordinal)
        );
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task Wherever_its_deployer_dies_users_keep_a_release_and_the_next_deploy_works()
    {
        for (var call = 1; ; call++)
        {
            var stage = new Stage(Model);
            await stage.DeployAsync("1");
            if (
                !await stage.DiesAsync(
                    new MemoryProcess { DiesAfter = (number, _) => number == call },
                    (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                    "2"
                )
            )
            {
                call.ShouldBeGreaterThan(15);
                return;
            }
            (await stage.DeployAsync("3")).ExitCode.ShouldBe(0, $"call {call}");
            stage.Cluster.Seen.Skip(1).ShouldNotContain("nothing", $"call {call}");
            stage.Cluster.SeenNow().ShouldBe("3");
        }
    }

    private static async Task<Stage> UpgradedAsync(DeployOptions? options = null)
    {
        var stage = new Stage(Model) { Options = options ?? new DeployOptions() };
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        return stage;
    }
}
