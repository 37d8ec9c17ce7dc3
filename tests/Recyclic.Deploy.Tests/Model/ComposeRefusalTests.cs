namespace Recyclic.Deploy.Tests.Model;

/// <summary>Every mistake is refused with its place, what it is, and how to mend it.</summary>
internal sealed class ComposeRefusalTests
{
    private const string Place = "docker-compose.yml: services.api";
    private const string KnownSettings = "Use one of: overlap, settle, mode, host, path.";

    [TestCase(""" "container_name": "api" """, "`container_name` is fixed, but two releases must run side by side", "Remove container_name.")]
    [TestCase(""" "network_mode": "host" """, "`network_mode` takes it out of its slot's network", "Remove network_mode.")]
    [TestCase(""" "networks": { "back": { "ipv4_address": "10.0.0.7" } } """, "it has a fixed address on the network back, but two releases must run side by side", "Remove ipv4_address and ipv6_address; use the service name.")]
    [TestCase(""" "networks": { "back": { "ipv6_address": "fd00::7" } } """, "it has a fixed address on the network back, but two releases must run side by side", "Remove ipv4_address and ipv6_address; use the service name.")]
    [TestCase(""" "x-recyclic": { "overlaps": false } """, "x-recyclic has no setting 'overlaps'", KnownSettings)]
    [TestCase(""" "x-recyclic": { "overlap": "no" } """, "x-recyclic.overlap must be true or false", "false: it must not run twice and is handed over at cutover.")]
    [TestCase(""" "x-recyclic": { "overlap": null } """, "x-recyclic.overlap must be true or false", "false: it must not run twice and is handed over at cutover.")]
    [TestCase(""" "x-recyclic": { "settle": 10 } """, "x-recyclic.settle '10' is not a duration", "Write for example 10s.")]
    [TestCase(""" "x-recyclic": { "mode": "udp" } """, "x-recyclic.mode 'udp' is unknown", "Use http (the default) or tcp.")]
    [TestCase(""" "x-recyclic": { "host": "shop example" } """, "x-recyclic.host 'shop example' is not a host name", "Write for example shop.example.org.")]
    [TestCase(""" "x-recyclic": { "host": "a } if TRUE" } """, "x-recyclic.host 'a } if TRUE' is not a host name", "Write for example shop.example.org.")]
    [TestCase(""" "x-recyclic": { "path": "api/" } """, "x-recyclic.path 'api/' is not a path", "Write for example /api: it begins with '/', has no trailing '/', and matches itself and everything below it.")]
    [TestCase(""" "deploy": { "replicas": 0 } """, "deploy.replicas is 0", "Use 1 to 50.")]
    [TestCase(""" "deploy": { "replicas": 51 } """, "deploy.replicas is 51", "Use 1 to 50.")]
    [TestCase(""" "ports": [{ "target": 53, "published": "53", "protocol": "udp" }] """, "it publishes the UDP port 53, which the edge cannot forward", "Move that port to an accessory, or remove it.")]
    [TestCase(""" "ports": [{ "target": 80 }] """, "the host port of 80 is not one fixed number", "Publish it as \"80:80\".")]
    [TestCase(""" "ports": [{ "target": 80, "published": "8000-8010" }] """, "the host port of 80 is not one fixed number", "Publish it as \"80:80\".")]
    [TestCase(""" "ports": [{ "target": 80, "published": "70000" }] """, "the host port of 80 is not one fixed number", "Publish it as \"80:80\".")]
    public void A_setting_that_cannot_be_deployed_is_refused(string setting, string what, string mend) =>
        Refusals($$"""{ "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, {{setting}} } } }""")
            .ShouldBe([new(Place, what, mend)]);

    [TestCase("")]
    [TestCase(""", "healthcheck": { "disable": true, "test": ["CMD", "true"] }""")]
    [TestCase(""", "healthcheck": { "test": ["NONE"] }""")]
    [TestCase(""", "healthcheck": { "interval": "5s" }""")]
    public void A_service_without_a_health_check_is_refused_with_the_lines_to_add(string healthCheck) =>
        Refusals($$"""{ "name": "a", "services": { "api": { "image": "api:${TAG}", "ports": [{ "target": 8080, "published": "80" }]{{healthCheck}} } } }""")
            .ShouldBe([new(Place, "it has no health check, so nothing says when it is ready", """
                Add for example
                    healthcheck:
                      test: ["CMD", "curl", "-fsS", "http://127.0.0.1:8080/health"]
                      interval: 5s
                      retries: 3
                or, if staying up is enough: x-recyclic: { settle: 10s }
                """)]);

