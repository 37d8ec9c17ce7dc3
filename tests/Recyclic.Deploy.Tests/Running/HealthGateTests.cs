namespace Recyclic.Deploy.Tests.Running;

/// <summary>The gate is a fold over events: no clock, no engine.</summary>
internal sealed class HealthGateTests
{
    private static readonly HealthGate Starting = HealthGate.Over(
        [Given.Container("api"), Given.Container("web")],
        Given.Noon
    );

    [Test]
    public void It_passes_when_the_last_container_has_become_healthy()
    {
        var one = Starting.After(Event("api", ContainerEventKind.Healthy));
        one.Passed(Given.Noon).ShouldBeFalse();
        one.Describe().ShouldBe("api healthy, web starting");
        one.After(Event("web", ContainerEventKind.Healthy)).Passed(Given.Noon).ShouldBeTrue();
    }

    [Test]
    public void A_gate_over_nothing_passes() => HealthGate.Over([], Given.Noon).Passed(Given.Noon).ShouldBeTrue();

    [TestCase(ContainerEventKind.Died, "web exited with code 3")]
    [TestCase(ContainerEventKind.OutOfMemory, "web was killed for using too much memory")]
    [TestCase(ContainerEventKind.Unhealthy, "web is unhealthy")]
    public void It_fails_at_the_first_container_that_cannot_become_healthy(ContainerEventKind kind, string failure) =>
        Starting.After(Event("web", kind, 3)).Failed!.Failure.ShouldBe(failure);

    [TestCase("exited", "none", "api exited with code 0")]
    [TestCase("dead", "none", "api exited with code 0")]
    [TestCase("restarting", "starting", "api is restarting")]
    [TestCase("running", "unhealthy", "api is unhealthy")]
    [TestCase("running", "starting", null)]
    [TestCase("created", "none", null)]
    public void What_was_broken_before_the_first_event_counts_too(string state, string health, string? failure) =>
        HealthGate.Over([Given.Container("api", state, health)], Given.Noon).Failed?.Failure.ShouldBe(failure);

    [Test]
    public void Events_of_other_containers_and_single_probes_change_nothing()
    {
        Starting.After(Event("db", ContainerEventKind.Died)).ShouldBeSameAs(Starting);
        Starting.After(Event("api", ContainerEventKind.Probed)).Describe().ShouldBe(Starting.Describe());
    }

    [Test]
    public void A_container_without_a_health_check_passes_once_it_has_stayed_up_as_long_as_asked()
    {
        var gate = HealthGate.Over(
            [Given.Container("bot", health: "none", settle: "10s"), Given.Container("cron", health: "none")],
            Given.Noon
        );
        gate.SettlesAt.ShouldBe(Given.Noon.AddSeconds(10));
        gate.Passed(Given.Noon.AddSeconds(9)).ShouldBeFalse();
        gate.Passed(Given.Noon.AddSeconds(10)).ShouldBeTrue();
    }

    [Test]
    public void A_container_settles_from_its_start_on()
    {
        var gate = HealthGate.Over([Given.Container("bot", "created", "none", "10s")], Given.Noon);
        gate.SettlesAt.ShouldBeNull();
        gate.Passed(Given.Noon.AddSeconds(60)).ShouldBeFalse();
        var started = gate.After(Event("bot", ContainerEventKind.Started, at: Given.Noon.AddSeconds(60)));
        started.SettlesAt.ShouldBe(Given.Noon.AddSeconds(70));
        started.Passed(Given.Noon.AddSeconds(70)).ShouldBeTrue();
    }

    [Test]
    public void A_container_that_is_healthy_but_not_running_does_not_pass() =>
        HealthGate.Over([Given.Container("api", "created", "healthy")], Given.Noon).Passed(Given.Noon).ShouldBeFalse();

    internal static ContainerEvent Event(
        string name,
        ContainerEventKind kind,
        int exitCode = 0,
        DateTimeOffset? at = null
    ) => new(name + "-id", name, name, null, kind, exitCode, at ?? Given.Noon);
}
