namespace Recyclic.Deploy.Tests.Model;

/// <summary>The frontend of a port whose connections are told apart.</summary>
internal sealed class InspectedFrontendTests
{
    [Test]
    public void A_connection_that_begins_with_a_request_is_switched_to_http_and_any_other_goes_through()
    {
        var routes = ImmutableArray.Create(Given(RouteMode.Auto));
        var entrance = Entrance.Of(routes[0]);
        Routing(EdgeConfiguration.For("shop", routes, routes))
            .ShouldBe(
                $$"""
                frontend port-9900
                    mode tcp
                    log-format '{"ms":%Ts%ms,"backend":"%b","status":%[var(txn.status,0)],"end":"%ts","total":%Tt,"connect":%Tc,"response":-1,"retries":"%rc","client":"%ci","held":%[var(txn.held,0)]}'
                    bind unix@/var/lib/recyclic/doors/_9900 accept-proxy
                    bind unix@/var/lib/recyclic/doors/_9900.n id 2
                {{RequestRules.OfConnections(entrance, routes)}}    tcp-request inspect-delay 1000ms
                    tcp-request content set-var(sess.share) str(share),map_str_int(/var/lib/recyclic/share.map,0)
                    tcp-request content set-var(sess.draw) rand(100)
                    tcp-request content set-var(sess.green) bool(false)
                    tcp-request content set-var(sess.green) bool(true) if { var(sess.draw),sub(sess.share) lt 0 }
                    acl session-green var(sess.green) -m bool
                    acl http2 req.payload(0,3) -m str PRI
                    acl begun var(sess.begin) -m reg ^[A-Za-z]+\ [^\ ]+\ HTTP/1\\.[0-9]\\r?\\n
                {{RequestRules.OfInspected(entrance)}}    tcp-request content switch-mode http if HTTP !http2
                    tcp-request content set-var(sess.begin) req.payload(0,0)
                    tcp-request content switch-mode http if begun
                    tcp-request content unset-var(sess.begin)
                    http-request set-var(txn.http) bool(true)
                    http-after-response set-var(txn.status) status
                    http-request lua.hold web if { str(web),map_str_int(/var/lib/recyclic/hold.map,0) gt 0 }
                    http-request set-var(txn.share) str(share),map_str_int(/var/lib/recyclic/share.map,0)
                    http-request set-var(txn.green) bool(false)
                    http-request set-var(txn.green) bool(true) if { rand(100),sub(txn.share) lt 0 }
                    acl http var(txn.http) -m bool
                    acl green var(txn.green) -m bool
                {{RequestRules.Text(entrance, routes)}}    use_backend newest-9900 if http { stopping }
                    use_backend blue-web-9912 if http !green
                    use_backend green-web-9912 if http green
                    use_backend blue-web-9912-tcp if !http !session-green
                    use_backend green-web-9912-tcp if !http session-green
                    use_backend nowhere if http

                backend newest-9900
                    server newest unix@/var/lib/recyclic/doors/_9900.n

                backend blue-web-9912
                    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
                    retry-on conn-failure empty-response
                    server-template s 1-4 web.blue:9912

                backend blue-web-9912-tcp
                    mode tcp
                    server-template s 1-4 web.blue:9912

                backend green-web-9912
                    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
                    retry-on conn-failure empty-response
                    server-template s 1-4 web.green:9912

                backend green-web-9912-tcp
                    mode tcp
                    server-template s 1-4 web.green:9912

                backend nowhere
                    http-request return status 404 content-type text/plain string "No service answers this host and path.\n"

                backend sources
                    stick-table type ipv6 size 100k expire 1m store conn_cur

                backend everybody
                    stick-table type integer size 1 store conn_cur

                """
            );
    }

