using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>What a team has run before and after the phases of a deploy.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HookScenarios
{
    private readonly List<HookFacts> _told = [];

    [Test]
    public async Task They_run_in_the_order_of_a_deploy_and_are_told_what_it_is()
    {
        var stage = await ServingOneAsync(Everywhere());
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        _told
            .Select(facts => facts.Point.Name())
            .ShouldBe([
                "pre-prepare",
                "post-prepare",
                "pre-shift",
                "post-shift",
                "pre-watch",
                "post-watch",
                "pre-retire",
                "post-retire",
                "post-deploy",
            ]);
        _told[0]
            .ToVariables()
            .Select(variable => $"{variable.Key}={variable.Value}")
            .Where(line => !line.StartsWith("RECYCLIC_DEPLOY_ID=", StringComparison.Ordinal))
            .ShouldBe([
                "RECYCLIC_APP=store",
                "RECYCLIC_BY=ann@laptop",
                "RECYCLIC_COMMIT=5e12ed",
                "RECYCLIC_HOOK=pre-prepare",
                "RECYCLIC_OPERATION=deploy",
                "RECYCLIC_PREVIOUS_TAG=1",
                $"RECYCLIC_RELEASE={_told[0].ReleaseId}",
                "RECYCLIC_SLOT=green",
                "RECYCLIC_TAG=2",
            ]);
    }

    [Test]
    public async Task The_plan_lists_them_where_they_run()
    {
        var stage = await ServingOneAsync(Everywhere());
        var plan = await stage.PlanAsync("2");
        plan.Steps.Where(step => step.Action is RunHook)
            .Select(step => $"{step.Phase}: {step.Action}")
            .ShouldBe([
                "Prepare: hook pre-prepare: it (in 5 min)",
                "Prepare: hook post-prepare: it (in 5 min)",
                "Shift: hook pre-shift: it (in 5 min)",
                "Shift: hook post-shift: it (in 5 min; a failure is a warning)",
                "Watch: hook pre-watch: it (in 5 min; a failure is a warning)",
                "Watch: hook post-watch: it (in 5 min; a failure is a warning)",
                "Retire: hook pre-retire: it (in 5 min; a failure is a warning)",
                "Retire: hook post-retire: it (in 5 min; a failure is a warning)",
                "Retire: hook post-deploy: it (in 5 min; a failure is a warning)",
            ]);
        plan.Notes.ShouldContain("hook on-failure: it, if it fails");
        _told.ShouldBeEmpty();
    }

    [TestCase(HookPoint.PrePrepare)]
    [TestCase(HookPoint.PostPrepare)]
    [TestCase(HookPoint.PreShift)]
    public async Task One_that_fails_before_the_commit_undoes_and_the_hooks_for_a_failure_run(HookPoint point)
    {
        var stage = await ServingOneAsync(Failing(point));
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe($"the hook {point.Name()} (it) failed: out of coffee");
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        var told = _told.ShouldHaveSingleItem();
        (told.Point, told.Outcome, told.Reason).ShouldBe(
            (HookPoint.OnFailure, Outcome.Undone, $"the hook {point.Name()} (it) failed: out of coffee")
        );
    }

    [TestCase(HookPoint.PostShift)]
    [TestCase(HookPoint.PreWatch)]
    [TestCase(HookPoint.PostWatch)]
    [TestCase(HookPoint.PreRetire)]
    [TestCase(HookPoint.PostRetire)]
    [TestCase(HookPoint.PostDeploy)]
    public async Task One_that_fails_after_the_commit_is_a_warning(HookPoint point)
    {
        var stage = await ServingOneAsync(Failing(point));
        var outcome = await stage.DeployAsync("2");
        outcome.Outcome.ShouldBe(Outcome.Success);
        outcome.Warnings.ShouldBe([$"the hook {point.Name()} (it) failed: out of coffee"]);
        stage.Reporter.Lines.ShouldContain($"warning: the hook {point.Name()} (it) failed: out of coffee");
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2"]);
        _told.ShouldBeEmpty();
    }

    [Test]
    public async Task One_that_never_ends_is_ended_by_its_deadline_and_named()
    {
        var stage = await ServingOneAsync(
            DeployHooks.None.Before(
                Phase.Shift,
                "for ever",
                (_, _) => new TaskCompletionSource().Task,
                TimeSpan.FromMilliseconds(200)
            )
        );
        var outcome = await stage.DeployAsync("2");
        outcome.Failure!.Cause.Message.ShouldBe("the hook pre-shift (for ever) had not ended after 0.2 s");
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
    }

    [Test]
    public async Task One_for_a_failure_that_fails_itself_changes_nothing()
    {
        var stage = await ServingOneAsync(Failing(HookPoint.PreShift));
        stage.Options = stage.Options with
        {
            Hooks = stage.Options.Hooks.OnFailure("the siren", (_, _) => throw new InvalidOperationException("mute")),
        };
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(1);
        stage.Reporter.Lines.ShouldContain("warning: the hook on-failure (the siren) failed: mute");
    }

    [Test]
    public async Task Ctrl_C_is_a_failure_too()
    {
        var stage = await ServingOneAsync(Everywhere());
        using var process = new MemoryProcess
        {
            InterruptsAt = (_, call) => call.StartsWith("start 2", StringComparison.Ordinal),
        };
        (await stage.DeployAsync("2", process)).ExitCode.ShouldBe(130);
        var last = _told[^1];
        (last.Point, last.Outcome, last.Reason).ShouldBe((HookPoint.OnFailure, Outcome.Cancelled, "cancelled"));
    }

    [Test]
    public async Task A_way_back_runs_them_and_is_stopped_by_none()
    {
        var stage = await ServingOneAsync(DeployHooks.None);
        await stage.DeployAsync("2");
        stage.Options = new DeployOptions
        {
            Hooks = Failing(HookPoint.PreShift).After(Phase.Shift, "tell", (facts, _) => ToldAsync(facts)),
        };
        (await stage.RollbackAsync()).Outcome.ShouldBe(Outcome.Success);
        stage.Reporter.Lines.ShouldContain("warning: the hook pre-shift (it) failed: out of coffee");
        var told = _told.ShouldHaveSingleItem();
        (told.Operation, told.Tag, told.PreviousTag, told.Commit).ShouldBe((Operation.Rollback, "1", "2", null));
    }

    [Test]
    public async Task Without_any_a_plan_is_what_it_was()
    {
        var stage = await ServingOneAsync(DeployHooks.None);
        var plan = await stage.PlanAsync("2");
        plan.Steps.Select(step => step.Action).OfType<RunHook>().ShouldBeEmpty();
    }

    private static async Task<Stage> ServingOneAsync(DeployHooks hooks)
    {
        var stage = new Stage();
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
        stage.Options = new DeployOptions { Hooks = hooks };
        return stage;
    }

    private DeployHooks Everywhere() =>
        HookPoints.All.Aggregate(
            DeployHooks.None,
            (all, point) => all.With(new Hook(point, "it", (facts, _) => ToldAsync(facts)))
        );

    private DeployHooks Failing(HookPoint point) =>
        DeployHooks
            .None.With(new Hook(point, "it", (_, _) => throw new InvalidOperationException("out of coffee")))
            .OnFailure("told", (facts, _) => ToldAsync(facts));

    private Task ToldAsync(HookFacts facts)
    {
        lock (_told)
            _told.Add(facts);
        return Task.CompletedTask;
    }
}