    [Test]
    public void All_mistakes_are_told_at_once()
    {
        var refused = Should.Throw<ConfigurationException>(() => Given.App("""
            { "name": "Not A Name", "services": {
              "api": { "image": "api:${TAG}", "container_name": "api", "ports": [{ "target": 1, "published": "80" }] },
              "web": { "image": "web:${TAG}", "x-recyclic": { "settle": "soon" }, "ports": [{ "target": 2, "published": "80" }] } } }
            """));
        refused.Problems.Select(problem => $"{problem.Place}: {problem.What}").ShouldBe(
        [
            "--project: 'Not A Name' cannot be an application's name",
            "docker-compose.yml: services.api: it has no health check, so nothing says when it is ready",
            "docker-compose.yml: services.api: `container_name` is fixed, but two releases must run side by side",
            "docker-compose.yml: services.web: x-recyclic.settle 'soon' is not a duration",
            "docker-compose.yml: port 80 is published by api and web",
        ]);
        refused.Message.ShouldStartWith("Refused; nothing was touched.\n  - --project: ");
        refused.Message.ShouldContain("\n      mend: Remove container_name.");
    }

    [TestCase(""" "host": "a.example" """, """ "host": "b.example" """, true)]
    [TestCase(""" "path": "/a" """, """ "path": "/b" """, true)]
    [TestCase(""" "path": "/a" """, "", true)]
    [TestCase(""" "host": "a.example" """, """ "host": "a.example" """, false)]
    [TestCase(""" "mode": "tcp" """, """ "path": "/b" """, false)]
    [TestCase("", "", false)]
    public void Two_services_share_a_port_only_when_host_or_path_tells_them_apart(string first, string second, bool allowed)
    {
        var refusals = Refusals($$"""
            { "name": "a", "services": {
              "one": { "image": "one:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": { {{first}} }, "ports": [{ "target": 1, "published": "80" }] },
              "two": { "image": "two:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": { {{second}} }, "ports": [{ "target": 2, "published": "80" }] } } }
            """);
        if (allowed) refusals.ShouldBeEmpty();
        else refusals.ShouldBe([new("docker-compose.yml", "port 80 is published by one and two", "Give each service a port of its own, or share an HTTP port by `x-recyclic: { host: …, path: … }`.")]);
    }

    [Test]
    public void A_file_without_the_tag_variable_is_refused() =>
        Refusals("""{ "name": "a", "services": { "db": { "image": "postgres:16" } } }""")
            .ShouldBe([new("docker-compose.yml", "no release service: no image uses the tag variable", "Write the images that you build with it, for example `image: team/api:${TAG}`.")]);

    [Test]
    public void Release_services_in_profiles_that_are_off_are_named()
    {
        var compose = Given.Compose("""{ "name": "a", "services": { "api": { "image": "api:${TAG}", "profiles": ["app"] } } }""");
        compose.Resolved["services"]!.AsObject().Remove("api");
        Should.Throw<ConfigurationException>(() => ComposeReader.Read(compose, true)).Problems
            .ShouldBe([new("docker-compose.yml", "no release service: api belong to profiles that are not enabled", "Enable them: COMPOSE_PROFILES=<profile>.")]);
    }

    [TestCase("$PASSWORD", true)]
    [TestCase("${PASSWORD}", true)]
    [TestCase("a ${PASSWORD} b", true)]
    [TestCase("${PASSWORD:-}", false)]
    [TestCase("${PASSWORD-none}", false)]
    [TestCase("${PASSWORD:+x}", false)]
    [TestCase("$${PASSWORD}", false)]
    [TestCase("${PASSWORDS}", false)]
    public void An_unset_variable_is_refused_only_where_it_has_no_default(string value, bool refused)
    {
        var compose = Given.Compose($$"""
            { "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "environment": { "A": ["{{value}}"] } } } }
            """, "PASSWORD", "PASSWORD", "TAG");
        Refusals(compose).ShouldBe(refused
            ? [new("docker-compose.yml", "the variable PASSWORD is not set", "Set it in the environment or in .env, or give a default: ${PASSWORD:-…}.")]
            : Array.Empty<ConfigurationProblem>());
    }

    private static ImmutableArray<ConfigurationProblem> Refusals(string json) => Refusals(Given.Compose(json));

    private static ImmutableArray<ConfigurationProblem> Refusals(ComposeModel compose)
    {
        try
        {
            ComposeReader.Read(compose, engineIsLocal: true);
            return [];
        }
        catch (ConfigurationException refused)
        {
            return refused.Problems;
        }
    }
}