    [TestCase(RouteMode.Http, RouteMode.Tcp, "!session-green")]
    [TestCase(RouteMode.Tcp, RouteMode.Http, "session-green")]
    [TestCase(RouteMode.Http, RouteMode.Auto, "!session-green; session-green HTTP !http2; session-green begun")]
    [TestCase(RouteMode.Auto, RouteMode.Tcp, "!session-green HTTP !http2; !session-green begun")]
    public void A_port_that_two_releases_have_in_different_modes_is_served_to_each_in_its_own(
        RouteMode blue,
        RouteMode green,
        string switches
    ) => string.Join("; ", Lines(blue, green, "tcp-request content switch-mode http if ")).ShouldBe(switches);

    [TestCase(
        RouteMode.Http,
        RouteMode.Tcp,
        "blue-web-9912 if http !green; green-web-9912-http if http green; green-web-9912 if !http session-green"
    )]
    [TestCase(
        RouteMode.Auto,
        RouteMode.Http,
        "blue-web-9912 if http !green; green-web-9912 if http green; blue-web-9912-tcp if !http !session-green"
    )]
    [TestCase(
        RouteMode.Tcp,
        RouteMode.Auto,
        "blue-web-9912-http if http !green; green-web-9912 if http green; blue-web-9912 if !http !session-green; green-web-9912-tcp if !http session-green"
    )]
    public void A_backend_of_the_routes_own_mode_keeps_its_name_so_that_a_reload_leaves_it_its_servers(
        RouteMode blue,
        RouteMode green,
        string uses
    ) =>
        string.Join(
                "; ",
                Lines(blue, green, "use_backend ").Where(line => line.Contains("-web-", StringComparison.Ordinal))
            )
            .ShouldBe(uses);

    [TestCase(RouteMode.Http, "blue-web-9912")]
    [TestCase(RouteMode.Tcp, "blue-web-9912")]
    [TestCase(RouteMode.Auto, "blue-web-9912 blue-web-9912-tcp")]
    public void The_backends_of_a_route_exist_whatever_the_other_slot_has(RouteMode mode, string names)
    {
        var backends = EdgeConfiguration.BackendNames(Given(mode), Slot.Blue);
        string.Join(' ', backends).ShouldBe(names);
        foreach (var other in Enum.GetValues<RouteMode>())
        foreach (var backend in backends)
            EdgeConfiguration.For("shop", [Given(mode)], [Given(other)]).Text.ShouldContain($"\nbackend {backend}\n");
    }

    [Test]
    public void Its_sessions_of_both_kinds_are_counted_for_the_slot() =>
        Adapters
            .Edge.HAProxyAnswers.OpenSessions(
                [
                    "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status",
                    "blue-web-9912,BACKEND,0,0,2,0,0,0,0,0,0,0,0,0,0,0,0,UP",
                    "blue-web-9912-tcp,BACKEND,0,0,3,0,0,0,0,0,0,0,0,0,0,0,0,UP",
                    "green-web-9912-tcp,BACKEND,0,0,9,0,0,0,0,0,0,0,0,0,0,0,0,UP",
                ],
                Slot.Blue
            )
            .ShouldBe(5);

    [Test]
    public void A_service_that_asks_for_the_proxy_protocol_gets_it_and_the_end_of_the_line_stays_where_servers_are_looked_up()
    {
        var route = Given(RouteMode.Tcp) with { ProxyProtocol = true };
        EdgeConfiguration
            .For("shop", [route], [Given(RouteMode.Tcp)])
            .Text.ShouldContain(
                """
                backend blue-web-9912
                    mode tcp
                    default-server send-proxy-v2
                    server-template s 1-4 web.blue:9912

                backend green-web-9912
                    mode tcp
                    server-template s 1-4 web.green:9912

                """
            );
    }

    private static IEnumerable<string> Lines(RouteMode blue, RouteMode green, string start) =>
        EdgeConfiguration
            .For("shop", [Given(blue)], [Given(green)])
            .Text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith(start, StringComparison.Ordinal))
            .Select(line => line[start.Length..]);

    private static Route Given(RouteMode mode) => new("web", 9912, 9900, null, mode, null, null, 1);

    private static string Routing(EdgeConfiguration configuration) =>
        configuration.Text[configuration.Text.IndexOf("frontend", StringComparison.Ordinal)..];
}
