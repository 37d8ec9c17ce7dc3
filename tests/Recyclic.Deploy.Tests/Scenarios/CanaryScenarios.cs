using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Releases that earn their traffic share by share.</summary>
[CancelAfter(30_000)]
internal sealed class CanaryScenarios
{
    internal static readonly CanaryTerms Terms = new([10, 50, 100], TimeSpan.FromSeconds(2));

    [Test]
    public async Task A_good_one_gets_one_share_after_the_other_and_then_all()
    {
        var stage = await ServingAsync();
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        Shares(stage).ShouldBe(["share 10", "share 50", "share 100"]);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "1~2", "2"]);
        stage.Cluster.RanTwice.ShouldBeFalse();
        stage.Cluster.Unprotected.ShouldBeNull();
        stage.Cluster.Running.ShouldBe(["api.green", "web.green", "bot.green"]);
        stage.Cluster.Journal.History.Last().Canary.ShouldBe([10, 50, 100]);
    }

    [Test]
    public async Task On_the_way_back_to_blue_the_share_of_green_falls()
    {
        var stage = await ServingAsync();
        await stage.DeployAsync("2");
        stage.Cluster.Changes.Clear();
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        Shares(stage).ShouldBe(["share 90", "share 50", "share 0"]);
    }

    [Test]
    public async Task Its_plan_says_each_share_and_what_takes_it_back()
    {
        var stage = await ServingAsync();
        var text = (await stage.PlanAsync("2")).ToText();
        text.ShouldContain("shift 10% of the visitors to green");
        text.ShouldContain("undo: cut over: all traffic to blue, drain green (at most 30 s)");
        text.ShouldContain("bake 10% on green for 2 s, judged beside blue");
        text.IndexOf("bake 50%", StringComparison.Ordinal)
            .ShouldBeLessThan(text.IndexOf("hand over bot", StringComparison.Ordinal));
    }

    [TestCase(10)]
    [TestCase(50)]
    public async Task One_that_is_worse_loses_its_users_is_drained_and_only_then_stopped(int at)
    {
        var stage = await ServingAsync();
        stage.Cluster.Verdict = asked =>
            asked.Percent == at ? new(CanaryAnswer.Breach, "8% fail") : new(CanaryAnswer.Pass, "well");
        var outcome = await stage.DeployAsync("2");
        (outcome.ExitCode, outcome.Outcome).ShouldBe((1, Outcome.Undone));
        outcome.Failure!.Cause.Message.ShouldBe($"the canary at {at}% is worse than the release beside it");
        outcome
            .Undone.Where(step => step is CutOver or Drain or RemoveRelease)
            .Select(step => step.Describe())
            .ShouldBe(["cut over: all traffic to blue", "drain green (at most 30 s)", "remove green"]);
        stage.Cluster.SeenNow().ShouldBe("1");
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.Running.ShouldContain("bot.blue");
    }

    [Test]
    public async Task A_first_release_has_nobody_to_be_judged_by()
    {
        var stage = new Stage { Options = new DeployOptions { Canary = Terms } };
        (await stage.PlanAsync("1")).Notes.ShouldContain(
            "there is no release to judge the first one by, so there is no canary"
        );
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        Shares(stage).ShouldBe(["share 0"]);
    }

    [Test]
    public async Task Where_all_that_is_published_is_stop_first_it_is_refused()
    {
        var stage = await ServingAsync(Given.AllStopFirstModel);
        (await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("2"))).Message.ShouldContain(
            "all that store publishes is stop-first"
        );
    }

    [Test]
    public async Task Where_nothing_is_published_it_is_refused()
    {
        var app = UnroutedScenarios.Model;
        var stage = await ServingAsync(app);
        (await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("2"))).Message.ShouldContain(
            "publishes nothing, so there is no traffic to give a part of"
        );
    }

    [Test]
    public async Task A_deployer_that_dies_leaves_the_share_as_it_is()
    {
        var stage = await LeftAsync();
        (stage.Cluster.Share, stage.Cluster.FileShare).ShouldBe((10, 10));
        stage.Cluster.SeenNow().ShouldBe("1~2");
        CanaryRecovery.Left(await stage.ObserveAsync()).ShouldNotBeNull().Release.Tag.ShouldBe("2");
    }

    [TestCase(CanaryWord.Promote, CanaryCourse.Next, "share 50", "share 100")]
    [TestCase(CanaryWord.PromoteFully, CanaryCourse.ToTheEnd, "share 100")]
    public async Task Promoted_it_goes_on_from_there(CanaryWord word, CanaryCourse course, params string[] shares)
    {
        var stage = await LeftAsync();
        (await stage.SayAsync(word, course)).ShouldBe("store: users have 2.");
        Shares(stage).ShouldBe(shares);
        stage.ShouldBeSettledOn("2");
        stage.Cluster.Running.ShouldBe(["api.green", "web.green", "bot.green"]);
    }

    [Test]
    public async Task Aborted_it_goes_back_from_there()
    {
        var stage = await LeftAsync();
        (await stage.SayAsync(CanaryWord.Abort, CanaryCourse.Back)).ShouldBe("store: users have 1.");
        Shares(stage).ShouldBe(["share 0"]);
        stage.ShouldBeSettledOn("1");
    }

    [Test]
    public async Task Recovered_it_goes_on_as_long_as_the_judge_says_so()
    {
        var stage = await LeftAsync();
        (await stage.RecoverAsync()).ShouldNotBeNull().ShouldEndWith("10% of the visitors have 2: the canary goes on");
        Shares(stage).ShouldBe(["share 50", "share 100"]);
        stage.ShouldBeSettledOn("2");
    }

    [TestCase(10)]
    [TestCase(50)]
    public async Task And_back_when_he_does_not(int at)
    {
        var stage = await LeftAsync();
        stage.Cluster.Verdict = asked =>
            asked.Percent == at ? new(CanaryAnswer.Breach, "8% fail") : new(CanaryAnswer.Pass, "well");
        await stage.RecoverAsync();
        stage.ShouldBeSettledOn("1");
        stage
            .Cluster.Journal.History.Last()
            .Reason.ShouldNotBeNull()
            .ShouldStartWith($"the canary at {at}% is worse than the release beside it; the deploy of 2");
    }

    [Test]
    public async Task Recovered_it_goes_back_where_its_release_does_not_work()
    {
        var stage = await LeftAsync();
        stage.Cluster.Change("web is sick", () => stage.Cluster.Sicken("web-green-1-2"));
        await stage.RecoverAsync();
        stage.ShouldBeSettledOn("1");
    }

    [Test]
    public async Task Who_deploys_something_else_means_that_and_not_the_canary()
    {
        var stage = await LeftAsync();
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        Shares(stage).ShouldBe(["share 0", "share 10", "share 50", "share 100"]);
        stage.ShouldBeSettledOn("3");
    }

    [TestCase(CanaryWord.Abort, 1, "1")]
    [TestCase(CanaryWord.Promote, 0, "2")]
    public async Task A_word_from_elsewhere_is_heard_while_a_share_is_judged(CanaryWord word, int exitCode, string has)
    {
        var stage = await ServingAsync();
        Task<string>? saying = null;
        stage.Cluster.Verdict = _ =>
        {
            if (saying is null)
            {
                saying = Task.Run(() => stage.SayAsync(word, CanaryCourse.Back, time: TimeProvider.System));
                SpinWait.SpinUntil(() => stage.Cluster.Word is not null, TimeSpan.FromSeconds(10)).ShouldBeTrue();
                return new(CanaryAnswer.Hold, "too few");
            }
            return new(CanaryAnswer.Pass, "well");
        };
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(exitCode);
        (await saying!).ShouldStartWith("The deployer of 2 (ann@laptop) has heard: ");
        stage.ShouldBeSettledOn(has);
        stage
            .Cluster.Journal.Records.Where(record => record.Word is not null)
            .Select(record => (record.Word, record.By))
            .ShouldBe([(word, "ann@laptop")]);
    }

    [Test]
    public async Task Without_a_canary_there_is_nothing_to_say()
    {
        var stage = await ServingAsync();
        (
            await Should.ThrowAsync<ConfigurationException>(() => stage.SayAsync(CanaryWord.Abort, CanaryCourse.Back))
        ).Message.ShouldContain("store has none at work");
    }

    private static async Task<Stage> ServingAsync(string model = Given.StoreModel)
    {
        var stage = new Stage(model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Options = new DeployOptions { Canary = Terms };
        stage.Cluster.Changes.Clear();
        return stage;
    }

    /// <summary>A deployer was killed while its first share was judged.</summary>
    private static async Task<Stage> LeftAsync()
    {
        var stage = await ServingAsync();
        using var process = new MemoryProcess { DiesAfter = (_, call) => call == "hear" };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "2"
            )
        ).ShouldBeTrue();
        stage.Cluster.Changes.Clear();
        return stage;
    }

    private static IEnumerable<string> Shares(Stage stage) =>
        stage.Cluster.Changes.Where(change =>
            change.StartsWith("share ", StringComparison.Ordinal) && !change.EndsWith("file", StringComparison.Ordinal)
        );
}
