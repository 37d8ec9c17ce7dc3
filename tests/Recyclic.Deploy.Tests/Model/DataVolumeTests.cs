using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Tests.Planning;
using Mount = Recyclic.Deploy.Model.Mount;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>Which volumes a release keeps, what they are called, and what a plan says of them.</summary>
internal sealed class DataVolumeTests
{
    private const string Web = """
        { "name": "shop", "services": { "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }SERVICE } }, "volumes": { "files": { "name": "shop_files" } } }
        """;

    [TestCase("/data", "shop.web.data")]
    [TestCase("/var/lib/app", "shop.web.var-lib-app")]
    [TestCase("/var/lib_app", "shop.web.var-lib_app")]
    [TestCase("/var-lib/app", "shop.web.var-lib-app--d2a7f399")]
    [TestCase("/a b/ü", "shop.web.a-b----9f3a35f7")]
    public void A_volumes_name_says_its_service_and_its_path(string path, string name) =>
        DataVolume.NameFor("shop", "web", path).ShouldBe(name);

    [Test]
    public void Two_paths_have_two_names_and_a_long_one_a_short_name()
    {
        string[] paths =
        [
            "/a/b",
            "/a-b",
            "/a.b",
            "/a b",
            "/a/b-",
            "/" + new string('a', 300),
            "/" + new string('a', 301),
        ];
        paths.Select(path => DataVolume.NameFor("a", "b", path)).Distinct().Count().ShouldBe(paths.Length);
        DataVolume.NameFor("a", "b", paths[^1]).Length.ShouldBeLessThan(100);
    }

    [Test]
    public void An_anonymous_volume_is_an_entry_without_a_source_or_a_declared_path_that_nothing_else_covers()
    {
        var app = App(
            """
            , "tmpfs": ["/cache:size=1m"], "volumes": [
              { "type": "volume", "target": "/data/", "volume": {} }, { "type": "volume", "source": "files", "target": "/files" },
              { "type": "bind", "source": "/srv/in", "target": "/in" }, { "type": "tmpfs", "target": "/tmp" }]
            """,
            "/files",
            "/in/",
            "/tmp",
            "/cache",
            "/data",
            "/in/sub",
            "/more"
        );
        app.Services[0].AnonymousPaths.ShouldBe(["/data", "/in/sub", "/more"]);
    }

    [Test]
    public void A_slot_mounts_the_volumes_that_the_plan_chose_in_the_place_of_anonymous_ones()
    {
        var app = App(
            """, "volumes": [{ "type": "volume", "target": "/data/", "volume": { "nocopy": true } }]""",
            "/data",
            "/more"
        );
        var model = SlotModel.ForSlot(
            app,
            Slot.Blue,
            Given.Release(app, "1"),
            null,
            new Naming("shop"),
            "t.1",
            new DataVolume("web", "/data", "3aa3"),
            new DataVolume("web", "/more", "shop.web.more")
        );
        model["services"]!["web"]!["volumes"]!
            .ToJsonString()
            .ShouldBe(
                """
                [{"type":"volume","target":"/data/","volume":{"nocopy":true},"source":"3aa3"},{"type":"volume","source":"shop.web.more","target":"/more"}]
                """.Trim()
            );
        model["volumes"]!
            .ToJsonString()
            .ShouldBe(
                """{"3aa3":{"name":"3aa3","external":true},"shop.web.more":{"name":"shop.web.more","external":true}}"""
            );
        model["services"]!["web"]!["labels"]![DataVolume.RenewLabel]!
            .GetValue<string>()
            .ShouldBe("false", "an image's own label must not say otherwise");
    }

    [Test]
    public void A_plan_says_which_volumes_it_keeps_and_makes_and_how_to_name_them()
    {
        var app = App("", "/data");
        var plan = DeployPlanner.Deploy(app, Snapshot.Empty("shop"), Given.Release(app, "1"), new DeployOptions());
        plan.Notes.Remove(Unrouted.Note)
            .ShouldBe([
                "web keeps /data in the volume shop.web.data, from release to release; to have it in your file: volumes: [\"data:/data\"] in web, and below the file's volumes data: { name: shop.web.data, external: true }",
                "web writes to the volume shop.web.data (/data), and two releases do while both run; if only one process may (SQLite, a lock file, a queue on disk): x-recyclic: { overlap: false } stops the old one before the new one starts",
            ]);
        CommandPreview
            .Of(plan, app)
            .ShouldContain(command =>
                command.EndsWith(
                    "docker volume create --label recyclic.app=shop --label recyclic.path=/data --label recyclic.role=data --label recyclic.service=web shop.web.data",
                    StringComparison.Ordinal
                )
            );
    }

