namespace Recyclic.Deploy.Tests.Planning;

/// <summary>
/// What others have made in the place of something of ours is named and refused before anything is touched.
/// </summary>
public sealed class StrangerTests
{
    private static readonly Stranger Box = new(
        "container",
        "box",
        "4f1c4f1c4f1c4f1c",
        "made of the image team/box",
        Given.Noon
    );
    private static readonly Snapshot Fresh = Snapshot.Empty("shop");

    [Test]
    public void A_container_with_the_edges_name_is_named_with_its_owner() =>
        Refusal(Fresh with { InTheWay = [Box with { Name = "shop-edge" }] })
            .ShouldBe(
                "the container shop-edge (4f1c4f1c4f1c), made of the image team/box, created 2026-01-02 12:00 UTC, is in the way: the edge of shop is to have that name"
            );

    [Test]
    public void A_network_with_a_slots_name_is() =>
        Refusal(Fresh with { InTheWay = [new("network", "zz.shop.blue", "77aa", "made by somebody else", null)] })
            .ShouldBe(
                "the network zz.shop.blue (77aa), made by somebody else, is in the way: shop is to have a network of that name"
            );

    [Test]
    public void A_container_that_compose_would_take_for_an_accessory_is() =>
        Refusal(Fresh with { InTheWay = [Box with { Project = "shop", Service = "db" }] })
            .ShouldContain("by its labels compose would take it for db of shop");

    [Test]
    public void A_container_that_compose_would_take_for_a_release_is() =>
        Refusal(Fresh with { InTheWay = [Box with { Project = "shop--green", Service = "api" }] })
            .ShouldContain("by its labels compose would take it for api of shop");

    [TestCase("shop--blue-api-1"), TestCase("shop-db-1"), TestCase("shop-edge")]
    public void A_container_with_a_name_that_a_deploy_gives_is(string name) =>
        Refusal(Fresh with { Others = ImmutableDictionary<string, Stranger>.Empty.Add(name, Box with { Name = name }) })
            .ShouldContain($"the container {name} (4f1c4f1c4f1c)");

    [Test]
    public void A_container_of_a_service_that_the_file_does_not_have_is_in_nobodys_way() =>
        Preconditions.Check(Given.Shop, Fresh with { InTheWay = [Box with { Project = "shop", Service = "old" }] });

    [Test]
    public void Names_of_others_in_general_are_in_nobodys_way() =>
        Preconditions.Check(
            Given.Shop,
            Fresh with
            {
                Others = ImmutableDictionary<string, Stranger>
                    .Empty.Add("shop-web-1", Box)
                    .Add("shop--green-api-1", Box),
            }
        );

    [
        TestCase(2, null),
        TestCase(1, "only one address range is free for the 2 networks that are needed: zz.shop.blue, zz.shop.green"),
        TestCase(0, "no address range is free for the 2 networks that are needed: zz.shop.blue, zz.shop.green")
    ]
    public void Networks_need_addresses(int free, string? refusal)
    {
        var now = Fresh with { FreeSubnets = free };
        if (refusal is null)
            Preconditions.Check(Given.Shop, now);
        else
            Refusal(now).ShouldBe(refusal);
    }

    private static string Refusal(Snapshot now) =>
        Should.Throw<ConfigurationException>(() => Preconditions.Check(Given.Shop, now)).Problems.Single().What;
}
