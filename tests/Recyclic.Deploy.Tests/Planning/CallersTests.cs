namespace Recyclic.Deploy.Tests.Planning;

internal sealed class CallersTests
{
    private static readonly Application App = Given.App(
        """
        {
          "name": "shop",
          "services": {
            "api": { "image": "team/api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "db": { "condition": "service_started" } } },
            "front": { "image": "nginx:1.27", "ports": [{ "target": 80, "published": "80", "protocol": "tcp" }], "depends_on": { "api": { "condition": "service_started" } } },
            "db": { "image": "postgres:16" }
          }
        }
        """
    );

    [Test]
    public void An_accessory_that_calls_the_release_by_name_is_said_with_what_a_deploy_means_for_it() =>
        DeployPlanner
            .Deploy(App, Snapshot.Empty("shop"), Given.Release(App, "1"), new DeployOptions())
            .Notes.Where(note => note.Contains("by name", StringComparison.Ordinal))
            .ShouldBe([
                "front, which is no part of the release, finds api by name: a program that keeps the address that it found, as nginx does, reaches nobody after a deploy until it is started again "
                    + "(docker restart shop-front-1). With x-recyclic: { release: true } it goes with the release",
            ]);

    [Test]
    public void Where_nothing_calls_the_release_nothing_is_said() =>
        DeployPlanner
            .Deploy(Given.Store, Snapshot.Empty("store"), Given.Release(Given.Store, "1"), new DeployOptions())
            .Notes.ShouldNotContain(note => note.Contains("by name", StringComparison.Ordinal));
}