    [Test]
    public void Replicas_have_a_volume_each_and_the_plan_says_that_theirs_are_not_carried_over()
    {
        var app = App(""", "deploy": { "replicas": 2 }""", "/data");
        var plan = DeployPlanner.Deploy(app, Snapshot.Empty("shop"), Given.Release(app, "1"), new DeployOptions());
        plan.Volumes.ShouldBeEmpty();
        plan.Notes.Remove(Unrouted.Note)
            .ShouldBe([
                "web has 2 replicas, each with an anonymous volume of its own at /data: no release gets what an earlier one wrote there, and nothing removes it; to share one, name it: volumes: [\"data:/data\"]",
            ]);
    }

    [TestCase("""{ "type": "volume", "source": "files", "target": "/f" }""", "the volume shop_files (/f)")]
    [TestCase("""{ "type": "bind", "source": "/srv/in", "target": "/in" }""", "/srv/in (/in)")]
    [TestCase("""{ "type": "volume", "source": "files", "target": "/f", "read_only": true }""", null)]
    [TestCase("""{ "type": "bind", "source": "/var/run/docker.sock", "target": "/var/run/docker.sock" }""", null)]
    [TestCase("""{ "type": "bind", "source": "/etc/localtime", "target": "/etc/localtime" }""", null)]
    public void What_both_releases_write_while_both_run_is_said(string mount, string? what)
    {
        var app = App($$""", "volumes": [{{mount}}]""");
        var now = Host.Serving(app, "1", Slot.Blue);
        now = now.With(
            Slot.Blue,
            [.. now.Blue.Containers.Select(container => container with { Mounts = Mount.Of(app.Document, "web") })]
        );
        var notes = DeployPlanner.Deploy(app, now, Given.Release(app, "2"), new DeployOptions()).Notes;
        if (what is null)
            notes.ShouldBeEmpty();
        else
            notes
                .Single()
                .ShouldStartWith($"web writes to {what}, and 1 and 2 both do while both run; if only one process may");
        // What the release that serves has not, is not shared with it.
        DeployPlanner
            .Deploy(app, Host.Serving(app, "1", Slot.Blue), Given.Release(app, "2"), new DeployOptions())
            .Notes.ShouldBeEmpty();
    }

    [TestCase("postgres:${TAG}", "", "its image postgres:1.4.2 is a database's")]
    [TestCase("host:5000/team/Redis:${TAG}", "", "its image host:5000/team/Redis:1.4.2 is a cache's")]
    [TestCase("postgres:${TAG}", """, "x-recyclic": { "release": true }""", null)]
    [TestCase("team/postgres-exporter:${TAG}", "", null)]
    public void A_database_as_a_release_service_is_refused_with_the_line_that_makes_it_an_accessory(
        string image,
        string settings,
        string? reason
    )
    {
        var json = Web.Replace("team/web:${TAG}", image, StringComparison.Ordinal)
            .Replace("SERVICE", settings, StringComparison.Ordinal);
        if (reason is null)
        {
            Given.App(json).Services.Single().Name.ShouldBe("web");
            return;
        }
        var refused = Should.Throw<ConfigurationException>(() => Given.App(json));
        refused.Message.ShouldContain(reason);
        refused.Message.ShouldContain("x-recyclic: { release: false }");
    }

    [Test]
    public void A_database_is_known_by_what_its_image_declares_too()
    {
        ImageKinds
            .WhyKeepsData("team/store:1", "/var/lib/mysql/")
            .ShouldBe("its image team/store:1 is a database's, by its VOLUME /var/lib/mysql");
        ImageKinds.WhyKeepsData("team/store:1", "/data").ShouldBeNull();
    }

