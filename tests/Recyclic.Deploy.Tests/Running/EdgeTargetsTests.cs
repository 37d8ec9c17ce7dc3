namespace Recyclic.Deploy.Tests.Running;

internal sealed class EdgeTargetsTests
{
    private const string Network = "shop_slot_blue";
    private static readonly ImmutableArray<Container> Started =
    [
        .. Given
            .Containers(Given.Shop, Slot.Blue, Given.Release(Given.Shop, "1"))
            .Select(
                (container, at) =>
                    container with
                    {
                        Addresses = ImmutableDictionary<string, string>.Empty.Add(Network, $"172.18.0.{at + 2}"),
                    }
            ),
    ];

    private static readonly EdgeTargets Targets = EdgeTargets.Of(Started, Slot.Blue, Network);

    [Test]
    public void The_edge_knows_a_slot_when_it_has_the_addresses_that_its_containers_have_now() =>
        Targets.AreKnown(Found(address => address)).ShouldBeTrue();

    [Test]
    public void An_address_that_is_left_of_a_life_before_is_not_enough() =>
        Targets.AreKnown(Found(_ => "172.18.0.99")).ShouldBeFalse();

    [Test]
    public void One_backend_that_has_found_nobody_is_one_too_many()
    {
        var found = Found(address => address);
        foreach (var backend in found.Keys)
            Targets.AreKnown(found.Remove(backend)).ShouldBeFalse();
    }

    [Test]
    public void Without_an_address_to_compare_the_number_counts()
    {
        var unknown = EdgeTargets.Of(
            Started.Select(container => container with { Addresses = [] }),
            Slot.Blue,
            Network
        );
        unknown.AreKnown(Found(_ => "172.18.0.99")).ShouldBeTrue();
        unknown.AreKnown([]).ShouldBeFalse();
    }

    [Test]
    public void Where_each_connection_is_decided_both_of_its_backends_must_be_known()
    {
        var route = Given.Shop.Routes[0] with { Mode = RouteMode.Auto };
        var container = Started.First() with
        {
            Labels = ImmutableDictionary<string, string>.Empty.Add(Naming.RoutesLabel, Route.ToLabel([route])),
        };
        EdgeTargets
            .Of([container], Slot.Blue, Network)
            .Addresses.Select(backend => backend.Key)
            .ShouldBe(["blue-api-8000", "blue-api-8000-tcp"]);
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Found(Func<string, string> address) =>
        Targets.Addresses.ToImmutableDictionary(
            backend => backend.Key,
            backend => backend.Select(wanted => address(wanted!)).ToImmutableArray()
        );
}
