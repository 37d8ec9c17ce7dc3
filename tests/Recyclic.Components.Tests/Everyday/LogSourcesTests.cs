using Recyclic.Components.Everyday;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Everyday;

public sealed class LogSourcesTests
{
    private static readonly Snapshot One = Shop.At(
        Slot.Blue,
        Shop.Noon,
        Shop.Container("api", Slot.Blue, Shop.Noon),
        Shop.Container("web", Slot.Blue, Shop.Noon, number: 1),
        Shop.Container("web", Slot.Blue, Shop.Noon, number: 2)
    );

    private static readonly Snapshot Two = Shop.At(
        Slot.Green,
        Shop.Noon,
        Shop.Container("api", Slot.Blue, Shop.Noon, "exited"),
        Shop.Container("api", Slot.Green, Shop.Noon),
        Shop.Container("web", Slot.Green, Shop.Noon)
    );

    [Test]
    public void All_services_of_the_release_are_meant_by_itself_and_replicas_have_numbers() =>
        Labels(LogSources.ServingOrRefuse(One, [])).ShouldBe(["api", "web-1", "web-2"]);

    [Test]
    public void Services_and_accessories_are_meant_by_name() =>
        Labels(LogSources.ServingOrRefuse(One, ["db", "api"])).ShouldBe(["api", "db"]);

    [Test]
    public void The_slot_that_serves_is_meant_and_the_one_before_by_its_own_word()
    {
        LogSources.ServingOrRefuse(Two, []).Select(source => source.Release).Distinct().ShouldBe(["v2"]);
        LogSources.BeforeOrRefuse(Two, []).Select(source => source.Id).ShouldBe(["blue-api-1"]);
    }

    [Test]
    public void During_a_canary_both_releases_are_meant()
    {
        var sources = LogSources.Serving(
            Shop.At(Slot.Blue, Shop.Noon, [.. Two.Blue.Containers, .. Two.Green.Containers]) with
            {
                Share = 5,
                Edge = EdgeState.None with { Exists = true, IsRunning = true },
            },
            ["api"]
        );
        LogSources.ReleasesOf(sources).ShouldBe("v1 and v2");
    }

    [Test]
    public void A_service_that_is_not_there_is_refused_with_those_that_are()
    {
        var refusal = Should.Throw<ConfigurationException>(() => LogSources.ServingOrRefuse(One, ["wep", "db"]));
        refusal.Message.ShouldContain("shop has no service wep");
        refusal.Message.ShouldContain("Use one of: api, web (of v1), db (accessories)");
    }

    [Test]
    public void Nothing_deployed_is_said() =>
        Should
            .Throw<ConfigurationException>(() => LogSources.ServingOrRefuse(Snapshot.Empty("shop"), []))
            .Message.ShouldContain("nothing is deployed here");

    [Test]
    public void Containers_that_are_gone_are_said() =>
        Should
            .Throw<ConfigurationException>(() => LogSources.ServingOrRefuse(Shop.At(Slot.Blue, Shop.Noon), []))
            .Message.ShouldContain("its containers are gone");

    [Test]
    public void Without_a_release_before_that_is_said()
    {
        Should
            .Throw<ConfigurationException>(() => LogSources.BeforeOrRefuse(One, []))
            .Message.ShouldContain("no release served before v1");
        var gone = Shop.At(Slot.Green, Shop.Noon, [.. Two.Green.Containers]);
        Should
            .Throw<ConfigurationException>(() => LogSources.BeforeOrRefuse(gone, []))
            .Message.ShouldContain("the containers of the release before are gone");
    }

    private static IEnumerable<string> Labels(IEnumerable<LogSource> sources) => sources.Select(source => source.Label);
}
