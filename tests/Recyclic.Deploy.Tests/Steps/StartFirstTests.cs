using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(60_000)]
internal sealed class StartFirstTests
{
    private const string Model = """
        {
          "name": "shop",
          "services": {
            "web": {
              "image": "team/web:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 80, "published": "8080", "protocol": "tcp" }],
              "deploy": { "replicas": 3 },
              "x-recyclic": { "starts-first": 1 }
            }
          }
        }
        """;

    private static readonly StartFirst Step = new(Slot.Green, StepRig.One, "web", 1, TimeSpan.FromMinutes(2));

    [Test]
    public void It_says_what_and_how_many() =>
        Step.Describe().ShouldBe("start 1 of web in green first, healthy (in 2 min)");

    [Test]
    public void What_it_began_is_removed_again() =>
        Step.Undo(StepRig.BlueServes, new DeployOptions()).ShouldBe([new RemoveRelease(Slot.Green)]);

    [Test]
    public async Task One_is_healthy_before_the_others_are_there()
    {
        var stage = new Stage(Model);
        (await stage.PlanAsync("1"))
            .Steps.Select(step => step.Action.Describe())
            .ShouldContain("start 1 of web in blue first, healthy (in 2 min)");
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage
            .Cluster.Changes.Where(change =>
                change.EndsWith(" in blue", StringComparison.Ordinal)
                && !change.StartsWith("journal", StringComparison.Ordinal)
            )
            .Distinct()
            .Take(2)
            .ShouldBe(["run web in blue", "start 1 in blue"]);
        stage.Cluster.Of(Slot.Blue).Count(container => container.IsRunning).ShouldBe(3);
    }

    [Test]
    public async Task One_that_does_not_get_healthy_keeps_the_others_from_being_started()
    {
        var stage = new Stage(Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Fates["sha256:web-2"] = Fate.Exits;
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Undone);
        stage.Cluster.Changes.ShouldNotContain("start 2 in green");
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task What_has_no_more_replicas_than_that_is_started_as_ever()
    {
        var stage = new Stage(Model.Replace("\"replicas\": 3", "\"replicas\": 1", StringComparison.Ordinal));
        var plan = await stage.PlanAsync("1");
        plan.Steps.ShouldNotContain(step => step.Action is StartFirst);
        plan.Notes.ShouldContain(note => note.Contains("starts-first, which has no effect", StringComparison.Ordinal));
    }
}
