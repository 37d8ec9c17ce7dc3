using System.Text;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>Which files of this machine belong to a release, and what becomes of a service's model by that.</summary>
internal sealed class ReleaseFilesTests
{
    private const string Folder = "/home/ann/shop";

    [Test]
    public void Where_the_engine_is_elsewhere_what_is_mounted_read_only_of_the_files_folder_goes_with_the_release()
    {
        var files = ReleaseFileReader.Of(
            Compose(
                """
                "volumes": [
                  { "type": "bind", "source": "./conf/a b.json", "target": "/etc/a.json/", "read_only": true },
                  { "type": "bind", "source": "../other", "target": "/other", "read_only": true },
                  { "type": "bind", "source": "/etc/ssl", "target": "/ssl", "read_only": true },
                  { "type": "bind", "source": "./data", "target": "/data" },
                  { "type": "volume", "source": "data", "target": "/var" }]
                """
            ),
            engineIsLocal: false
        );
        files.ShouldBe([
            new ReleaseFile("web", "/etc/a.json", FileKind.Mount, "./conf/a b.json")
            {
                Path = $"{Folder}/conf/a b.json",
                Travels = true,
            },
        ]);
    }

    [Test]
    public void On_this_machines_engine_mounts_stay_what_they_are_unless_the_file_says_so()
    {
        const string Mount =
            """ "volumes": [{ "type": "bind", "source": "./app.json", "target": "/app.json", "read_only": true }] """;
        ReleaseFileReader.Of(Compose(Mount), engineIsLocal: true).ShouldHaveSingleItem().Travels.ShouldBeFalse();
        ReleaseFileReader
            .Of(Compose(Mount + """, "x-recyclic": { "files": "release" }"""), engineIsLocal: true)
            .ShouldHaveSingleItem()
            .Travels.ShouldBeTrue();
        ReleaseFileReader
            .Of(Compose(Mount + """, "x-recyclic": { "files": "host" }"""), engineIsLocal: false)
            .ShouldBeEmpty();
    }

    [Test]
    public void Configs_and_secrets_are_the_releases_with_the_owner_and_mode_of_their_long_form()
    {
        const string Uses = """
            "configs": [{ "source": "site", "target": "/etc/site.conf", "uid": "33", "gid": "33", "mode": "0440" }, { "source": "inline" }],
            "secrets": [{ "source": "token", "target": "/run/secrets/token" }, { "source": "key", "target": "tls.key", "mode": 288 }, { "source": "far" }]
            """;
        var remote = ReleaseFileReader.Of(Compose(Uses), engineIsLocal: false);
        remote.ShouldBe([
            new ReleaseFile("web", "/etc/site.conf", FileKind.Config, "site")
            {
                Path = $"{Folder}/site.conf",
                Uid = 33,
                Gid = 33,
                Mode = 0b100_100_000,
                Travels = true,
            },
            new ReleaseFile("web", "/inline", FileKind.Config, "inline") { Text = "costs $5", Travels = true },
            new ReleaseFile("web", "/run/secrets/token", FileKind.Secret, "token")
            {
                Path = $"{Folder}/token.txt",
                Mode = 0b110_000_000,
                IsForUserAlone = true,
                Travels = true,
            },
            new ReleaseFile("web", "/run/secrets/tls.key", FileKind.Secret, "key")
            {
                Variable = "TLS_KEY",
                Mode = 0b100_100_000,
                Travels = true,
            },
        ]);
        var local = ReleaseFileReader.Of(Compose(Uses), engineIsLocal: true);
        local
            .Select(file => file.Name)
            .ShouldBe(["site", "inline", "token", "key", "far"], "what is absolute is on this machine, too");
        local
            .Single(file => file.Name == "token")
            .Mode.ShouldBeNull("compose mounts the file with the mode that it has");
    }

