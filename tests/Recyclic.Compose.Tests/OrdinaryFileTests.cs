using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Files as people have them, read by the real `docker compose config`. No engine is asked.</summary>
[Category("Docker"), CancelAfter(60_000), Parallelizable(ParallelScope.Children)]
public sealed class OrdinaryFileTests
{
    private const string Check = "healthcheck: { test: [\"CMD\", \"true\"] }";

    [Test]
    public async Task What_compose_reads_is_read_where_it_wants_a_value(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        await reading.WriteAsync("more.yml", "services: { more: { image: \"more:1\" } }\n");
        await reading.WriteAsync(".env", "REGISTRY=example.test/team\n");
        var app = await reading.TextAsync(
            $$"""
            name: test
            include: ["${RECYCLIC_MORE:-more.yml}"]
            services:
              web:
                image: "${REGISTRY}/web:${TAG}"
                {{Check}}
                environment: { MARK: "${REGISTRY}" }
                volumes: ["${RECYCLIC_CONF:-/etc}:/conf:ro"]
                ulimits: { nofile: "${RECYCLIC_NOFILE:-1024}" }
                pull_policy: ${RECYCLIC_PULL:-missing}
                networks: [out]
            networks: { out: { external: "${RECYCLIC_EXTERNAL:-true}" } }
            """,
            cancellationToken
        );
        app.Services.ShouldHaveSingleItem().Image.ShouldBe("example.test/team/web:t1");
        app.Accessories.ShouldHaveSingleItem().Name.ShouldBe("more");
        var web = app.Document["services"]!["web"]!;
        web["environment"]!["MARK"]!.GetValue<string>().ShouldBe("example.test/team");
        web["ulimits"]!["nofile"]!.GetValue<int>().ShouldBe(1024);
        reading.Registry = "ghcr.io/acme";
        (await reading.ReadAsync(reading.File, cancellationToken)).Services[0].Image.ShouldBe("ghcr.io/acme/web:t1");
    }

    [TestCase("x-recyclic: { tag-variable: APP_VERSION }\n", null)]
    [TestCase("", "APP_VERSION")]
    public async Task Another_variable_has_the_tag(string top, string? option, CancellationToken cancellationToken)
    {
        using var reading = new Reading { Settings = new() { TagVariable = option } };
        var app = await reading.TextAsync(
            $"name: test\n{top}services:\n  web: {{ image: \"web:${{APP_VERSION:-v1}}\", {Check} }}\n  db: {{ image: \"db:${{TAG:-7}}\" }}\n",
            cancellationToken
        );
        app.Services.ShouldHaveSingleItem().Image.ShouldBe("web:t1");
        app.Accessories.ShouldHaveSingleItem().Image.ShouldBe("db:7");
    }

    [Test]
    public async Task A_name_that_depends_on_the_tag_variable_is_refused(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        await reading.WriteAsync(
            "docker-compose.yml",
            "name: \"shop-${APP_VERSION:-1}\"\nx-recyclic: { tag-variable: APP_VERSION }\nservices: { web: { image: \"web:${APP_VERSION}\" } }\n"
        );
        (
            await Should.ThrowAsync<ConfigurationException>(() =>
                new ComposeCli(new DockerCli(new ProcessCommandRunner())).ReadNameAsync(
                    reading.File,
                    null,
                    null,
                    cancellationToken
                )
            )
        ).Message.ShouldContain("depends on APP_VERSION");
    }

    [Test]
    public async Task Images_that_are_variables_get_name_and_tag(CancellationToken cancellationToken)
    {
        using var reading = new Reading
        {
            Settings = new()
            {
                Images = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(
                    "api",
                    "registry.example/team/api"
                ),
            },
        };
        await reading.WriteAsync(".env", "WEB_IMAGE=team/web:latest\nDB_IMAGE=postgres:16\n");
        var app = await reading.TextAsync(
            $$"""
            name: test
            services:
              web: { image: "${WEB_IMAGE}", {{Check}} }
              api: { image: "${API_IMAGE}", {{Check}} }
              bot: { image: "${BOT_IMAGE:?}", {{Check}}, x-recyclic: { image: team/bot, overlap: false } }
              db: { image: "${DB_IMAGE}" }
              dash: { image: "dash:9" }
            """,
            cancellationToken
        );
        app.Services.Select(service => service.Image)
            .ShouldBe(["registry.example/team/api:t1", "team/bot:t1", "team/web:t1"], ignoreOrder: true);
        app.Accessories.Select(accessory => accessory.Image).ShouldBe(["dash:9", "postgres:16"], ignoreOrder: true);
        app.IsFileRelease.ShouldBeFalse();
    }

    [Test]
    public async Task What_is_built_without_a_name_gets_composes_own_with_the_tag(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var app = await reading.TextAsync(
            $"name: test\nservices:\n  web: {{ build: ., {Check} }}\n  db: {{ image: \"postgres:16\" }}\n",
            cancellationToken
        );
        app.Services.ShouldHaveSingleItem().Image.ShouldBe("test-web:t1");
        app.IsFileRelease.ShouldBeFalse("what lacks it is built, and pushed, by its tag");
    }

