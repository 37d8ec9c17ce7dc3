using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// What happens around a deploy rather than to it: an edge that is killed, a clock that is set, records that are
/// spoilt.
/// </summary>
[CancelAfter(60_000)]
internal sealed class EnvironmentFaultScenarios
{
    [TestCase("servers")]
    [TestCase("share")]
    [TestCase("sessions")]
    [TestCase("probe")]
    public async Task An_edge_that_is_killed_during_a_deploy_is_started_again_by_it(string call)
    {
        var stage = await DeployScenarios.UpgradedAsync();
        using var process = new MemoryProcess
        {
            Fails = Once(call, () => stage.Cluster.Change("the edge is killed", () => Kill(stage.Cluster))),
        };

        var outcome = await stage.DeployAsync("3", process);

        outcome.ExitCode.ShouldBe(0, outcome.Failure?.Cause.Message);
        stage.Cluster.SeenNow().ShouldBe("3");
        stage.Cluster.Changes.ShouldContain("the edge is killed");
        stage.Reporter.Lines.ShouldContain(line =>
            line.Contains("the edge did not run any more", StringComparison.Ordinal)
        );
    }

    [Test]
    public async Task An_edge_that_is_killed_while_a_deploy_fails_is_started_again_before_it_ends()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Fates["sha256:api-3"] = Fate.Exits;
        using var process = new MemoryProcess
        {
            Fails = Once("log", () => stage.Cluster.Change("the edge is killed", () => Kill(stage.Cluster))),
        };

        (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(1);

        stage.Cluster.SeenNow().ShouldBe("2");
    }

    [Test]
    public async Task A_lost_journal_is_begun_again_with_what_users_have_and_costs_them_nothing(
        [Values] bool generationToo,
        [Values("1", "2")] string tag
    )
    {
        var stage = tag == "2" ? await DeployScenarios.UpgradedAsync() : new Stage();
        if (tag == "1")
            await stage.DeployAsync("1");
        stage.Cluster.JournalLines.Clear();
        if (generationToo)
            stage.Cluster.Generation = 0;

        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);

        stage.Cluster.Seen.ShouldBe(tag == "2" ? ["nothing", "1", "2", "3"] : ["nothing", "1", "3"]);
        stage.Cluster.RanTwice.ShouldBeFalse();
        stage.Cluster.Journal.Commitments.Select(commitment => commitment.Release.Tag).ShouldBe([tag, "3"]);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe(tag);
    }

    [Test]
    public async Task A_journal_that_lost_its_last_deploy_does_not_send_users_to_a_slot_that_is_stopped()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        var begin = stage.Cluster.JournalLines.FindLastIndex(line =>
            line.Contains("\"kind\":\"Begin\"", StringComparison.Ordinal)
        );
        stage.Cluster.JournalLines.RemoveRange(begin, stage.Cluster.JournalLines.Count - begin);

        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);

        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "3"]);
    }

    [Test]
    public async Task A_journal_full_of_garbage_is_a_lost_journal()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        for (var line = 0; line < stage.Cluster.JournalLines.Count; line++)
            stage.Cluster.JournalLines[line] = "\u0000\uFFFD{\"at\":" + stage.Cluster.JournalLines[line][..9];

        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);

        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "3"]);
    }

    [Test]
    public async Task A_first_deploy_that_was_interrupted_is_no_lost_journal()
    {
        var stage = new Stage();
        using var process = new MemoryProcess { DiesAfter = (_, call) => call == "share" };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "1"
            )
        ).ShouldBeTrue();

        await stage.RecoverAsync();

        stage.Cluster.Journal.Current.ShouldBeNull();
        stage.Cluster.Containers.ShouldBeEmpty();
    }

    [TestCase(null)]
    [TestCase(0)]
    public async Task A_spoilt_share_file_is_written_again_before_an_edge_restarts_by_it(int? file)
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.FileShare = file;

        (await stage.RecoverAsync())!.ShouldContain("restarted edge");

        (stage.Cluster.FileShare, stage.Cluster.Share).ShouldBe((100, 100));
        (await stage.RecoverAsync()).ShouldBeNull();
    }

    [Test]
    public async Task A_journal_of_a_later_version_is_refused_and_nothing_is_touched()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.JournalLines.Add("""{"at":"2026-01-02T12:00:00+00:00","deploy":"x","kind":"Weave","schema":2}""");
        var changes = stage.Cluster.Changes.Count;

        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("3"));

        refused.Message.ShouldContain("later version of Recyclic");
        stage.Cluster.Changes.Count.ShouldBe(changes);
        stage.Cluster.Holder.ShouldBeNull();
    }

    [TestCase(1)]
    [TestCase(-1)]
    public async Task A_clock_that_is_set_by_an_hour_during_a_deploy_changes_nothing(int hours)
    {
        foreach (var call in new[] { "observe", "servers", "share", "commit", "probe", "sessions" })
        {
            var stage = await DeployScenarios.UpgradedAsync();
            using var process = new MemoryProcess
            {
                Fails = Once(call, () => stage.Time.Set(TimeSpan.FromHours(hours))),
            };

            (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(0, call);

            stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "3"], call);
            stage.Cluster.Journal.History.Select(entry => entry.Tag).ShouldBe(["1", "2", "3"], call);
            stage.Cluster.Journal.History.Last().Seconds!.Value.ShouldBeInRange(0, 600, call);
            (await stage.RollbackAsync()).ExitCode.ShouldBe(0, call);
            stage.Cluster.SeenNow().ShouldBe("2", call);
        }
    }

    [Test]
    public async Task An_edge_that_the_engine_still_says_runs_a_moment_after_it_was_killed_is_started_again()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        int? looksBeforeItShows = null;
        using var process = new MemoryProcess
        {
            Fails = (_, call) =>
            {
                if (call == "share" && looksBeforeItShows is null)
                    (looksBeforeItShows, stage.Cluster.Share) = (2, null);
                else if (call == "observe" && looksBeforeItShows-- == 0)
                    Kill(stage.Cluster);
                else
                    return null;
                return call == "share" ? new StepFailedException("the edge ended with 126", []) : null;
            },
        };

        (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(0);

        looksBeforeItShows!.Value.ShouldBeLessThan(0);
        stage.Reporter.Lines.ShouldContain(line => line.Contains("the edge did not run any more"));
        stage.Cluster.SeenNow().ShouldBe("3");
    }

    /// <summary>Does something just before the first call of a name; the call itself goes well.</summary>
    private static Func<int, string, Exception?> Once(string call, Action happens)
    {
        var done = 0;
        return (_, name) =>
        {
            if (name == call && Interlocked.Exchange(ref done, 1) == 0)
                happens();
            return null;
        };
    }

    /// <summary>By hand, so that the engine does not start it again.</summary>
    private static void Kill(MemoryCluster cluster) =>
        (cluster.Edge, cluster.Share) = (cluster.Edge with { IsRunning = false }, null);
}