    [TestCase("", 0, 384)]
    [TestCase("1000:1000", 1000, 384)]
    [TestCase("node", 0, 292)]
    public void A_secret_is_its_containers_users_alone_as_far_as_that_one_has_a_number(string user, int uid, int mode)
    {
        var files = new ReleaseFiles([Secret("geheim")])
        {
            Users = ImmutableDictionary<string, string>.Empty.Add("web", user),
        };
        var node = files.Archive().ShouldHaveSingleItem();
        (node.Uid, node.Mode).ShouldBe((uid, mode));
    }

    [Test]
    public void A_folder_is_kept_with_its_links_and_modes_and_the_same_content_is_there_once()
    {
        var tree = new FileTree([
            Node("", null),
            Node("bin", null),
            Node("bin/run", "#!", 0b111_101_101),
            Node("now", null, link: "bin/run"),
        ]);
        var files = new ReleaseFiles([Mounted("web", "/a", tree), Mounted("api", "/b", tree), Secret("x")]);
        files.Archive().Select(node => node.Path).ShouldBe(["0", "0/bin", "0/bin/run", "0/now", "1"]);
        files.ToLabel().ShouldBe("""{"api:/b":"0","web:/a":"0","web:/run/secrets/token":"1"}""");
        files.Archive().Single(node => node.Path == "0/bin/run").Mode.ShouldBe(0b111_101_101);
        files.Archive().Single(node => node.Path == "0/now").Link.ShouldBe("bin/run");
    }

    [Test]
    public void A_container_is_given_its_own_files_of_the_volume_and_nothing_else()
    {
        var compose = Compose(
            """
            "volumes": [{ "type": "bind", "source": "./conf", "target": "/conf", "read_only": true }, { "type": "volume", "source": "data", "target": "/var" }],
            "secrets": [{ "source": "token", "target": "/run/secrets/token" }, { "source": "key", "target": "tls.key" }]
            """
        );
        var files = new ReleaseFiles([
            Mounted("web", "/conf", new FileTree([Node("", null)])) with
            {
                Name = "./conf",
            },
            Secret("geheim"),
        ]);
        var model = (JsonObject)compose.Resolved.DeepClone();
        files.MountInto(model, "shop.files.1-a", null);
        var web = model["services"]!["web"]!;
        web["volumes"]!
            .ToJsonString()
            .ShouldBe(
                """
                [{"type":"volume","source":"data","target":"/var"},{"type":"volume","source":"shop.files.1-a","target":"/conf","read_only":true,"volume":{"nocopy":true,"subpath":"0"}},{"type":"volume","source":"shop.files.1-a","target":"/run/secrets/token","read_only":true,"volume":{"nocopy":true,"subpath":"1"}}]
                """
            );
        web["secrets"]!.ToJsonString().ShouldBe("""[{"source":"key","target":"tls.key"}]""");
        ((JsonObject)model["secrets"]!).Select(secret => secret.Key).ShouldBe(["key"]);
        model["volumes"]!["shop.files.1-a"]!.ToJsonString().ShouldBe("""{"name":"shop.files.1-a","external":true}""");

        var old = (JsonObject)compose.Resolved.DeepClone();
        files.MountInto(old, "shop.files.1-a", "/var/lib/docker/volumes/shop.files.1-a/_data");
        old["services"]!["web"]!["volumes"]![1]!
            .ToJsonString()
            .ShouldBe(
                """{"type":"bind","source":"/var/lib/docker/volumes/shop.files.1-a/_data/0","target":"/conf","read_only":true}"""
            );
        old["volumes"].ShouldBeNull();
    }

    [Test]
    public void Nobody_can_find_a_secret_by_what_is_kept_of_it_without_the_key()
    {
        var one = new ReleaseFiles([Secret("geheim")]).KeyedBy("k1");
        var print = one.FingerprintsOf("web").ShouldHaveSingleItem();
        print.Key.ShouldBe("secret token");
        ServiceSettings.IsFingerprint(print.Value).ShouldBeTrue();
        print.Value.ShouldNotBe(ServiceSettings.FingerprintOf("geheim"));
        new ReleaseFiles([Secret("geheim")]).KeyedBy("k2").FingerprintsOf("web").ShouldNotBe([print]);
        new ReleaseFiles([Secret("geheim")]).KeyedBy("k1").FingerprintsOf("web").ShouldBe([print]);
        one.ToLabel().ShouldNotContain(print.Value);
    }

