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
    public async Task What_compose_refuses_is_refused_in_its_own_words(string text, string what, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(text, cancellationToken, "test"))).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe(reading.File);
        problem.What.ShouldContain(what);
        problem.Mend.ShouldContain($"docker compose -f {reading.File} config");
    }

    [Test]
    public async Task A_file_that_is_not_there_or_is_a_directory_is_refused(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        (await Should.ThrowAsync<ConfigurationException>(() => reading.ReadAsync("/no/such.yml", cancellationToken))).Message.ShouldContain("--compose-file: there is no file /no/such.yml");
        (await Should.ThrowAsync<ConfigurationException>(() => reading.ReadAsync(reading.Root, cancellationToken))).Message.ShouldContain("is a directory");
    }

    [TestCase("Not Valid", "invalid project name \"Not Valid\"")]
    [TestCase("a-name-that-is-longer-than-forty-characters", "cannot be an application's name")]
    public async Task A_project_name_that_cannot_be_one_is_refused(string project, string what, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync($"services:\n  {Web}\n", cancellationToken, project))).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe("--project");
        problem.What.ShouldContain(what);
    }

    [TestCase("web: { image: \"web:1\" }", "no image uses the tag variable", "`image: team/api:${TAG}`")]
    [TestCase("web: { image: \"web:$${TAG}\" }", "no image uses the tag variable", "`image: team/api:${TAG}`")]
    [TestCase("web: { image: \"web:${TAG}\", profiles: [shop, all] }\ndb: { image: \"db:1\" }", "web belong to profiles that are not enabled", "COMPOSE_PROFILES=shop,all")]
    public async Task A_file_without_a_release_service_is_refused(string services, string what, string mend, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (await reading.ProblemsAsync(services, cancellationToken)).ShouldHaveSingleItem();
        problem.What.ShouldContain(what);
        problem.Mend.ShouldContain(mend);
    }

    [TestCase("ports: [\"80:80\"]", "ports: [\"80:81\"]", "port 80 is published by api and web")]
    [TestCase("ports: [\"80:80\"]\n  x-recyclic: { host: Shop.example }", "ports: [\"80:81\"]\n  x-recyclic: { host: shop.example }", "port 80 is published by api and web")]
    [TestCase("ports: [\"80:80\"]\n  x-recyclic: { mode: tcp }", "ports: [\"80:81\"]\n  x-recyclic: { path: /a }", "port 80 is published by api and web")]
    public async Task Two_services_on_one_port_are_refused(string one, string other, string what, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        const string Head = "  image: web:${TAG}\n  healthcheck: { test: [\"CMD\", \"true\"] }\n  ";
        var problem = (await reading.ProblemsAsync($"web:\n{Head}{one}\napi:\n{Head}{other}", cancellationToken)).ShouldHaveSingleItem();
        problem.What.ShouldBe(what);
        problem.Mend.ShouldContain("x-recyclic: { host: …, path: … }");
    }

    [TestCase("ports: [\"80:80\"]", "port 80 is published by web and db")]
    [TestCase("x-recyclic: { overlap: false }", "x-recyclic, which is for release services only")]
    [TestCase("network_mode: host", "`network_mode: host` keeps the releases' networks from being joined")]
    public async Task Accessories_are_checked_too(string lines, string what, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (await reading.ProblemsAsync($"web:\n  image: web:${{TAG}}\n  healthcheck: {{ test: [\"CMD\", \"true\"] }}\n  ports: [\"80:80\"]\ndb:\n  image: db:1\n  {lines}", cancellationToken)).ShouldHaveSingleItem();
        problem.What.ShouldContain(what);
    }

    [Test]
    public async Task An_unset_variable_is_refused_where_it_is_read_and_nowhere_else(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        await File.WriteAllTextAsync(Path.Combine(reading.Root, "web.env"), "PASSWORD=abc$RECYCLIC_UNSET_FILE\n", cancellationToken);
        var text = $$"""
            name: test
            x-unused: "${RECYCLIC_UNSET_UNUSED}"
            services:
              web: { image: "web:${TAG}", healthcheck: { test: ["CMD", "true"] }, env_file: [web.env], volumes: ["data:/d"] }
              tool: { image: "tool:${TAG}", profiles: [tools], environment: ["A=${RECYCLIC_UNSET_TOOL}"] }
            volumes: { data: { name: "${RECYCLIC_UNSET_VOLUME}data" } }
            """;
        var problems = (await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(text, cancellationToken))).Problems;
        problems.Select(problem => problem.What).ShouldBe(
            ["the variable RECYCLIC_UNSET_VOLUME is not set; it is used in volumes", "the variable RECYCLIC_UNSET_FILE is not set; it is used in an env_file or .env"], ignoreOrder: true);
    }

    [Test]
    public async Task Several_mistakes_are_all_listed_at_once(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => reading.ServicesAsync("""
            web:
              image: web:${TAG}
              container_name: fixed
              ports: ["80:80", "53:53/udp"]
              environment: ["A=${RECYCLIC_UNSET_A}"]
              x-recyclic: { mode: quic }
            api: { image: "api:${TAG}", ports: ["80:80"], healthcheck: { test: ["CMD", "true"] } }
            """, cancellationToken));
        foreach (var what in new[] { "container_name", "UDP port 53", "RECYCLIC_UNSET_A", "'quic'", "no health check", "port 80 is published by api and web" }) refusal.Message.ShouldContain(what);
        refusal.Problems.Length.ShouldBe(6);
    }
}
