using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Images of accessories that the host does not have.</summary>
[CancelAfter(30_000)]
internal sealed class AccessoryImageScenarios
{
    [Test]
    public async Task An_accessory_whose_image_cannot_be_had_is_refused_before_anything_is_touched()
    {
        var stage = new Stage();
        stage.Cluster.RemovedImages.Add("postgres:16");
        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"));
        refused.Message.ShouldContain("accessory db: there is no image postgres:16: not found");
        stage.Cluster.Seen.ShouldBe(["nothing"]);
        stage.Cluster.Networks.ShouldBeEmpty();
        stage.Cluster.Journal.Records.ShouldBeEmpty();
    }

    [Test]
    public async Task An_accessory_that_runs_needs_its_image_no_more()
    {
        var stage = new Stage();
        await stage.DeployAsync("1");
        stage.Cluster.RemovedImages.Add("postgres:16");
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
    }

    [TestCase(
        """{ "image": "r.example/db:1", "build": { "context": "." } }""",
        "Push it: ./build.sh PushImages --tag 1 --registry r.example"
    )]
    [TestCase("""{ "image": "team/db:1", "build": { "context": "." } }""", "Let it travel by the registry")]
    [TestCase("""{ "image": "postgres:16" }""", "Is its name right")]
    public void What_to_do_about_it_follows_from_where_the_image_is_to_come_from(string service, string mend) =>
        AccessoryImages
            .Mend(
                (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(service)!,
                "r.example",
                ReleaseTag.Parse("1")
            )
            .ShouldStartWith(mend);
}
