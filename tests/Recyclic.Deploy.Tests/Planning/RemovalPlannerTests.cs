namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What goes when an application is removed, and what stays.</summary>
internal sealed class RemovalPlannerTests
{
    private static readonly DateTimeOffset Since = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void What_was_made_for_it_goes_users_first_and_its_records_are_of_the_lock()
    {
        var plan = Plan([
            Volume("shop.state", ThingMaker.Recyclic, Naming.StateRole),
            Volume("shop.keys", ThingMaker.Recyclic, Naming.KeysRole),
            Volume("shop.files.1", ThingMaker.Recyclic, ReleaseFiles.Role),
            Container("shop-db-1", ThingMaker.Accessory),
            Container("shop--blue-web-1", ThingMaker.Recyclic, Naming.ReleaseRole),
            Container("shop-edge", ThingMaker.Recyclic, Naming.EdgeRole),
            Container("shop-gate-80", ThingMaker.Recyclic, Naming.GateRole),
            Container("shop-door-web", ThingMaker.Recyclic, Naming.DoorRole),
            Network("zz.shop.blue", ThingMaker.Recyclic),
            Network("shop_default", ThingMaker.Compose),
        ]);
        Names(plan)
            .ShouldBe([
                "shop-gate-80",
                "shop-door-web",
                "shop-edge",
                "shop--blue-web-1",
                "shop-db-1",
                "shop_default",
                "zz.shop.blue",
                "shop.files.1",
                "shop.keys",
                "shop.state",
            ]);
        plan.Records.Select(thing => thing.Name).ShouldBe(["shop.keys", "shop.state"]);
        plan.Keeps.ShouldBeEmpty();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_the_application_wrote_goes_only_where_it_is_asked_for(bool data)
    {
        var plan = Plan(
            [
                Container("shop--blue-web-1", ThingMaker.Recyclic, Naming.ReleaseRole) with
                {
                    Volumes = ["shop.web.data", Anonymous],
                },
                Volume("shop.web.data", ThingMaker.Recyclic, DataVolume.Role),
                Volume("shop_pgdata", ThingMaker.Compose),
                Volume(Anonymous, ThingMaker.Nobody) with
                {
                    IsAnonymous = true,
                },
            ],
            data
        );
        string[] volumes = [Anonymous, "shop.web.data", "shop_pgdata"];
        (data ? Names(plan) : Kept(plan)).ShouldBe(data ? ["shop--blue-web-1", .. volumes] : volumes);
        plan.KeepsData.ShouldBe(!data);
        if (!data)
            plan.Keeps.Select(kept => kept.Command).ShouldBe(volumes.Select(name => $"docker volume rm {name}"));
    }

    [Test]
    public void A_volume_that_begins_anew_with_each_release_is_nobodys_data() =>
        Names(
                Plan([
                    Container("shop--blue-web-1", ThingMaker.Recyclic, Naming.ReleaseRole) with
                    {
                        Volumes = [Anonymous],
                        RenewsVolumes = true,
                    },
                    Volume(Anonymous, ThingMaker.Nobody) with
                    {
                        IsAnonymous = true,
                    },
                ])
            )
            .ShouldContain(Anonymous);

    [TestCase(false, true)]
    [TestCase(true, false)]
    public void Keys_stay_with_the_data_where_there_is_a_certificate(bool hasCertificates, bool goes) =>
        Names(
                RemovalPlanner.Plan(
                    Found([Volume("shop.keys", ThingMaker.Recyclic, Naming.KeysRole)]) with
                    {
                        HasCertificates = hasCertificates,
                    },
                    data: false
                )
            )
            .Contains("shop.keys")
            .ShouldBe(goes);

    [Test]
    public void What_plain_compose_made_stays_and_is_named_with_its_volume_and_its_network()
    {
        var plan = Plan(
            [
                Container("shop-web-1", ThingMaker.Compose) with
                {
                    Created = Since.AddDays(1),
                    Networks = ["shop_default"],
                    Volumes = ["shop_uploads"],
                },
                Network("shop_default", ThingMaker.Compose),
                Volume("shop_uploads", ThingMaker.Compose),
                Network("zz.shop.blue", ThingMaker.Recyclic),
            ],
            data: true
        );
        Names(plan).ShouldBe(["zz.shop.blue"]);
        plan.Keeps.Select(kept => $"{kept.Thing.Name}: {kept.Why}; {kept.Command}")
            .ShouldBe([
                "shop-web-1: plain compose made it: no release has to do with it; docker rm --force shop-web-1",
                "shop_default: shop-web-1 is on it; docker network rm shop_default",
                "shop_uploads: shop-web-1 has it mounted; docker volume rm shop_uploads",
            ]);
    }

    [Test]
    public void Of_a_project_that_Recyclic_never_deployed_nothing_goes() =>
        RemovalPlanner
            .Plan(
                new("shop")
                {
                    Things =
                    [
                        Container("shop-web-1", ThingMaker.Compose),
                        Network("shop_default", ThingMaker.Compose),
                        Volume("shop_pgdata", ThingMaker.Compose),
                    ],
                },
                data: false
            )
            .Removes.ShouldBeEmpty();

    [TestCase(-1, false)]
    [TestCase(1, true)]
    public void An_accessory_that_a_person_made_goes_unless_it_was_there_before_the_first_deploy(int days, bool goes)
    {
        var plan = Plan([
            Container("shop-db-1", ThingMaker.Compose) with
            {
                Created = Since.AddDays(days),
                Networks = ["shop_default", "zz.shop.blue"],
            },
            Network("zz.shop.blue", ThingMaker.Recyclic),
        ]);
        // It is taken off the slot's network.
        Names(plan).ShouldBe(goes ? ["shop-db-1", "zz.shop.blue"] : ["zz.shop.blue"]);
    }

    [Test]
    public void Where_a_stranger_is_on_a_network_or_mounts_a_volume_it_stays()
    {
        var plan = RemovalPlanner.Plan(
            Found([
                Network("zz.shop.blue", ThingMaker.Recyclic),
                Volume("shop_pgdata", ThingMaker.Compose),
                Volume("team-mail", ThingMaker.Nobody),
            ]) with
            {
                Strangers =
                [
                    Container("admin", ThingMaker.Nobody) with
                    {
                        Networks = ["zz.shop.blue"],
                        Volumes = ["shop_pgdata"],
                    },
                ],
            },
            data: true
        );
        plan.Removes.ShouldBeEmpty();
        plan.Keeps.Select(kept => $"{kept.Thing.Name}: {kept.Why}; {kept.Command}")
            .ShouldBe([
                "zz.shop.blue: admin is on it; docker network rm zz.shop.blue",
                "shop_pgdata: admin has it mounted; docker volume rm shop_pgdata",
                "team-mail: it was made outside of the application; ",
            ]);
    }

    [Test]
    public void Images_go_that_it_brought_and_nobody_else_needs()
    {
        var plan = RemovalPlanner.Plan(
            Found([
                Image("shop/web:1") with
                {
                    Created = Since.AddDays(1),
                },
                Image("shop/web:2") with
                {
                    Created = Since.AddDays(-1),
                    IsBuiltHere = true,
                },
                Image("shop/web:3") with
                {
                    Created = Since.AddDays(-1),
                },
                Image("shop/web:4"),
                Image("shop/web:5"),
                Image("postgres:16") with
                {
                    Role = "accessory",
                },
                Image("recyclic/edge:1") with
                {
                    Maker = ThingMaker.Recyclic,
                },
            ]) with
            {
                ImagesOfOthers = ["shop/web:4"],
                Neighbours = ["mail"],
                Strangers = [Container("try", ThingMaker.Nobody) with { Image = "shop/web:5" }],
            },
            data: false
        );
        Names(plan).ShouldBe(["shop/web:1", "shop/web:2"]);
        plan.Keeps.Select(kept => $"{kept.Thing.Name}: {kept.Why}")
            .ShouldBe([
                "postgres:16: an accessory's, which Recyclic neither built nor names",
                "recyclic/edge:1: mail needs it too",
                "shop/web:3: it was there before the first deploy",
                "shop/web:4: another application goes back to it",
                "shop/web:5: try is made of it",
            ]);
    }

    [Test]
    public void No_command_is_given_that_takes_an_image_from_another_application()
    {
        var plan = RemovalPlanner.Plan(
            Found([Image("shop/web:4"), Image("recyclic/edge:1") with { Maker = ThingMaker.Recyclic }]) with
            {
                ImagesOfOthers = ["shop/web:4"],
                Neighbours = ["mail"],
            },
            data: false
        );
        plan.Keeps.Length.ShouldBe(2);
        plan.Keeps.ShouldAllBe(kept => kept.Command == null);
    }

    [Test]
    public void With_the_last_application_of_a_host_the_edges_image_goes_after_the_lock()
    {
        var plan = Plan([Image("recyclic/edge:1") with { Maker = ThingMaker.Recyclic }]);
        plan.Records.Select(thing => thing.Name).ShouldBe(["recyclic/edge:1"]);
    }

    private static string Anonymous => new('a', 64);

    private static RemovalPlan Plan(ImmutableArray<FoundThing> things, bool data = false) =>
        RemovalPlanner.Plan(Found(things), data);

    private static ApplicationInventory Found(ImmutableArray<FoundThing> things) =>
        new("shop") { Since = Since, Things = things };

    private static string[] Names(RemovalPlan plan) => [.. plan.Removes.Select(thing => thing.Name)];

    private static string[] Kept(RemovalPlan plan) => [.. plan.Keeps.Select(kept => kept.Thing.Name)];

    private static FoundThing Container(string name, ThingMaker maker, string role = "") =>
        new(ThingKind.Container, name + "-id", name, maker) { Role = role };

    private static FoundThing Network(string name, ThingMaker maker) =>
        new(ThingKind.Network, name + "-id", name, maker) { Created = Since.AddMinutes(1) };

    private static FoundThing Volume(string name, ThingMaker maker, string role = "") =>
        new(ThingKind.Volume, name, name, maker) { Role = role };

    private static FoundThing Image(string name) => new(ThingKind.Image, $"sha256:{name}", name, ThingMaker.Nobody);
}
