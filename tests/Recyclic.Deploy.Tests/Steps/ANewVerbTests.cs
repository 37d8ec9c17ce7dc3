namespace Recyclic.Deploy.Tests.Steps;

/// <summary>
/// Knocks at the fresh slot before users get it. It stands for any verb to come: this is all there is to one.
/// </summary>
internal sealed record Knock(Slot Slot) : DeployStep
{
    public override string Describe() => $"knock at {Slot.Name()}";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is null ? [] : [new Knock(Slot.Other())];
}

internal sealed class KnockHandler : StepHandler<Knock>
{
    protected override Task RunAsync(
        Knock step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        if (deploy.Fresh is not { } fresh || fresh.Slot != step.Slot)
            throw new StepFailedException($"nobody opens in {step.Slot.Name()}", []);
        tools.Reporter.Note($"{string.Join(", ", fresh.Containers.Select(container => container.Service))} opened");
        return Task.CompletedTask;
    }
}

/// <summary>A new verb is a file, as above, and a line of the planner: nothing else has to know it.</summary>
[CancelAfter(20_000)]
internal sealed class ANewVerbTests
{
    private static readonly StepHandlers Handlers = StepHandlers.In(
        typeof(DeployStep).Assembly,
        typeof(KnockHandler).Assembly
    );

    [Test]
    public async Task It_runs_in_its_place_is_recorded_and_knows_what_the_gate_found()
    {
        await using var rig = new StepRig();
        var outcome = await RunAsync(rig, new Knock(Slot.Blue));
        outcome.Outcome.ShouldBe(Outcome.Success);
        rig.Reporter.Lines.ShouldContain("note: api, web opened");
        rig.Cluster.Changes.ShouldContain("journal: StepBegun knock at blue");
        rig.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task Its_failure_undoes_what_was_done_before_it()
    {
        await using var rig = new StepRig();
        var outcome = await RunAsync(rig, new Knock(Slot.Green));
        (outcome.Outcome, outcome.Failure?.Cause.Message).ShouldBe((Outcome.Undone, "nobody opens in green"));
        rig.Cluster.Containers.ShouldBeEmpty();
    }

    [Test]
    public void A_plan_prints_it_with_its_own_undo() =>
        Plan(StepRig.BlueServes, new Knock(Slot.Green)).ToText().ShouldMatch("knock at green +undo: knock at blue\n");

    [Test]
    public void Without_its_handler_it_is_not_carried_out_in_silence() =>
        Should
            .Throw<System.Diagnostics.UnreachableException>(() => StepHandlers.All.For(new Knock(Slot.Blue)))
            .Message.ShouldContain(nameof(Knock));

    private static Task<DeployOutcome> RunAsync(StepRig rig, Knock knock) =>
        new PlanRunner("id", new StepExecutor(Handlers, rig.Tools), rig.Host, rig.Reporter, rig.Time).RunAsync(
            Plan(StepRig.Nothing, knock),
            CancellationToken.None
        );

    /// <summary>The plan of a deploy with the verb where the planner's line would put it: behind the gate.</summary>
    private static DeployPlan Plan(Snapshot now, Knock knock)
    {
        var plan = DeployPlanner.Deploy(Given.Store, now, StepRig.One, StepRig.Options);
        var gate = plan.Steps.IndexOf(plan.Steps.Single(step => step.Action is AwaitHealthy));
        return plan with
        {
            Steps = plan.Steps.Insert(
                gate + 1,
                new PlannedStep(Phase.Prepare, knock, knock.Undo(now, StepRig.Options))
            ),
        };
    }
}
