using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>What a release writes to a volume that no file names is there for the next one, whatever happens.</summary>
[CancelAfter(60_000)]
internal sealed class VolumeScenarios
{
    private const string Own = "store.api.data";

    [Test]
    public async Task Each_release_finds_what_all_before_it_wrote()
    {
        var stage = Storing();
        foreach (var tag in new[] { "1", "2", "3", "4" })
            (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
        stage.Cluster.Volumes.FilesOf(Own).ShouldBe(["1", "2", "3", "4"]);
        (await stage.RollbackAsync("3")).ExitCode.ShouldBe(0);
        (await stage.RetireAsync()).ShouldBeEmpty();
        (await stage.RollbackAsync("1")).ExitCode.ShouldBe(0);
        Serving(stage).Mounts.ShouldBe([new Mount("volume", Own, "/data", true)]);
        ShouldMissNothing(stage);
    }

    [Test]
    public async Task A_bot_that_is_handed_over_gets_its_volume_too()
    {
        var stage = Storing("bot");
        foreach (var tag in new[] { "1", "2", "3" })
            (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
        stage.Cluster.Volumes.FilesOf("store.bot.data").ShouldBe(["1", "2", "3"]);
    }

    [Test]
    public async Task A_deploy_that_fails_takes_no_volume_with_it()
    {
        var stage = Storing();
        await stage.DeployAsync("1");
        stage.Cluster.Fates["sha256:api-2"] = Fate.Exits;
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(1);
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.Cluster.Volumes.FilesOf(Own).ShouldBe(["1", "2", "3"]);
    }

    [Test]
    public async Task The_anonymous_volume_of_a_slot_that_an_earlier_version_filled_is_taken_over()
    {
        var stage = Storing();
        stage.Cluster.Volumes.Declared.Clear();
        await stage.DeployAsync("1");
        var (api, all) = (Serving(stage), stage.Cluster.Containers);
        stage.Cluster.Volumes.Create("3aa3");
        all[all.FindIndex(container => container.Id == api.Id)] = api with
        {
            Mounts = [new Mount("volume", "3aa3", "/data", true)],
        };
        stage.Cluster.Volumes.Write(all[0]);
        stage.Cluster.Volumes.Declared["api"] = ["/data"];

        foreach (var tag in new[] { "2", "3", "4" })
            (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
        stage.Cluster.Volumes.FilesOf("3aa3").ShouldBe(["1", "2", "3", "4"]);
        // The journal knows it where the containers are gone.
        foreach (var container in all.Where(container => container.Service == "api").ToList())
            stage.Cluster.Remove(container.Id);
        (await stage.DeployAsync("5")).ExitCode.ShouldBe(0);
        stage.Cluster.Volumes.FilesOf("3aa3").ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Test]
    public async Task A_volume_that_was_removed_by_hand_is_missed_aloud_and_begun_anew()
    {
        var stage = Storing();
        await stage.DeployAsync("1");
        foreach (var container in stage.Cluster.Containers.ToList())
            stage.Cluster.Remove(container.Id);
        stage.Cluster.Volumes.Lose(Own);
        (await stage.PlanAsync("2")).Notes.ShouldContain(
            "the volume store.api.data, in which api kept /data, is not on this host any more: it begins with a new one, store.api.data"
        );
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        stage.Cluster.Volumes.FilesOf(Own).ShouldBe(["2"]);
        (await stage.PlanAsync("3")).Notes.ShouldNotContain(note =>
            note.Contains("not on this host", StringComparison.Ordinal)
        );
    }

    [Test]
    public async Task A_strangers_volume_in_the_place_of_ours_is_refused_before_anything_is_touched()
    {
        var stage = Storing();
        stage.Cluster.Volumes.Create(Own);
        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"));
        refused.Message.ShouldContain(
            "volume store.api.data: api keeps /data in a volume of this name, but the one that is here was made by somebody else"
        );
        stage.Cluster.Changes.Where(change => change != "time passes").ShouldBeEmpty();
    }

    [Test]
    public async Task With_renew_volumes_each_release_begins_afresh_and_its_volume_stays_as_long_as_it()
    {
        var stage = Storing(
            model: Given.StoreModel.Replace(
                "\"image\": \"team/api:${TAG}\",",
                "\"image\": \"team/api:${TAG}\", \"x-recyclic\": { \"renew-volumes\": true },",
                StringComparison.Ordinal
            )
        );
        await stage.DeployAsync("1");
        var first = Serving(stage).Mounts[0].Source;
        await stage.DeployAsync("2");
        Serving(stage).Mounts[0].Source.ShouldNotBe(first);
        stage.Cluster.Volumes.FilesOf(first).ShouldBe(["1"]);
        await stage.DeployAsync("3");
        stage.Cluster.Volumes.Names.ShouldNotContain(first);
        stage.Cluster.Volumes.FilesOf(Serving(stage).Mounts[0].Source).ShouldBe(["3"]);
    }

    [Test]
    public async Task A_release_that_fails_beside_the_one_whose_volume_it_shares_is_told_the_likely_cause()
    {
        var stage = Storing();
        await stage.DeployAsync("1");
        stage.Cluster.Fates["sha256:api-2"] = Fate.Exits;
        stage.Cluster.Fates["sha256:web-3"] = Fate.Exits;
        var cause = (await stage.DeployAsync("2")).Failure!.Cause.ShouldBeOfType<Deploy.Running.StepFailedException>();
        cause.Message.ShouldBe("store--green-api-1 exited with code 1");
        cause.Evidence.ShouldContain(
            "likely cause: 1 still ran and had the volume store.api.data (/data) too; what only one process may have keeps api from starting beside it"
        );
        cause.Next.ShouldNotBeNull().ShouldContain("x-recyclic: { overlap: false }");
        // Another service's failure is not blamed on it.
        (await stage.DeployAsync("3")).Failure!.Evidence.ShouldNotContain(line =>
            line.StartsWith("likely cause", StringComparison.Ordinal)
        );
    }

    [TestCase("sqlite3.OperationalError: database is locked", true)]
    [TestCase("Error: lock file /data/.lock is held", true)]
    [TestCase("Bad password, or the user is already in use elsewhere", true)]
    [TestCase("listen tcp :8000: bind: address already in use", false)]
    [TestCase("no such table: users", false)]
    public async Task Where_its_own_words_speak_of_a_lock_they_are_the_cause(string says, bool isCause)
    {
        var stage = Storing();
        await stage.DeployAsync("1");
        stage.Cluster.Fates["sha256:api-2"] = Fate.TurnsUnhealthy;
        stage.Cluster.Says["sha256:api-2"] = says;
        var evidence = (await stage.DeployAsync("2"))
            .Failure!.Cause.ShouldBeOfType<Deploy.Running.StepFailedException>()
            .Evidence;
        evidence[^1]
            .ShouldStartWith(
                isCause
                    ? $"cause: api says that another one has it (\"{says}\"), and 1 still ran and had the volume store.api.data (/data) too"
                    : "likely cause: 1 still ran"
            );
    }

    [TestCase(false), TestCase(true)]
    public async Task A_deploy_killed_at_any_moment_costs_no_file(bool isFirst)
    {
        for (var call = 1; ; call++)
        {
            var stage = Storing();
            foreach (var tag in isFirst ? Array.Empty<string>() : ["1", "2"])
                (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
            using var process = new MemoryProcess { DiesAfter = (number, _) => number == call };
            if (
                !await stage.DiesAsync(
                    process,
                    (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                    "3"
                )
            )
            {
                call.ShouldBeGreaterThan(20);
                break;
            }
            (await stage.DeployAsync("4")).ExitCode.ShouldBe(0, $"killed at call {call}");
            (await stage.DeployAsync("5")).ExitCode.ShouldBe(0, $"killed at call {call}");
            if (!isFirst)
                stage.Cluster.Volumes.FilesOf(Own).Take(2).ShouldBe(["1", "2"], $"killed at call {call}");
            ShouldMissNothing(stage, $"killed at call {call}");
        }
    }

    /// <summary>The images of a service declare /data.</summary>
    private static Stage Storing(string service = "api", string model = Given.StoreModel)
    {
        var stage = new Stage(model);
        stage.Cluster.Volumes.Declared[service] = ["/data"];
        return stage;
    }

    private static Container Serving(Stage stage) =>
        stage.Cluster.Of(stage.Cluster.Journal.Current!.Slot).First(container => container.Service == "api");

    private static void ShouldMissNothing(Stage stage, string? moment = null) =>
        stage
            .Cluster.Containers.Where(container => container.IsRunning)
            .SelectMany(stage.Cluster.Volumes.MissedBy)
            .ShouldBeEmpty(moment);
}