    [Test]
    public void A_service_says_itself_whether_it_is_one_of_a_release()
    {
        var app = Given.App(
            Given
                .ShopModel.Replace(
                    "\"image\": \"postgres:16\",",
                    "\"image\": \"postgres:${TAG}\", \"x-recyclic\": { \"release\": false },",
                    StringComparison.Ordinal
                )
                .Replace(
                    "\"services\": {",
                    "\"services\": { \"front\": { \"image\": \"nginx:1.27\", \"healthcheck\": { \"test\": [\"CMD\", \"true\"] }, \"x-recyclic\": { \"release\": true } },",
                    StringComparison.Ordinal
                )
        );
        app.Services.Select(service => service.Name).ShouldBe(["front", "api"]);
        app.Accessories.Select(accessory => accessory.Name).ShouldBe(["db"]);
    }

    [TestCase("""{ "release": "no" }""", "x-recyclic.release 'no' is neither true nor false")]
    [TestCase("""{ "renew-volumes": 1 }""", "x-recyclic.renew-volumes '1' is neither true nor false")]
    [TestCase(
        """{ "release": false, "overlap": false }""",
        "it has x-recyclic.overlap, which is for release services only; this is an accessory, by x-recyclic.release"
    )]
    public void A_setting_that_means_nothing_is_refused(string settings, string what) =>
        Should
            .Throw<ConfigurationException>(() => App($$""", "x-recyclic": {{settings}}"""))
            .Message.ShouldContain(what);

    [Test]
    public void What_the_engine_says_of_mounts_volumes_and_images_is_read()
    {
        var container = EngineAnswers.Container(
            Answer.Of<ContainerInspectResponse>(
                """
                { "Id": "1", "Mounts": [ { "Type": "volume", "Name": "3aa3", "Source": "/var/lib/docker/volumes/3aa3/_data", "Destination": "/data", "RW": true },
                  { "Type": "bind", "Source": "/srv", "Destination": "/in/", "RW": false }, { "Type": "tmpfs", "Destination": "/tmp", "RW": true } ] }
                """
            )
        );
        container.Mounts.ShouldBe([
            new Mount("volume", "3aa3", "/data", true),
            new Mount("bind", "/srv", "/in", false),
        ]);
        EngineAnswers
            .ImageVolumes(Answer.Of<ImageInspectResponse>("""{ "Config": { "Volumes": { "/data": {} } } }"""))
            .ShouldBe(["/data"]);
        EngineAnswers
            .ImageVolumes(Answer.Of<ImageInspectResponse>("""{ "Config": { "Volumes": null } }"""))
            .ShouldBeEmpty();
        var volume = EngineAnswers.Volume(
            Answer.Of<VolumeResponse>(
                """{ "Name": "shop.web.data", "Labels": { "recyclic.app": "shop", "recyclic.role": "data", "recyclic.service": "web", "recyclic.path": "/data" } }"""
            )
        );
        new DataVolume("web", "/data", "shop.web.data").IsMade("shop", volume).ShouldBeTrue();
        new DataVolume("web", "/other", "shop.web.data").IsMade("shop", volume).ShouldBeFalse();
    }

    [Test]
    public void Only_containers_that_renew_their_volumes_are_removed_with_them() =>
        DockerCommands
            .RemoveRelease([("a", false), ("b", true), ("c", false)])
            .Select(command => string.Join(' ', command))
            .ShouldBe(["rm --force a c", "rm --force --volumes b"]);

    [
        TestCase("""[null]"""),
        TestCase("""[{"service":"web","path":null,"name":"x"}]"""),
        TestCase("""[{"service":"web","path":"/data","name":""}]""")
    ]
    public void A_journal_record_with_half_a_volume_counts_as_cut_short(string volumes) =>
        Journal
            .Parse([$$"""{"at":"2026-01-02T12:00:00+00:00","deploy":"1","kind":"Begin","volumes":{{volumes}}}"""])
            .Records.ShouldBeEmpty();

    /// <param name="service">Further settings of the service web.</param>
    /// <param name="declared">By its image.</param>
    private static Application App(string service, params ImmutableArray<string> declared) =>
        Given
            .App(Web.Replace("SERVICE", service, StringComparison.Ordinal))
            .With(new Dictionary<string, ImmutableArray<string>> { ["web"] = declared });
}
