using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Each release has the files that it was deployed with, and nothing of one that is gone is left.</summary>
[CancelAfter(60_000)]
internal sealed class FileScenarios
{
    [Test]
    public async Task A_changed_file_under_the_same_tag_is_another_release_and_the_plan_says_which_file()
    {
        var stage = await WithAsync("one");
        stage.Cluster.Files = Files("two");
        var plan = await stage.PlanAsync("1");
        plan.Changes.ShouldBe([new ConfigurationChange("api", "secret token", "", "")]);
        plan.ToText().ShouldNotContain("two");
        plan.To.Id.ShouldNotBe(Serving(stage).Label(Naming.ReleaseLabel));

        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        ServedText(stage).ShouldBe("two");
        (await stage.PlanAsync("1")).Changes.ShouldBeEmpty();
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        ServedText(stage).ShouldBe("one");
    }

    [Test]
    public async Task A_release_whose_containers_are_gone_comes_back_with_its_own_files()
    {
        var stage = await WithAsync("one");
        await DeployAsync(stage, "2", "two");
        stage.Cluster.Fates["sha256:api-3"] = Fate.Exits;
        stage.Cluster.Files = Files("three");
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(1);
        Texts(stage).ShouldBe(["one", "two"], "nothing of the release that failed is left");

        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        ServedText(stage).ShouldBe("one");
    }

    [Test]
    public async Task Files_that_somebody_has_removed_are_missed_aloud()
    {
        var stage = await WithAsync("one");
        await DeployAsync(stage, "2", "two");
        await DeployAsync(stage, "3", "three");
        stage.Cluster.Volumes.Lose(
            stage.Cluster.Volumes.Names.First(name => name.Contains(".files.1-", StringComparison.Ordinal))
        );
        var back = await stage.RollbackAsync("1");
        back.Plan.Notes.ShouldContain(
            "the files that 1 had are not on the host any more: it gets secret token as they are here now"
        );
        ServedText(stage).ShouldBe("three");
    }

    [Test]
    public async Task Files_stay_as_long_as_images_do()
    {
        var stage = await WithAsync("text 1");
        stage.Options = stage.Options with { KeepReleases = 3 };
        foreach (var number in Enumerable.Range(2, 5))
            await DeployAsync(stage, $"{number}", $"text {number}");
        Texts(stage).ShouldBe(["text 4", "text 5", "text 6"]);
    }

    [Test]
    public async Task A_deployer_that_dies_anywhere_leaves_no_files_and_takes_none()
    {
        for (var call = 1; call < 200; call++)
        {
            var stage = await WithAsync("one");
            await DeployAsync(stage, "2", "two");
            stage.Cluster.Files = Files("three");
            var died = await stage.DiesAsync(
                new MemoryProcess { DiesAfter = (number, _) => number == call },
                (deployer, request, token) => deployer.DeployAsync(request, token),
                "3"
            );
            await stage.RecoverAsync();
            var serves = ServedText(stage);
            serves.ShouldBeOneOf("two", "three");
            Texts(stage).ShouldBe(serves == "two" ? ["one", "two"] : ["one", "three", "two"], $"died at call {call}");
            if (!died)
                return;
        }
        Assert.Fail("the deploy never ended");
    }

    [Test]
    public async Task Somebody_elses_volume_of_that_name_is_refused()
    {
        var stage = await WithAsync("one");
        stage.Cluster.Files = Files("two");
        stage.Cluster.Volumes.Create($"store.files.{(await stage.PlanAsync("2")).To.Id}");
        var refused = (
            await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("2"))
        ).Problems.ShouldHaveSingleItem();
        refused.What.ShouldContain("was made by somebody else");
        ServedText(stage).ShouldBe("one");
    }

    [Test]
    public async Task A_path_of_the_engines_host_that_is_not_there_is_told_before_anything_starts()
    {
        var stage = new Stage(Mounting("/srv/app.ini", "/etc/app.ini"));
        stage.Cluster.IsLocal = false;
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.AbsentPaths.Add("/srv/app.ini");
        var refused = (
            await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("2"))
        ).Problems.ShouldHaveSingleItem();
        refused.Place.ShouldBe("docker-compose.yml: services.api");
        refused.What.ShouldBe("it mounts /srv/app.ini of the engine's host, which is not there");

        stage = new Stage(Mounting("/srv/data", "/data"));
        stage.Cluster.IsLocal = false;
        stage.Cluster.AbsentPaths.Add("/srv/data");
        (await stage.DeployAsync("1")).Plan.Notes.ShouldContain(
            "/srv/data does not exist on the engine's host: Docker creates it as an empty folder"
        );
    }

    private static string Mounting(string source, string target) =>
        Given.StoreModel.Replace(
            "\"image\": \"team/api:${TAG}\",",
            $$"""
            "image": "team/api:${TAG}", "volumes": [{ "type": "bind", "source": "{{source}}", "target": "{{target}}", "read_only": true, "bind": { "create_host_path": true } }],
            """,
            StringComparison.Ordinal
        );

    private static async Task<Stage> WithAsync(string text)
    {
        var stage = new Stage();
        await DeployAsync(stage, "1", text);
        return stage;
    }

    private static async Task DeployAsync(Stage stage, string tag, string text)
    {
        stage.Cluster.Files = Files(text);
        (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
        ServedText(stage).ShouldBe(text);
    }

    private static ImmutableArray<ReleaseFile> Files(string text) =>
        [
            new ReleaseFile("api", "/run/secrets/token", FileKind.Secret, "token")
            {
                Travels = true,
                Tree = FileTree.OfText(text),
            },
        ];

    private static Container Serving(Stage stage) =>
        stage.Cluster.Observe(stage.App)[stage.Cluster.Share == 0 ? Slot.Blue : Slot.Green].Of("api").First();

    /// <summary>What is in the file that the release sees which users have.</summary>
    private static string ServedText(Stage stage) =>
        stage
            .Cluster.Volumes.FilesOf(Serving(stage).Mounts.Single(mount => mount.Target == "/run/secrets/token").Source)
            .ShouldHaveSingleItem();

    private static IEnumerable<string> Texts(Stage stage) =>
        stage
            .Cluster.Volumes.Names.Where(name => name.Contains(".files.", StringComparison.Ordinal))
            .SelectMany(stage.Cluster.Volumes.FilesOf)
            .Order(StringComparer.Ordinal);
}
