using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

internal sealed class ReleaseChoiceTests
{
    private const string Files = """
        { "name": "shop", "services": {
            "web": { "image": "team/web:1.4" },
            "api": { "image": "team/api:1.4", "network_mode": "bridge-less" },
            "db": { "image": "postgres:16" },
            "front": { "image": "docker.io/library/nginx:1.27" } } }
        """;

    [TestCase(
        "{ \"web\": { \"image\": \"web:${TAG}\" }, \"db\": { \"image\": \"db:1\" } }",
        "released: web; accessories: db",
        false,
        TestName = "{m}(the tag variable)"
    )]
    [TestCase(
        "{ \"web\": { \"image\": \"web:${TAG}\", \"x-recyclic\": { \"release\": false } }, \"api\": { \"image\": \"api:1\", \"x-recyclic\": { \"release\": true } } }",
        "released: api; accessories: web",
        true,
        TestName = "{m}(x-recyclic)"
    )]
    [TestCase(
        "{ \"web\": { \"build\": {} }, \"db\": { \"image\": \"db:1\" } }",
        "released: web; accessories: db",
        false,
        TestName = "{m}(what is built and has no name)"
    )]
    [TestCase(
        "{ \"web\": { \"image\": \"web:${TAG}\" }, \"tool\": { \"build\": {} } }",
        "released: web; accessories: tool",
        false,
        TestName = "{m}(what is built beside what has the tag)"
    )]
    [TestCase(
        "{ \"web\": { \"image\": \"web:1.4\" }, \"api\": { \"image\": \"api:2\", \"build\": {} } }",
        "released: web, api; accessories: none",
        true,
        TestName = "{m}(images as written)"
    )]
    public void A_release_is_what_the_file_says(string services, string choice, bool isFile)
    {
        var found = Choose($$"""{ "name": "a", "services": {{services}} }""");
        found.ToString().ShouldBe(choice);
        found.IsFile.ShouldBe(isFile);
    }

    [TestCase("postgres:16", "a database")]
    [TestCase("ghcr.io/immich-app/postgres:14-vectorchord", "a database")]
    [TestCase("mcr.microsoft.com/mssql/server:2022-latest", "a database")]
    [TestCase("docker.io/valkey/valkey:8@sha256:0123", "a cache")]
    [TestCase("confluentinc/cp-kafka:7.6.1", "a message broker")]
    [TestCase("getmeili/meilisearch:v1.8", "a search engine")]
    [TestCase("quay.io/minio/minio", "an object store")]
    [TestCase("jc21/nginx-proxy-manager:2", "a front proxy")]
    [TestCase("traefik:v3.1", "a front proxy")]
    [TestCase("team/server:1", null)]
    [TestCase("team/nginx-exporter:1", null)]
    public void Where_the_file_is_the_release_data_stores_and_front_proxies_are_accessories(
        string image,
        string? reason
    )
    {
        var choice = Choose(
            $$"""{ "name": "a", "services": { "web": { "image": "team/web:1" }, "it": { "image": "{{image}}" } } }"""
        );
        choice.IsReleased("it").ShouldBe(reason is null);
        choice.Reasons.GetValueOrDefault("it").ShouldBe(reason);
    }

    [TestCase("\"network_mode\": \"host\"", "network_mode: host")]
    [TestCase("\"network_mode\": \"none\"", "network_mode: none")]
    [TestCase("\"pid\": \"host\"", "pid: host")]
    [TestCase("\"ipc\": \"container:other\"", "ipc: container:other")]
    [TestCase("\"ipc\": \"private\"", null)]
    public void What_shares_a_namespace_is_an_accessory(string line, string? reason)
    {
        var choice = Choose(
            $$"""{ "name": "a", "services": { "web": { "image": "team/web:1" }, "it": { "image": "team/it:1", {{line}} } } }"""
        );
        choice.Reasons.GetValueOrDefault("it").ShouldBe(reason);
        choice.IsReleased("it").ShouldBe(reason is null);
    }

    [TestCase("\"network_mode\": \"service:vpn\"", "network_mode: service:vpn of it")]
    [TestCase("\"volumes_from\": [\"vpn:ro\"]", "volumes_from: vpn:ro of it")]
    public void So_is_what_it_shares_it_with(string line, string reason)
    {
        var choice = Choose(
            $$"""{ "name": "a", "services": { "web": { "image": "team/web:1" }, "vpn": { "image": "team/vpn:1" }, "it": { "image": "team/it:1", {{line}} } } }"""
        );
        choice.ToString().ShouldBe("released: web; accessories: vpn, it");
        choice.Reasons["vpn"].ShouldBe(reason);
    }

    [Test]
    public void The_command_line_has_the_last_word()
    {
        var compose = Given.ComposeOf(Given.StoreModel, "1") with { Asked = ["db", "web"] };
        compose.Choice.ToString().ShouldBe("released: web, db; accessories: api, bot");
        compose.Choice.IsFile.ShouldBeFalse();
        ComposeReader
            .Read(compose, engineIsLocal: true)
            .Services.Select(service => service.Name)
            .ShouldBe(["web", "db"]);
        Should
            .Throw<ConfigurationException>(() =>
                ComposeReader.Read(compose with { Asked = ["no"] }, engineIsLocal: true)
            )
            .Problems[0]
            .ShouldBe(new("--release", "there is no service no", "Name services of the file: api, web, bot, db."));
    }

