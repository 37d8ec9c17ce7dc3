namespace Recyclic.Deploy.Tests.Model;

internal sealed class PortModeTests
{
    private const string Inspected = "auto (each connection by what it begins with)";

    [TestCase("8443", null, "tcp (well known: 8443 is HTTPS)")]
    [TestCase("2525", "smtp", "tcp (app_protocol: smtp)")]
    [TestCase("8443", "http", "http (app_protocol: http)")]
    [TestCase("9912", "grpc", "tcp (app_protocol: grpc)")]
    [TestCase("8080", null, "http (well known: 8080 is HTTP)")]
    [TestCase("9912", null, Inspected)]
    public void A_port_is_what_the_file_calls_it_or_what_its_number_is_known_for(
        string target,
        string? protocol,
        string mode
    ) =>
        Ports(
                $$"""{ "target": {{target}}, "published": "19999"{{(protocol is null ? "" : $", \"app_protocol\": \"{protocol}\"")}} }"""
            )
            .ShouldBe([$"19999 to web:{target} {mode}"]);

    [TestCase(9912, 443, "tcp (well known: 443 is HTTPS)")]
    [TestCase(9912, 80, "http (well known: 80 is HTTP)")]
    [TestCase(8000, 443, "auto (8000 is HTTP and 443 is HTTPS: each connection by what it begins with)")]
    [TestCase(8443, 8080, "tcp (well known: 8443 is HTTPS)")]
    public void The_port_on_the_host_counts_where_that_of_the_container_does_not_say_it(
        int target,
        int published,
        string mode
    ) =>
        Ports($$"""{ "target": {{target}}, "published": "{{published}}" }""")
            .ShouldBe([$"{published} to web:{target} {mode}"]);

    [TestCase("""{ "9912": "tcp" }""", "tcp (x-recyclic.ports)")]
    [TestCase("""{ "9912": "http" }""", "http (x-recyclic.ports)")]
    [TestCase("""{ "9912": "auto" }""", "auto (x-recyclic.ports: each connection by what it begins with)")]
    [TestCase("""{ "9912": { "proxy-protocol": true } }""", "tcp with the PROXY protocol (x-recyclic.ports)")]
    [TestCase("""{ "9912": { "mode": "tcp", "proxy-protocol": false } }""", "tcp (x-recyclic.ports)")]
    public void What_x_recyclic_says_of_a_port_comes_before_anything_else(string ports, string mode) =>
        Ports(
                """{ "target": 9912, "published": "80", "app_protocol": "amqp" }""",
                $$"""{ "mode": "http", "ports": {{ports}} }"""
            )
            .ShouldBe([$"80 to web:9912 {mode}"]);

    [Test]
    public void What_x_recyclic_says_of_all_ports_comes_next() =>
        Ports(
                """{ "target": 9912, "published": "9912", "app_protocol": "http" }, { "target": 80, "published": "80" }""",
                """{ "mode": "tcp", "ports": { "80": "http" } }"""
            )
            .ShouldBe(["9912 to web:9912 tcp (x-recyclic.mode)", "80 to web:80 http (x-recyclic.ports)"]);

    [TestCase("""["CMD", "curl", "-fsS", "http://127.0.0.1:9912/health"]""", "http (its health check asks HTTP there)")]
    [TestCase(
        """["CMD-SHELL", "wget -q --spider localhost:9912 || exit 1"]""",
        "http (its health check asks HTTP there)"
    )]
    [TestCase("""["CMD", "node", "-e", "fetch('http://web:9912/')"]""", "http (its health check asks HTTP there)")]
    [TestCase("""["CMD", "probe", "http", "9912", "/health"]""", "http (its health check asks HTTP there)")]
    [TestCase("""["CMD", "curl", "-k", "https://[::1]:9912/"]""", "tcp (its health check asks HTTPS there)")]
    [TestCase("""["CMD", "curl", "http://127.0.0.1:9913/"]""", Inspected)]
    [TestCase("""["CMD", "curl", "http://db:9912/"]""", Inspected)]
    [TestCase("""["CMD", "nc", "-z", "localhost", "9912"]""", Inspected)]
    [TestCase("""["CMD-SHELL", "nc -z localhost:9912"]""", Inspected)]
    [TestCase("""["CMD-SHELL", "curl -f http://localhost:$PORT/"]""", Inspected)]
    public void A_health_check_that_asks_there_tells_what_a_port_speaks(string test, string mode) =>
        Ports("""{ "target": 9912, "published": "19999" }""", "{}", test).ShouldBe([$"19999 to web:9912 {mode}"]);

