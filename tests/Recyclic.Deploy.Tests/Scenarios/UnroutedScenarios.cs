using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// An application that publishes nothing, as workers and bots do: no edge is made, and the journal says what serves.
/// </summary>
[CancelAfter(60_000)]
internal sealed class UnroutedScenarios
{
    internal const string Model = """
        {
          "name": "mill",
          "services": {
            "worker": { "image": "team/worker:${TAG}", "healthcheck": { "test": ["CMD", "true"] } },
            "bot": { "image": "team/bot:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": { "overlap": false } }
          }
        }
        """;

    private const string BotAlone = """
        { "name": "mill", "services": { "bot": { "image": "team/bot:${TAG}", "x-recyclic": { "overlap": false, "settle": "2s" } } } }
        """;

    private const string Routed = """
        {
          "name": "mill",
          "services": {
            "worker": { "image": "team/worker:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "ports": [{ "target": 80, "published": "8080", "protocol": "tcp" }] }
          }
        }
        """;

    [Test]
    public async Task Its_plan_has_no_edge_and_no_word_of_users()
    {
        var stage = await UpgradedAsync();
        (await stage.PlanAsync("3"))
            .ToText()
            .ShouldBe(
                """
                deploy mill: 2 -> 3
                prepare (the new release starts; a failure undoes everything)
                  1. clear blue (held 1)
                  2. start blue with 3                                              undo: remove blue
                  3. gate: worker in blue healthy (in 2 min)
                shift (the new release takes over; a failure takes it back)
                  4. hand over bot: stop in green, start in blue, healthy (in 2 min)   undo: hand over bot: stop in blue, start in green, healthy (in 2 min)
                  5. commit 3 on blue                                               undo: commit 2 on green
                watch (the new release has taken over, the old one is warm; a failure takes it back)
                  6. watch blue until it has been up 2.5 s and is healthy
                retire (past the point of no return; a failure is a warning)
                  7. stop green (its containers stay)
                note: nothing is published, so no edge is made: a release works from its start on, beside the one before it until that one is stopped

                """,
                StringCompareShould.IgnoreLineEndings
            );
    }

    [TestCase(Model)]
    [TestCase(BotAlone)]
    public async Task It_is_deployed_upgraded_and_rolled_back_by_the_journal_alone(string model)
    {
        var stage = await UpgradedAsync(model);
        Serves(stage, "2", Slot.Green);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        Serves(stage, "1", Slot.Blue);
        stage.Cluster.RanTwice.ShouldBeFalse();
        var outcome = await stage.DeployAsync("3");
        outcome.ExitCode.ShouldBe(0);
        outcome.Requests.ShouldBeNull("nobody counts requests that nobody can send");
        Serves(stage, "3", Slot.Green);
    }

    [TestCase("sha256:worker-2")]
    [TestCase("sha256:bot-2")]
    public async Task A_release_that_does_not_work_is_undone(string image)
    {
        var stage = new Stage(Model);
        await stage.DeployAsync("1");
        stage.Cluster.Fates[image] = Fate.Exits;
        var outcome = await stage.DeployAsync("2");
        outcome.Outcome.ShouldBe(Outcome.Undone);
        outcome
            .Undone.Select(step => step.Describe())
            .ShouldNotContain(step =>
                step.Contains("drain", StringComparison.Ordinal) || step.Contains("traffic", StringComparison.Ordinal)
            );
        Serves(stage, "1", Slot.Blue);
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
    }

    [Test]
    public async Task Wherever_its_deployer_dies_one_release_works_in_the_end()
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
                call.ShouldBeGreaterThan(10);
                return;
            }
            await stage.RecoverAsync();
            var current = stage.Cluster.Journal.Current!;
            Serves(stage, current.Release.Tag, current.Slot);
            (await stage.DeployAsync("3")).ExitCode.ShouldBe(0, $"call {call}");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_that_begins_to_publish_a_port_gets_an_edge_and_loses_it_when_that_fails(bool works)
    {
        var stage = await UpgradedAsync();
        // What an edge of long ago would have left behind.
        stage.Cluster.FileShare = 0;
        stage.Model = Routed;
        if (!works)
            stage.Cluster.Fates["sha256:worker-3"] = Fate.Exits;
        var plan = (await stage.PlanAsync("3")).Steps.Select(step => step.Action.Describe()).ToList();
        plan.ShouldContain("start edge");
        plan.ShouldContain(
            "cut over: all traffic to green",
            "the share of long ago is not to send anybody to the release that is being started"
        );
        var outcome = await stage.DeployAsync("3");
        outcome.ExitCode.ShouldBe(works ? 0 : 1);
        stage.Cluster.Edge.Exists.ShouldBe(works);
        stage.Cluster.Journal.Current!.Release.Tag.ShouldBe(works ? "3" : "2");
        (await stage.ObserveAsync()).Serving.ShouldBe(works ? Slot.Blue : Slot.Green);
    }

    private static async Task<Stage> UpgradedAsync(string model = Model)
    {
        var stage = new Stage(model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        Serves(stage, "1", Slot.Blue);
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        return stage;
    }

    private static void Serves(Stage stage, string tag, Slot slot)
    {
        stage.Cluster.Edge.Exists.ShouldBeFalse();
        stage.Cluster.FileShare.ShouldBeNull("no share is written where nobody reads it");
        stage.Cluster.Journal.Current!.Release.Tag.ShouldBe(tag);
        stage.Cluster.Journal.Current.Slot.ShouldBe(slot);
        stage.Cluster.Of(slot).ShouldAllBe(container => container.IsHealthy && container.RestartsByItself);
        stage.Cluster.Of(slot.Other()).ShouldAllBe(container => !container.IsRunning && !container.RestartsByItself);
    }
}
