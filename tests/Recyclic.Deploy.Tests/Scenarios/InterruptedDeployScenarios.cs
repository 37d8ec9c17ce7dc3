using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Ctrl-C, and an engine that fails, at each call of a deploy.</summary>
[CancelAfter(60_000)]
internal sealed class InterruptedDeployScenarios
{
    [TestCase("3")]
    [TestCase("2")]
    public async Task Ctrl_C_at_any_moment_leaves_users_on_a_release_and_nothing_half_done(string tag)
    {
        for (var at = 1; ; at++)
        {
            var stage = await DeployScenarios.UpgradedAsync();
            using var process = new MemoryProcess { InterruptsAt = (call, _) => call == at };
            DeployOutcome? outcome = null;
            try
            {
                outcome = await stage.DeployAsync(tag, process);
            }
            catch (OperationCanceledException)
            {
                // Before its first step: there is no outcome, because nothing was done.
            }
            if (process.Calls < at)
                break;
            var moment = $"interrupted at call {at}";
            if (outcome is not null)
                outcome.ExitCode.ShouldBeOneOf(
                    [0, 130],
                    $"{moment}: {string.Join("; ", outcome.UndoFailures.Select(undo => $"{undo.Step}: {undo.Cause}"))}"
                );
            await AgreesAsync(stage, outcome?.ExitCode == 0 ? tag : "2", moment);
        }
    }

    [Test]
    public async Task An_engine_that_fails_once_at_any_call_after_the_first_step_leaves_users_on_a_release()
    {
        for (var at = 8; ; at++)
        {
            var stage = await DeployScenarios.UpgradedAsync();
            var failed = "";
            using var process = new MemoryProcess
            {
                Fails = (call, name) =>
                    call == at && !name.StartsWith("append", StringComparison.Ordinal)
                        ? new InvalidOperationException($"{failed = name} failed")
                        : null,
            };
            var outcome = await stage.DeployAsync("3", process);
            if (process.Calls < at)
                break;
            outcome.ExitCode.ShouldBeOneOf(0, 1);
            await AgreesAsync(stage, outcome.ExitCode == 0 ? "3" : "2", $"call {at} ({failed}) failed");
        }
    }

    private static async Task AgreesAsync(Stage stage, string expected, string moment)
    {
        await stage.RecoverAsync();
        stage.Cluster.SeenNow().ShouldBe(expected, moment);
        stage.Cluster.Journal.Current!.Release.Tag.ShouldBe(expected, moment);
        stage.Cluster.Share.ShouldBe(stage.Cluster.Journal.Current.Slot.FullShare(), moment);
        stage.Cluster.Journal.Interrupted.ShouldBeNull(moment);
        stage.Cluster.Seen.Skip(1).ShouldNotContain("nothing", moment);
        stage.Cluster.RanTwice.ShouldBeFalse(moment);
        stage.Cluster.Unprotected.ShouldBeNull(moment);
        stage
            .Cluster.Running.Where(name => name.StartsWith("bot", StringComparison.Ordinal))
            .ShouldBe([$"bot.{stage.Cluster.Journal.Current.Slot.Name()}"], moment);
        stage.Cluster.Holder.ShouldBeNull(moment);
    }

    [Test]
    public async Task A_rollback_after_Ctrl_C_at_any_moment_leaves_one_release_running()
    {
        for (var at = 1; ; at++)
        {
            var stage = await DeployScenarios.UpgradedAsync();
            using var process = new MemoryProcess { InterruptsAt = (call, _) => call == at };
            try
            {
                await stage.DeployAsync("3", process);
            }
            catch (OperationCanceledException)
            {
                // Before its first step: there is no outcome, because nothing was done.
            }
            if (process.Calls < at)
                break;
            (await stage.RollbackAsync()).ExitCode.ShouldBe(0, $"interrupted at call {at}");
            var serving = stage.Cluster.Journal.Current!.Slot.Name();
            stage.Cluster.Running.ShouldAllBe(
                name => name.EndsWith($".{serving}", StringComparison.Ordinal),
                $"interrupted at call {at}"
            );
        }
    }

    [Test]
    public async Task A_rollback_that_is_through_when_it_is_interrupted_is_a_success()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        var outcome = await stage.RollbackAsync(
            process: new MemoryProcess { InterruptsAt = (_, call) => call == "append End" }
        );
        (outcome.Outcome, outcome.ExitCode).ShouldBe((Outcome.Success, 0));
        outcome.After!.Current!.Release.Tag.ShouldBe("1");
    }
}
