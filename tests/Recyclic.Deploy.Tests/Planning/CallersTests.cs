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
    public void An_accessory_that_calls_what_has_no_known_port_is_said_with_what_a_deploy_means_for_it() =>
        Notes(App)
            .ShouldBe([
                "front, which is no part of the release, finds api by name, and no port of it is known that a door could answer on: a program that keeps the address that it found, as nginx does, "
                    + "reaches nobody after a deploy until it is started again (docker restart shop-front-1). Name the port: expose: [\"8000\"]; or with x-recyclic: { release: true } it goes with the release",
            ]);

    [Test]
    public void Who_finds_what_by_a_door_is_said() =>
        Notes(Doors.Added(Given.App(Model.DoorTests.Calls)))
            .ShouldBe([
                "web has a door for front, containers on company: by its name they reach what serves, at an address that deploys leave alone (8000 auto)",
                "api has a door for front: by its name they reach what serves, at an address that deploys leave alone (9000 auto)",
            ]);

    private static IEnumerable<string> Notes(Application app) =>
        DeployPlanner
            .Deploy(app, Snapshot.Empty("shop"), Given.Release(app, "1"), new DeployOptions())
            .Notes.Where(note =>
                note.Contains("by name", StringComparison.Ordinal) || note.Contains("door", StringComparison.Ordinal)
            );

    [Test]
    public void Where_nothing_calls_the_release_nothing_is_said() =>
        DeployPlanner
            .Deploy(Given.Store, Snapshot.Empty("store"), Given.Release(Given.Store, "1"), new DeployOptions())
            .Notes.ShouldNotContain(note => note.Contains("by name", StringComparison.Ordinal));
}