    [Test]
    public void The_choice_is_said_with_its_reasons_where_nobody_made_it()
    {
        var app = Given.App(
            Files
                .Replace(", \"network_mode\": \"bridge-less\"", "", StringComparison.Ordinal)
                .Replace(
                    ":1.4\"",
                    ":1.4\", \"healthcheck\": { \"test\": [\"CMD\", \"true\"] }",
                    StringComparison.Ordinal
                )
        );
        app.IsFileRelease.ShouldBeTrue();
        app.DescribeChoice().ShouldBe("released: web, api; accessories: db, front");
        app.Warnings.ShouldBe([
            "no tag names the images, so the file itself is the release, its images as written; released: web, api; accessories: db, front (db: a database, front: a front proxy); to choose otherwise: --release <services>, or x-recyclic: { release: true|false }",
        ]);
    }

    [Test]
    public void A_file_of_which_nothing_is_left_to_release_is_refused()
    {
        var refused = Should
            .Throw<ConfigurationException>(() =>
                Given.App("""{ "name": "a", "services": { "db": { "image": "postgres:16" } } }""")
            )
            .Problems.ShouldHaveSingleItem();
        refused.What.ShouldBe("no release service: db (a database)");
        refused.Mend.ShouldContain("--release <service>");
    }

    [Test]
    public void Where_profiles_hide_what_has_the_tag_nothing_is_guessed()
    {
        var compose = Given.ComposeOf("""{ "name": "a", "services": { "db": { "image": "db:1" } } }""", "1") with
        {
            Hidden = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("web", ["shop", "all"]),
        };
        Should
            .Throw<ConfigurationException>(() => ComposeReader.Read(compose, engineIsLocal: true))
            .Problems.ShouldHaveSingleItem()
            .ShouldBe(
                new(
                    "docker-compose.yml",
                    "no release service: web belong to profiles that are not enabled",
                    "Enable them: COMPOSE_PROFILES=shop,all."
                )
            );
    }

    [Test]
    public void A_tag_variable_that_no_image_uses_is_refused_and_named()
    {
        var compose = Given.ComposeOf(Files, "1") with { TagVariable = "APP_VERSION", IsTagVariableGiven = true };
        var refused = Should
            .Throw<ConfigurationException>(() => ComposeReader.Read(compose, engineIsLocal: true))
            .Problems[0];
        refused.What.ShouldBe("no image uses the tag variable APP_VERSION");
        refused.Mend.ShouldContain("team/api:${APP_VERSION}");
    }

    [Test]
    public void Unset_variables_are_one_line_and_refused_only_where_that_is_wanted()
    {
        var compose = Given.ComposeOf(Given.ShopModel, "1", "ONE", "TWO");
        ComposeReader
            .Read(compose, engineIsLocal: true)
            .Warnings.ShouldBe(["variables that are not set count as empty: ONE, TWO"]);
        Should
            .Throw<ConfigurationException>(() =>
                ComposeReader.Read(compose with { IsStrict = true }, engineIsLocal: true)
            )
            .Problems.ShouldHaveSingleItem()
            .What.ShouldBe("the variables ONE, TWO are not set");
    }

    [Test]
    public void A_file_release_has_the_name_of_its_content_wherever_it_is()
    {
        var here = (JsonObject)
            JsonNode.Parse(
                """{ "name": "a", "services": { "web": { "image": "w:1", "volumes": [{ "source": "/home/ann/shop/conf" }] } } }"""
            )!;
        var there = (JsonObject)
            JsonNode.Parse(
                """{ "services": { "web": { "volumes": [{ "source": "/srv/shop/conf" }], "image": "w:1" } }, "name": "a" }"""
            )!;
        ReleaseContent.Of(here, "/home/ann/shop").ShouldBe(ReleaseContent.Of(there, "/srv/shop"));
        ReleaseTag.WhyInvalid(ReleaseContent.Of(here, "/home/ann/shop")).ShouldBeNull();
        there["services"]!["web"]!["image"] = "w:2";
        ReleaseContent.Of(here, "/home/ann/shop").ShouldNotBe(ReleaseContent.Of(there, "/srv/shop"));
    }

    [Test]
    public void One_name_with_other_content_is_told_apart_in_the_plan()
    {
        var images = Given.Release(Given.Shop, "df3b59a").Images;
        var now = Planning.Host.Serving(Given.Shop, "df3b59a", Slot.Blue);
        var (before, after) = (now.Current!.Release, Release.Of("df3b59a", images, "2222222"));
        before.Id.ShouldNotBe(after.Id);
        DeployPlanner
            .Deploy(Given.Shop, now, after, new DeployOptions())
            .ToText()
            .ShouldStartWith($"deploy shop: {before.Id} -> {after.Id}\n");
    }

    [Test]
    public void Releases_of_one_name_are_told_apart_by_their_ids()
    {
        var (one, other) = (
            Given.Release(Given.Shop, "1"),
            Release.Of("1", Given.Release(Given.Shop, "1").Images, "2222222")
        );
        var now = Planning.Host.Serving(Given.Shop, "1", Slot.Blue);
        now.Journal.NameOf(one.Id, one.Tag).ShouldBe("1");
        now.Journal.NameOf(other.Id, other.Tag).ShouldBe(other.Id);
        now.Journal.History.ShouldHaveSingleItem().ReleaseId.ShouldBe(one.Id);
    }

    private static ReleaseChoice Choose(string json) => Given.ComposeOf(json, "1").Choice;
}