    [Test]
    public void Of_a_folder_each_file_is_told_apart_and_whose_it_is_is_no_difference()
    {
        var before = Prints(Node("", null), Node("a", "1"), Node("b", "2"), Node("c", "3"));
        var after = Prints(
            Node("", null),
            Node("a", "1") with
            {
                Uid = 1000,
                ModifiedAt = Given.Noon,
            },
            Node("b", "2!"),
            Node("d", "4")
        );
        before.Except(after).Select(entry => entry.Key).ShouldBe(["file ./conf/b", "file ./conf/c"]);
        after.Except(before).Select(entry => entry.Key).ShouldBe(["file ./conf/b", "file ./conf/d"]);
        Prints([Node("", null), .. Enumerable.Range(0, 500).Select(number => Node($"{number}", "x"))])
            .ShouldHaveSingleItem()
            .Key.ShouldBe("folder ./conf");

        static List<KeyValuePair<string, string>> Prints(params FileNode[] nodes) =>
            [
                .. new ReleaseFiles([Mounted("web", "/conf", new FileTree([.. nodes]))])
                    .KeyedBy("k")
                    .FingerprintsOf("web"),
            ];
    }

    [Test]
    public void What_a_service_may_write_to_of_this_machine_is_refused_where_the_engine_is_elsewhere()
    {
        var problem = Problem(
            Compose(
                """
                "volumes": [{ "type": "bind", "source": "./data", "target": "/data", "bind": { "create_host_path": true } }]
                """
            )
        );
        problem.Place.ShouldBe("docker-compose.yml: services.web");
        problem.What.ShouldContain("it may write to ./data of this machine, but the engine runs on another");
        problem.Mend.ShouldContain(":ro");
        problem.Mend.ShouldContain("x-recyclic: { files: host }");
    }

    [Test]
    public void A_folder_that_an_accessory_writes_to_is_its_hosts_and_a_file_is_refused()
    {
        const string Written =
            """ "x-recyclic": { "release": false }, "volumes": [{ "type": "bind", "source": "./SOURCE", "target": "/data" }] """;
        const string Released =
            """, "two": { "image": "team/two:${TAG}", "healthcheck": { "test": ["CMD", "true"] } """;
        ComposeReader
            .Read(
                Compose(Written.Replace("SOURCE", "data", StringComparison.Ordinal) + "}" + Released),
                engineIsLocal: false
            )
            .Warnings.ShouldHaveSingleItem()
            .ShouldBe(
                $"web writes to {Folder}/data: that is a folder of the engine's host, not the one here; a named volume does not depend on where this checkout is"
            );
        Problem(Compose(Written.Replace("SOURCE", "init.sql", StringComparison.Ordinal) + "}" + Released))
            .Mend.ShouldContain("write its absolute path there");
    }

    [Test]
    public void What_is_to_go_and_is_not_there_or_cannot_be_read_is_refused()
    {
        var compose = Compose(
            """
            "volumes": [{ "type": "bind", "source": "./app.json", "target": "/app.json", "read_only": true, "bind": { "create_host_path": true } }]
            """
        );
        Problem(compose with { MissingFiles = new[] { $"{Folder}/app.json" }.ToLookup(_ => "web") })
            .What.ShouldContain("app.json, which does not exist");
        Problem(
                compose with
                {
                    Files = new ReleaseFiles([
                        Secret("") with
                        {
                            Tree = null,
                            Problem = ("the secret token cannot be read: no", "Let it."),
                        },
                    ]),
                }
            )
            .ShouldBe(new("docker-compose.yml: services.web", "the secret token cannot be read: no", "Let it."));
        var vanished = ReleaseFileReader.Of(compose, engineIsLocal: false);
        Problem(compose with { Files = new ReleaseFiles(vanished) })
            .What.ShouldContain("app.json, which does not exist");
        Problem(Compose(""" "x-recyclic": { "files": "mine" } """)).What.ShouldBe("x-recyclic.files 'mine' is unknown");
    }

