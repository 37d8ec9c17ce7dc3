using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// Each journal record in turn cannot be written, or is written and its answer is lost. The command itself leaves users
/// on a release that works; if anything is left to do, the next command does it.
/// </summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.Children)]
internal sealed class FailedRecordScenarios
{
    [Test]
    public Task In_an_upgrade() => FailEverywhereAsync(new DeployOptions(), _ => { }, stage => stage.DeployAsync("3"));

    [Test]
    public Task In_a_deploy_that_fails_its_gate() =>
        FailEverywhereAsync(
            new DeployOptions(),
            cluster => cluster.Fates["sha256:web-3"] = Fate.TurnsUnhealthy,
            stage => stage.DeployAsync("3")
        );

    [Test]
    public Task In_a_deploy_that_fails_its_watch() =>
        FailEverywhereAsync(
            new DeployOptions(),
            cluster => cluster.Fates["sha256:api-3"] = Fate.SickensInService,
            stage => stage.DeployAsync("3")
        );

    [Test]
    public Task In_a_rollback_to_a_stopped_release() =>
        FailEverywhereAsync(new DeployOptions(), _ => { }, stage => stage.RollbackAsync());

    [Test]
    public Task In_a_rollback_to_a_warm_release() =>
        FailEverywhereAsync(new DeployOptions { KeepWarm = true }, _ => { }, stage => stage.RollbackAsync());

    [TestCase("fail@before:Commit:1")]
    [TestCase("fail@after:Commit:1")]
    public async Task A_commit_that_failed_once_or_whose_answer_was_lost_is_made_exactly_once(string fault)
    {
        var stage = await DeployScenarios.UpgradedAsync();
        var before = stage.Cluster.Generation;
        stage.Fault = Fault.Parse(fault);
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.Cluster.Journal.Current!.Release.Tag.ShouldBe("3");
        (
            stage.Cluster.Generation - before,
            stage.Cluster.Journal.Commitments.Count(commitment => commitment.Release.Tag == "3")
        ).ShouldBe((1, 1));
    }

    [Test]
    public async Task When_an_undo_cannot_record_its_commit_the_next_command_does_not_send_users_to_what_was_removed()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Fates["sha256:api-3"] = Fate.SickensInService;
        var commits = 0;
        (
            await stage.DeployAsync(
                "3",
                new MemoryProcess
                {
                    Fails = (_, call) =>
                        call == "commit" && ++commits > 1 ? new StepFailedException("disk full", []) : null,
                }
            )
        ).ExitCode.ShouldBe(3);
        stage.Cluster.SeenNow().ShouldBe("2");

        await stage.RecoverAsync();

        stage.Cluster.Seen.Skip(1).ShouldNotContain("nothing");
        stage.Cluster.SeenNow().ShouldBe("2");
        stage.Cluster.Journal.Current!.Release.Tag.ShouldBe("2");
        (await stage.DeployAsync("4")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task An_undo_whose_record_failed_once_is_in_the_journal_all_the_same([Values(1, 2, 3, 4, 5)] int undo)
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Fates["sha256:api-3"] = Fate.SickensInService;
        stage.Fault = Fault.Parse($"fail@before:UndoBegun:{undo}");

        var outcome = await stage.DeployAsync("3");

        outcome.Outcome.ShouldBe(Outcome.Undone);
        outcome.Warnings.ShouldBeEmpty();
        stage
            .Cluster.Journal.Records.Where(record => record.Kind == JournalKind.UndoBegun)
            .Select(record => record.Step)
            .ShouldBe(outcome.Undone.Select(step => step.Describe()));
        outcome.Undone.Length.ShouldBeGreaterThanOrEqualTo(undo);
    }

    private static async Task FailEverywhereAsync(
        DeployOptions options,
        Action<MemoryCluster> given,
        Func<Stage, Task<DeployOutcome>> action
    )
    {
        var points = await PointsAsync(options, given, action);
        points.Length.ShouldBeGreaterThan(8);
        List<string> wrong = [];
        foreach (var point in points)
        {
            var stage = await ReadyAsync(options, given);
            stage.Fault = new Fault(FaultKind.Fail, TimeSpan.Zero, point);
            if (await WrongAsync(stage, action) is { } what)
                wrong.Add($"{point}: {what}");
        }
        wrong.ShouldBeEmpty();
    }

    private static async Task<string?> WrongAsync(Stage stage, Func<Stage, Task<DeployOutcome>> action)
    {
        var cluster = stage.Cluster;
        try
        {
            var outcome = await action(stage);
            if (outcome.ExitCode is not (0 or 1))
                return $"exit code {outcome.ExitCode}: {string.Join("; ", outcome.UndoFailures.Select(failure => failure.Cause.Message))}";
        }
        catch (StepFailedException)
        {
            // The begin could not be recorded: nothing was done.
        }
        stage.Fault = null;
        if (cluster.Seen.Skip(1).Contains("nothing"))
            return $"users had nothing: {string.Join(", ", cluster.Seen)}";
        if (cluster.SeenNow() != cluster.Journal.Current!.Release.Tag)
            return $"users see {cluster.SeenNow()}, the journal says {cluster.Journal.Current.Release.Tag}";
        if (cluster.RanTwice)
            return "the bot ran twice";
        if ((await stage.DeployAsync("9")).ExitCode != 0)
            return "the next deploy fails";
        return cluster.SeenNow() == "9" && cluster.Journal.Interrupted is null && !cluster.RanTwice
            ? null
            : $"the next deploy led to {cluster.SeenNow()}";
    }

    private static async Task<ImmutableArray<FaultPoint>> PointsAsync(
        DeployOptions options,
        Action<MemoryCluster> given,
        Func<Stage, Task<DeployOutcome>> action
    )
    {
        var stage = await ReadyAsync(options, given);
        var before = stage.Cluster.Journal.Records.Length;
        await action(stage);
        return FaultPoint.Of(stage.Cluster.Journal.Records.Skip(before).Select(record => record.Kind));
    }

    private static async Task<Stage> ReadyAsync(DeployOptions options, Action<MemoryCluster> given)
    {
        var stage = await DeployScenarios.UpgradedAsync(options);
        given(stage.Cluster);
        return stage;
    }
}