    [Test]
    public async Task Where_no_tag_is_used_the_file_is_the_release_and_a_derived_tag_is_not_set(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading { Settings = new() { IsTagGiven = false } };
        await reading.WriteAsync(".env", "TAG=mine\n");
        var text =
            $"name: test\nservices:\n  web: {{ image: \"web:1.4\", {Check}, environment: {{ MARK: \"${{TAG}}\" }} }}\n  cache: {{ image: \"redis:7\" }}\n";
        var app = await reading.TextAsync(text, cancellationToken);
        app.DescribeChoice().ShouldBe("released: web; accessories: cache");
        Mark(app.Document).ShouldBe("mine");
        reading.Settings = new() { IsTagGiven = true };
        Mark((await reading.TextAsync(text, cancellationToken)).Document).ShouldBe("t1");

        static string Mark(JsonObject document) =>
            document["services"]!["web"]!["environment"]!["MARK"]!.GetValue<string>();
    }

    [Test]
    public async Task Without_a_tag_what_the_variables_say_is_taken_as_written(CancellationToken cancellationToken)
    {
        using var reading = new Reading { Settings = new() { IsTagGiven = false } };
        await reading.WriteAsync(".env", "API_IMAGE=team/api:1.4\n");
        const string Text =
            "name: test\nservices:\n  web: { image: \"team/web:${TAG:-17}\" }\n  api: { image: \"${API_IMAGE}\" }\n";
        var app = await reading.TextAsync(Text, cancellationToken);
        app.IsFileRelease.ShouldBeTrue();
        app.Services.Select(service => service.Image).ShouldBe(["team/api:1.4", "team/web:17"], ignoreOrder: true);
        (await reading.ModelAsync(reading.File, null, cancellationToken)).Choice.IsFile.ShouldBeTrue();
        (await reading.TextAsync(Text.Replace(":-17", "", StringComparison.Ordinal), cancellationToken))
            .Services.Select(service => service.Image)
            .ShouldContain("team/web:t1", "only the tag makes it an image");
        (
            await reading.TextAsync(
                Text.Replace(":-17", ":?", StringComparison.Ordinal) + "x-recyclic: {}\n",
                cancellationToken
            )
        )
            .Services.Select(service => service.Image)
            .ShouldContain("team/web:t1");
        reading.Settings = new();
        (await reading.TextAsync(Text, cancellationToken))
            .Services.Select(service => service.Image)
            .ShouldBe(["team/api:t1", "team/web:t1"], ignoreOrder: true);
    }

    [Test]
    public async Task What_is_built_here_is_named_by_the_content_where_there_is_no_commit(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading { Settings = new() { IsTagGiven = false } };
        await reading.WriteAsync(
            "docker-compose.yml",
            "name: test\nservices:\n  api: { build: ., image: \"api:${TAG:-dev}\" }\n  db: { image: \"postgres:16\" }\n"
        );
        (await reading.ModelAsync(reading.File, null, cancellationToken)).IsBuiltHere.ShouldBeTrue();
        (await reading.ReadAsync(reading.File, cancellationToken))
            .Services.Select(service => service.Image)
            .ShouldBe(["api:t1"]);
    }

    [Test]
    public async Task Services_that_all_belong_to_profiles_are_told_so(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (
            await reading.ProblemsAsync("web: { image: \"web:1\", profiles: [shop, all] }", cancellationToken)
        ).ShouldHaveSingleItem();
        problem.What.ShouldBe("each of its services belongs to a profile that is not enabled: web");
        problem.Mend.ShouldContain("--compose-profile <name>, of shop, all");
    }

    [Test]
    public async Task The_content_of_a_file_is_its_name_and_changes_with_it(CancellationToken cancellationToken)
    {
        using var reading = new Reading { Settings = new() { IsTagGiven = false } };
        var names = new List<string>();
        foreach (var version in new[] { "1.4", "1.5", "1.4" })
        {
            await reading.WriteAsync(
                "docker-compose.yml",
                $"services:\n  web: {{ image: \"web:{version}\", {Check} }}\n"
            );
            names.Add(
                ReleaseContent.Of(
                    (await reading.ModelAsync(reading.File, null, cancellationToken, "test")).Resolved,
                    reading.Root
                )
            );
        }
        names[0].ShouldBe(names[2]);
        names[0].ShouldNotBe(names[1]);
    }

    [Test]
    public async Task Several_files_env_files_and_profiles_are_read_as_compose_reads_them(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        await reading.WriteAsync("prod.yml", "services: { web: { environment: { MARK: prod, NAME: \"${NAME}\" } } }\n");
        await reading.WriteAsync("a.env", "NAME=a\n");
        await reading.WriteAsync("b.env", "NAME=b\n");
        reading.Settings = new()
        {
            Overrides = [Path.Combine(reading.Root, "prod.yml")],
            EnvFiles = [Path.Combine(reading.Root, "a.env"), Path.Combine(reading.Root, "b.env")],
            Profiles = ["tools"],
        };
        var app = await reading.TextAsync(
            $"name: test\nservices:\n  web: {{ image: \"web:${{TAG}}\", {Check}, environment: {{ MARK: base }} }}\n  tool: {{ image: \"tool:1\", profiles: [tools] }}\n",
            cancellationToken
        );
        var environment = app.Document["services"]!["web"]!["environment"]!;
        environment["MARK"]!.GetValue<string>().ShouldBe("prod");
        environment["NAME"]!.GetValue<string>().ShouldBe("b");
        app.Accessories.ShouldHaveSingleItem().Name.ShouldBe("tool");
        reading.Settings = reading.Settings with { EnvFiles = ["/no/such.env"] };
        (
            await Should.ThrowAsync<ConfigurationException>(() => reading.ReadAsync(reading.File, cancellationToken))
        ).Message.ShouldContain("--env-file: there is no file /no/such.env");
    }
}
