using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Releases that are judged once users have them.</summary>
[CancelAfter(30_000)]
internal sealed class WatchScenarios
{
    private static readonly DeployOptions Options = new() { WatchFor = TimeSpan.FromSeconds(30) };

    [Test]
    public async Task A_good_one_is_watched_and_the_old_one_runs_until_then()
    {
        var stage = await ServingAsync();
        var ran = false;
        stage.Cluster.Verdict = _ =>
        {
            ran = stage.Cluster.Running.Contains("api.blue");
            return new(CanaryAnswer.Pass, "well");
        };
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        ran.ShouldBeTrue();
        stage.Cluster.Running.ShouldBe(["api.green", "web.green", "bot.green"]);
        stage.Cluster.Journal.History.Last().Trigger.ShouldBeNull();
    }

    [Test]
    public async Task Its_plan_says_so_and_a_first_deploy_and_a_rollback_have_none()
    {
        var stage = new Stage { Options = Options };
        var first = (await stage.PlanAsync("1")).ToText();
        first.ShouldNotContain("judged against");
        first.ShouldContain("note: there is no release to go back to from the first one");
        await stage.DeployAsync("1");
        (await stage.PlanAsync("2"))
            .ToText()
            .ShouldContain("watch green for 30 s, judged against the last hour of blue");
        await stage.DeployAsync("2");
        stage.Cluster.Verdict = _ => Breach;
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task A_breach_takes_everybody_back_and_history_says_by_what()
    {
        var stage = await ServingAsync();
        stage.Cluster.Verdict = asked => asked.Elapsed > TimeSpan.FromSeconds(10) ? Breach : Well;
        var outcome = await stage.DeployAsync("2");
        (outcome.ExitCode, outcome.Outcome).ShouldBe((1, Outcome.Undone));
        outcome.Failure!.Cause.Message.ShouldBe("the watch found high_error_rate: 8% fail");
        stage.ShouldBeSettledOn("1");
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "1"]);
        var entry = stage.Cluster.Journal.History.Last();
        (entry.Trigger, entry.Reason).ShouldBe(("high_error_rate", "the watch found high_error_rate: 8% fail"));
    }

    [Test]
    public async Task A_second_breach_within_an_hour_moves_nobody_and_leaves_nothing_to_recover()
    {
        var stage = await ServingAsync();
        stage.Cluster.Verdict = _ => Breach;
        await stage.DeployAsync("2");
        var outcome = await stage.DeployAsync("3");
        outcome.ExitCode.ShouldBe(3);
        outcome.Undone.ShouldBeEmpty();
        outcome.Failure!.Cause.Message.ShouldContain(
            "nobody is moved back without a person: it would be the second time within an hour"
        );
        stage.ShouldBeSettledOn("3");
        // The one before is warm: who decides to go back does so at once.
        stage.Cluster.Running.ShouldContain("api.blue");
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.ShouldBeSettledOn("1");
    }

    [Test]
    public async Task Nobody_is_moved_onto_a_release_that_is_not_healthy()
    {
        var stage = await ServingAsync();
        stage.Cluster.Verdict = _ =>
        {
            stage.Cluster.Change(
                "the old api fails",
                () => stage.Cluster.Sicken(stage.Cluster.Of(Slot.Blue).First(each => each.Service == "api").Id)
            );
            return Breach;
        };
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(3);
        outcome.Failure!.Cause.Message.ShouldEndWith("1 on blue is not healthy either");
        stage.Cluster.SeenNow().ShouldBe("2");
    }

    [Test]
    public async Task A_watch_whose_deployer_died_is_gone_on_with_by_Recover_which_goes_back_on_a_breach()
    {
        var stage = await ServingAsync();
        using var process = new MemoryProcess
        {
            DiesAfter = (_, _) => stage.Cluster.Journal.Interrupted?.Step?.Contains("judged against") == true,
        };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "2"
            )
        ).ShouldBeTrue();
        stage.Cluster.SeenNow().ShouldBe("2");
        stage.Cluster.Verdict = _ => Breach;
        await stage.RecoverAsync();
        stage.ShouldBeSettledOn("1");
    }

    private static CanaryVerdict Well => new(CanaryAnswer.Pass, "well");

    private static CanaryVerdict Breach => new(CanaryAnswer.Breach, "8% fail") { Trigger = "high_error_rate" };

    private static async Task<Stage> ServingAsync()
    {
        var stage = new Stage(Given.StoreModel);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Options = Options;
        return stage;
    }
}
