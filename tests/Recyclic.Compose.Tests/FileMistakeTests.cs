using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>Mistakes in a compose file as a whole.</summary>
[Category("Docker"), CancelAfter(60_000), Parallelizable(ParallelScope.Children)]
public sealed class FileMistakeTests
{
    private const string Web = "web: { image: \"web:${TAG}\", healthcheck: { test: [\"CMD\", \"true\"] } }";

    [TestCase("", "empty compose file")]
    [TestCase("services:\n  web: [\n", "yaml: line ")]
    [TestCase("services:\n  web:\n    image: a\n   oops: b\n", "yaml: line ")]
    [TestCase("services:\n  web:\n    imagee: a\n", "services.web Additional property imagee is not allowed")]
    [TestCase("services: [web]\n", "services must be a mapping")]
    [TestCase("services:\n  web:\n    image: a\n    extends: { file: other.yml, service: web }\n", "other.yml")]
    [TestCase("services:\n  web:\n    image: a\n    env_file: no.env\n", "no.env")]
    [TestCase("services:\n  web:\n    image: a\n    depends_on: [db]\n", "depends on undefined service")]
    public async Task What_compose_refuses_is_refused_in_its_own_words(
        string text,
        string what,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(text, cancellationToken, "test"))
        ).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe(reading.File);
        problem.What.ShouldContain(what);
        problem.Mend.ShouldContain($"docker compose -f {reading.File} config");
    }

    [Test]
    public async Task A_file_that_is_not_there_or_is_a_directory_is_refused(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        (
            await Should.ThrowAsync<ConfigurationException>(() => reading.ReadAsync("/no/such.yml", cancellationToken))
        ).Message.ShouldContain("--compose-file: there is no file /no/such.yml");
        (
            await Should.ThrowAsync<ConfigurationException>(() => reading.ReadAsync(reading.Root, cancellationToken))
        ).Message.ShouldContain("is a directory");
    }

    [TestCase("Not Valid", "invalid project name \"Not Valid\"")]
    [TestCase("a-name-that-is-longer-than-forty-characters", "cannot be an application's name")]
    public async Task A_project_name_that_cannot_be_one_is_refused(
        string project,
        string what,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() =>
                reading.TextAsync($"services:\n  {Web}\n", cancellationToken, project)
            )
        ).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe("--project");
        problem.What.ShouldContain(what);
    }

    [TestCase(
        "db: { image: \"postgres:16\" }\nfront: { image: \"nginx:1\" }",
        "no release service: db (a database), front (a front proxy)",
        "`image: team/api:${TAG}`"
    )]
    [TestCase(
        "web: { image: \"web:${TAG}\", profiles: [shop, all] }\ndb: { image: \"db:1\" }",
        "web belong to profiles that are not enabled",
        "COMPOSE_PROFILES=shop,all"
    )]
    public async Task A_file_without_a_release_service_is_refused(
        string services,
        string what,
        string mend,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var problem = (await reading.ProblemsAsync(services, cancellationToken)).ShouldHaveSingleItem();
        problem.What.ShouldContain(what);
        problem.Mend.ShouldContain(mend);
    }

    [TestCase("ports: [\"80:80\"]", "ports: [\"80:81\"]", "port 80 is published by api and web")]
    [TestCase(
        "ports: [\"80:80\"]\n  x-recyclic: { host: Shop.example }",
        "ports: [\"80:81\"]\n  x-recyclic: { host: shop.example }",
        "port 80 is published by api and web"
    )]
    [TestCase(
        "ports: [\"80:80\"]\n  x-recyclic: { mode: tcp }",
        "ports: [\"80:81\"]\n  x-recyclic: { path: /a }",
        "port 80 is published by api and web"
    )]
    public async Task Two_services_on_one_port_are_refused(
        string one,
        string other,
        string what,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        const string Head = "  image: web:${TAG}\n  healthcheck: { test: [\"CMD\", \"true\"] }\n  ";
        var problem = (
            await reading.ProblemsAsync($"web:\n{Head}{one}\napi:\n{Head}{other}", cancellationToken)
        ).ShouldHaveSingleItem();
        problem.What.ShouldBe(what);
        problem.Mend.ShouldContain("x-recyclic: { host: …, path: … }");
    }

    [TestCase("ports: [\"80:80\"]", "port 80 is published by web and db")]
    [TestCase("x-recyclic: { overlap: false }", "x-recyclic, which is for release services only")]
    [TestCase("x-recyclic: { backup: daily }", "x-recyclic.backup 'daily' is neither true nor false")]
    [TestCase("network_mode: \"service:web\"", "`network_mode: service:web` ties it to one container of web")]
    public async Task Accessories_are_checked_too(string lines, string what, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (
            await reading.ProblemsAsync(
                $"web:\n  image: web:${{TAG}}\n  healthcheck: {{ test: [\"CMD\", \"true\"] }}\n  ports: [\"80:80\"]\ndb:\n  image: db:1\n  {lines}",
                cancellationToken
            )
        ).ShouldHaveSingleItem();
        problem.What.ShouldContain(what);
    }

    [Test]
    public async Task Unset_variables_are_said_in_one_line_and_refused_where_that_is_wanted(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        await reading.WriteAsync("web.env", "PASSWORD=abc$RECYCLIC_UNSET_FILE\n");
        var text = $$"""
            name: test
            services:
              web: { image: "web:${TAG}", healthcheck: { test: ["CMD", "true"] }, env_file: [web.env], volumes: ["data:/d"] }
            volumes: { data: { name: "${RECYCLIC_UNSET_VOLUME}data" } }
            """;
        (await reading.TextAsync(text, cancellationToken))
            .Warnings.ShouldHaveSingleItem()
            .ShouldStartWith("variables that are not set count as empty: ");
        reading.Settings = reading.Settings with { StrictVariables = true };
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(text, cancellationToken))
        ).Problems.ShouldHaveSingleItem();
        problem.What.ShouldContain("RECYCLIC_UNSET_VOLUME");
        problem.What.ShouldContain("RECYCLIC_UNSET_FILE");
    }

    [Test]
    public async Task Several_mistakes_are_all_listed_at_once(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var refusal = await Should.ThrowAsync<ConfigurationException>(() =>
            reading.ServicesAsync(
                """
                web:
                  image: web:${TAG}
                  ports: ["80:80", "[::1]:81:81"]
                  environment: ["A=${RECYCLIC_UNSET_A}"]
                  x-recyclic: { mode: quic }
                api: { image: "api:${TAG}", ports: ["80:80"], healthcheck: { test: ["CMD", "true"] } }
                """,
                cancellationToken
            )
        );
        foreach (var what in new[] { "IPv6 address ::1", "'quic'", "port 80 is published by api and web" })
            refusal.Message.ShouldContain(what);
        refusal.Problems.Length.ShouldBe(3);
    }
}