    [Test]
    public void What_is_told_apart_by_host_or_path_is_http_and_so_is_what_shares_its_port()
    {
        var app = Given.App(
            """
            { "name": "a", "services": {
                "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "ports": [{ "target": 9912, "published": "9900" }] },
                "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": { "path": "/api" }, "ports": [{ "target": 8443, "published": "9900" }] } } }
            """
        );
        app.DescribePorts()
            .ShouldBe(
                "ports: 9900 to web:9912 http (shared by host or path); 9900 to api:8443 http (x-recyclic.host or path)"
            );
    }

    [Test]
    public void One_port_of_a_container_that_is_published_twice_has_one_mode() =>
        Ports("""{ "target": 9912, "published": "25" }, { "target": 9912, "published": "80" }""")
            .ShouldBe([
                "25 to web:9912 auto (published in several ways: each connection by what it begins with)",
                "80 to web:9912 auto (published in several ways: each connection by what it begins with)",
            ]);

    [Test]
    public void A_port_that_is_not_http_has_no_host() =>
        App(
            """{ "target": 80, "published": "80" }, { "target": 9912, "published": "9912" }""",
            """{ "host": "a.example", "ports": { "9912": "tcp" } }""",
            """["CMD", "true"]"""
        )
            .Routes.Select(route => (route.Target, route.Mode, route.Host))
            .ShouldBe([(80, RouteMode.Http, "a.example"), (9912, RouteMode.Tcp, null)]);

    [TestCase(
        """{ "ports": { "80": "tcp" } }""",
        "x-recyclic.ports names 80, which is no port of its container",
        "Write the container's port, 9912; 80 is the host's."
    )]
    [TestCase("""{ "ports": { "81": "tcp" } }""", "x-recyclic.ports names 81", "Use one of: 9912.")]
    [TestCase("""{ "ports": { "9912": "udp" } }""", "x-recyclic.ports.9912 'udp' is unknown", "Use http, tcp or auto.")]
    [TestCase(
        """{ "ports": { "9912": { "mode": "http", "proxy-protocol": true } } }""",
        "x-recyclic.ports.9912 has proxy-protocol together with mode http",
        "mode: tcp"
    )]
    [TestCase(
        """{ "ports": { "9912": { "proxy-protocol": "maybe" } } }""",
        "x-recyclic.ports.9912.proxy-protocol 'maybe' is neither true nor false",
        "PROXY protocol"
    )]
    [TestCase(
        """{ "ports": { "9912": { "proxy": true } } }""",
        "x-recyclic.ports.9912 has no setting 'proxy'",
        "Use mode, proxy-protocol."
    )]
    [TestCase("""{ "ports": ["9912"] }""", "x-recyclic.ports '[\"9912\"]' is not a map", "\"8443\": tcp")]
    [TestCase("""{ "mode": "udp" }""", "x-recyclic.mode 'udp' is unknown", "Use http, tcp or auto")]
    [TestCase(
        """{ "host": "a.example", "ports": { "9912": "tcp" } }""",
        "x-recyclic has host or path, which only HTTP requests carry, but its ports are not HTTP: 80 to web:9912 tcp (x-recyclic.ports)",
        "Remove host and path"
    )]
    public void A_mistake_in_what_x_recyclic_says_of_a_port_is_named_with_its_mend(
        string settings,
        string what,
        string mend
    ) =>
        Refusal("""{ "target": 9912, "published": "80" }""", settings)
            .ShouldSatisfyAllConditions(
                problem => problem.What.ShouldContain(what),
                problem => problem.Mend.ShouldContain(mend)
            );

    [Test]
    public void The_modes_of_ports_survive_the_journey_in_a_label()
    {
        var routes = App(
            """{ "target": 9912, "published": "9912" }, { "target": 25, "published": "25" }""",
            """{ "ports": { "25": { "proxy-protocol": true } } }""",
            """["CMD", "true"]"""
        ).Routes;
        Route.FromLabel(Route.ToLabel(routes)).ShouldBe(routes);
        routes
            .Select(route => (route.Mode, route.ProxyProtocol))
            .ShouldBe([(RouteMode.Auto, false), (RouteMode.Tcp, true)]);
    }

    [Test]
    public void A_number_is_known_for_one_thing() => WellKnownPort.All.Select(known => known.Port).ShouldBeUnique();

    private static ConfigurationProblem Refusal(string ports, string settings) =>
        Should
            .Throw<ConfigurationException>(() => App(ports, settings, """["CMD", "true"]"""))
            .Problems.ShouldHaveSingleItem();

    private static IEnumerable<string> Ports(
        string ports,
        string settings = "{}",
        string test = """["CMD", "true"]"""
    ) => App(ports, settings, test).Ports.Select(port => port.ToString());

    private static Application App(string ports, string settings, string test) =>
        Given.App(
            $$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": {{test}} }, "x-recyclic": {{settings}}, "ports": [{{ports}}] } } }"""
        );
}
