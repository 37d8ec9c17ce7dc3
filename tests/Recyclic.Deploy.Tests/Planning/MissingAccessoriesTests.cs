namespace Recyclic.Deploy.Tests.Planning;

/// <summary>
/// An accessory that waits for a release service, such as a front proxy of the team's own, is started when the release
/// is there.
/// </summary>
internal sealed class MissingAccessoriesTests
{
    private static readonly DeployOptions Options = new();

    private static readonly Application Shop = Given.App(
        """
        {
          "name": "shop",
          "services": {
            "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "db": { "condition": "service_started" } } },
            "bot": { "image": "bot:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": { "overlap": false } },
            "db": { "image": "postgres:16" },
            "front": { "image": "nginx:1", "depends_on": { "api": { "condition": "service_started" } } },
            "tunnel": { "image": "tunnel:1", "depends_on": { "front": { "condition": "service_started" } } },
            "top": { "image": "top:1", "network_mode": "host", "depends_on": { "bot": { "condition": "service_started" } } }
          }
        }
        """
    );

    [Test]
    public void It_comes_after_all_of_the_release_and_before_users_do() =>
        DeployPlanner
            .Deploy(Shop, Snapshot.Empty("shop"), Given.Release(Shop, "1"), Options)
            .Steps.Select(step => step.Action.Describe())
            .ShouldBe([
                "start accessories db",
                "connect db to both slots",
                "start blue with 1",
                "gate: api in blue healthy (in 2 min)",
                "start bot in blue, healthy (in 2 min)",
                "start accessories front, tunnel, top, which wait for the release",
                "commit 1 on blue",
                "watch blue until it has been up 2.5 s and is healthy",
            ]);

    [Test]
    public void The_first_deploy_takes_it_back_and_a_later_one_leaves_what_is_there()
    {
        DeployPlanner
            .Deploy(Shop, Snapshot.Empty("shop"), Given.Release(Shop, "1"), Options)
            .Steps.Single(step => step.Action is StartAccessories { AfterRelease: true })
            .Undo.ShouldHaveSingleItem()
            .Describe()
            .ShouldBe("remove accessories front, tunnel, top");
        DeployPlanner
            .Deploy(Shop, Host.Serving(Shop, "1", Slot.Blue), Given.Release(Shop, "2"), Options)
            .Steps.ShouldNotContain(step => step.Action is StartAccessories);
    }

    [Test]
    public void One_that_was_made_and_never_started_is_started()
    {
        var now = Host.Serving(Shop, "1", Slot.Blue);
        now = now with
        {
            Accessories =
            [
                .. now.Accessories.Select(container =>
                    container.Service == "front" ? container with { State = "created" } : container
                ),
            ],
        };
        DeployPlanner
            .Deploy(Shop, now, Given.Release(Shop, "2"), Options)
            .Steps.Select(step => step.Action)
            .OfType<StartAccessories>()
            .ShouldHaveSingleItem()
            .Services.ShouldBe(["front"]);
    }

    [Test]
    public void What_a_release_service_waits_for_itself_comes_before_it()
    {
        var app = Given.App(
            """
            { "name": "shop", "services": {
                "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] } },
                "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "proxy": { "condition": "service_started" } } },
                "proxy": { "image": "nginx:1", "depends_on": { "api": { "condition": "service_started" } } } } }
            """
        );
        DeployPlanner
            .Deploy(app, Snapshot.Empty("shop"), Given.Release(app, "1"), Options)
            .Steps.Select(step => step.Action)
            .OfType<StartAccessories>()
            .ShouldHaveSingleItem()
            .AfterRelease.ShouldBeFalse();
    }
}