    [Test]
    public void A_secret_that_only_the_engine_may_read_stays_what_it_is_and_the_plan_says_so()
    {
        var compose = Compose(""" "secrets": [{ "source": "token" }] """) with
        {
            Files = new ReleaseFiles([Secret("") with { Tree = null, Travels = false }]),
        };
        ComposeReader
            .Read(compose, engineIsLocal: true)
            .Warnings.ShouldBe([
                "the secret token of web cannot be read by this user: it stays this machine's, and a rollback does not bring an earlier version of it back",
            ]);
    }

    [Test]
    public void What_is_mounted_of_the_engines_host_is_asked_for_there()
    {
        var app = ComposeReader.Read(
            Compose(
                """
                "volumes": [
                  { "type": "bind", "source": "/srv/data", "target": "/data", "bind": { "create_host_path": true } },
                  { "type": "bind", "source": "/srv/app.ini", "target": "/app.ini", "bind": { "create_host_path": true } }],
                "secrets": [{ "source": "far" }, { "source": "token" }]
                """
            ) with
            {
                Files = new ReleaseFiles([Secret("x")]),
            },
            engineIsLocal: false
        );
        HostPaths
            .Of(app)
            .ShouldBe([
                new HostPath("web", "/srv/data", true),
                new HostPath("web", "/srv/app.ini", false),
                new HostPath("web", "/etc/far", false),
            ]);
    }

    private static ConfigurationProblem Problem(ComposeModel compose) =>
        Should
            .Throw<ConfigurationException>(() => ComposeReader.Read(compose, engineIsLocal: false))
            .Problems.ShouldHaveSingleItem();

    private static ReleaseFile Secret(string text) =>
        new("web", "/run/secrets/token", FileKind.Secret, "token")
        {
            Mode = 0b110_000_000,
            IsForUserAlone = true,
            Travels = true,
            Tree = FileTree.OfText(text),
        };

    private static ReleaseFile Mounted(string service, string target, FileTree tree) =>
        new(service, target, FileKind.Mount, "./conf")
        {
            Path = $"{Folder}/conf",
            Travels = true,
            Tree = tree,
        };

    private static FileNode Node(string path, string? content, int mode = 0b110_100_100, string? link = null) =>
        new(path, content is null ? null : Encoding.UTF8.GetBytes(content), link, mode, 0, 0, DateTimeOffset.UnixEpoch);

    /// <summary>A service as written, read as compose resolves it in the folder.</summary>
    private static ComposeModel Compose(string attributes)
    {
        var compose = Given.Compose(
            $$"""
            { "name": "shop", "services": { "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, {{attributes}} } },
              "configs": { "site": { "file": "./site.conf" }, "inline": { "content": "costs $$5" } },
              "secrets": { "token": { "file": "./token.txt" }, "key": { "environment": "TLS_KEY" }, "far": { "file": "/etc/far" } } }
            """
        );
        foreach (
            var mount in (compose.Resolved["services"]!["web"]!["volumes"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Where(mount => mount["type"]!.GetValue<string>() == "bind")
        )
            mount["source"] = Path.GetFullPath(mount["source"]!.GetValue<string>(), Folder);
        compose.Resolved["configs"]!["site"]!["file"] = $"{Folder}/site.conf";
        compose.Resolved["secrets"]!["token"]!["file"] = $"{Folder}/token.txt";
        return compose with { Folder = Folder, RelativeFiles = ["configs.site", "secrets.token"] };
    }
}
