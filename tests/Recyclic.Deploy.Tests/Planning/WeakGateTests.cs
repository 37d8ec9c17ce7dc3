namespace Recyclic.Deploy.Tests.Planning;

internal sealed class WeakGateTests
{
    private static readonly Application App = Given.App(
        """
        { "name": "a", "services": {
            "web": { "image": "web:${TAG}", "ports": [{ "target": 80, "published": "8000" }] },
            "mail": { "image": "mail:${TAG}", "ports": [{ "target": 25, "published": "25" }], "x-recyclic": { "mode": "tcp" } },
            "api": { "image": "api:${TAG}", "ports": [{ "target": 81, "published": "8001" }], "x-recyclic": { "health": "/up" } },
            "patient": { "image": "patient:${TAG}", "x-recyclic": { "settle": "200s" } },
            "checked": { "image": "checked:${TAG}", "healthcheck": { "test": ["CMD", "true"] } },
            "worker": { "image": "worker:${TAG}" } } }
        """
    );

    [Test]
    public void The_plan_says_each_weak_gate_with_the_line_that_makes_it_strong()
    {
        var known = App.With(App.Services.ToDictionary(service => service.Name, _ => (HealthCheck?)null));
        var plan = DeployPlanner.Deploy(known, Snapshot.Empty("a"), Given.Release(App, "1"), new DeployOptions());
        plan.Notes.Where(note => note.Contains("weak gate", StringComparison.Ordinal))
            .ShouldBe(
                [
                    "web has a weak gate, as it has no health check: it counts as ready when port 80 has answered below 500 3 times in a row; a strong one: x-recyclic: { health: /healthz }, with the path that says whether it is ready",
                    "mail has a weak gate, as it has no health check: it counts as ready when port 25 has accepted a connection 3 times in a row; a strong one: healthcheck: { test: [\"CMD\", \"<command that succeeds once it is ready>\"], interval: 5s }",
                    "worker has a weak gate, as it has no health check: it counts as ready when it has stayed up for 10 s; a strong one: healthcheck: { test: [\"CMD\", \"<command that succeeds once it is ready>\"], interval: 5s }",
                ],
                ignoreOrder: true
            );
        WeakGates
            .Notes(App)
            .First()
            .ShouldContain("no health check (unless its image, which is not there yet, has one):");
    }

    [Test]
    public void An_environment_that_requires_health_checks_refuses_what_is_known_to_have_none()
    {
        Should.NotThrow(() => WeakGates.Refuse(App, "production"));
        var known = App.With(
            App.Services.ToDictionary(
                service => service.Name,
                service => service.Name == "worker" ? new HealthCheck { Test = ["CMD", "/probe"] } : null
            )
        );
        Should
            .Throw<ConfigurationException>(() => WeakGates.Refuse(known, "production"))
            .Problems.Select(problem => problem.Place)
            .ShouldBe(["service web", "service mail", "service patient"], ignoreOrder: true);
    }

    [Test]
    public void A_gate_waits_as_long_as_the_slowest_start_may_take_unless_told_otherwise()
    {
        DeadlineOf(new DeployOptions()).ShouldBe(TimeSpan.FromSeconds(215));
        DeadlineOf(new DeployOptions { DeployTimeout = TimeSpan.FromSeconds(60) }).ShouldBe(TimeSpan.FromSeconds(60));
        new DeployOptions()
            .Allowing([null, TimeSpan.FromSeconds(30)])
            .DeployTimeout.ShouldBe(TimeSpan.FromSeconds(120));
        new DeployOptions().Allowing([]).DeployTimeout.ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Test]
    public void A_way_back_waits_as_long_although_it_reads_no_file()
    {
        var (one, two) = (Given.Release(App, "1"), Given.Release(App, "2"));
        var now = Snapshot.Empty("a") with
        {
            Blue = new SlotState(Slot.Blue, Given.Containers(App, Slot.Blue, one, "exited")),
            Green = new SlotState(Slot.Green, Given.Containers(App, Slot.Green, two)),
        };
        RollbackPlanner
            .Plan(now, new Commitment(one, Slot.Blue, Given.Noon, "1"), new DeployOptions())
            .Steps.Select(step => step.Action)
            .OfType<AwaitHealthy>()
            .ShouldHaveSingleItem()
            .Deadline.ShouldBe(TimeSpan.FromSeconds(215));
    }

    private static TimeSpan DeadlineOf(DeployOptions options) =>
        DeployPlanner
            .Deploy(App, Snapshot.Empty("a"), Given.Release(App, "1"), options)
            .Steps.Select(step => step.Action)
            .OfType<AwaitHealthy>()
            .Single()
            .Deadline;
}
