namespace Recyclic.Deploy.Tests.Model;

internal sealed class EdgeConfigurationTests
{
    private const string Decide = """
            http-request set-var(txn.share) str(share),map_str_int(/var/lib/recyclic/share.map,0)
            http-request set-var(txn.draw) rand(100)
            http-request set-var(txn.green) bool(false)
            http-request set-var(txn.green) bool(true) if { var(txn.draw),sub(txn.share) lt 0 }
            acl green var(txn.green) -m bool
        """;

    [Test]
    public void An_http_port_asks_the_share_which_slot_answers()
    {
        var routes = ImmutableArray.Create(Http("api", 8000, 80));
        var entrance = Entrance.Of(routes[0]);
        var (connections, requests) = (
            RequestRules.OfConnections(entrance, routes),
            RequestRules.Text(entrance, routes)
        );
        Routing(EdgeConfiguration.For("shop", routes, routes))
            .ShouldBe(
                $$"""
                frontend port-80
                    bind unix@/var/lib/recyclic/doors/_80 accept-proxy
                    bind unix@/var/lib/recyclic/doors/_80.n id 2
                {{connections}}    http-request lua.hold api if { str(api),map_str_int(/var/lib/recyclic/hold.map,0) gt 0 }
                {{Decide}}
                {{requests}}    use_backend newest-80 if { stopping }
                    use_backend blue-api-8000 if !green
                    use_backend green-api-8000 if green
                    default_backend nowhere

                backend newest-80
                    server newest unix@/var/lib/recyclic/doors/_80.n

                backend blue-api-8000
                    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
                    retry-on conn-failure empty-response
                    server-template s 1-4 api.blue:8000

                backend green-api-8000
                    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
                    retry-on conn-failure empty-response
                    server-template s 1-4 api.green:8000

                backend nowhere
                    http-request return status 404 content-type text/plain string "No service answers this host and path.\n"

                backend sources
                    stick-table type ipv6 size 100k expire 1m store conn_cur

                backend everybody
                    stick-table type integer size 1 store conn_cur

                """
            );
    }

    [Test]
    public void A_tcp_port_is_decided_for_each_session()
    {
        var routes = ImmutableArray.Create(new Route("mqtt", 1883, 1883, null, RouteMode.Tcp, null, null, 3));
        Routing(EdgeConfiguration.For("shop", routes, routes))
            .ShouldBe(
                $$"""
                frontend port-1883
                    mode tcp
                    log-format '{"ms":%Ts%ms,"backend":"%b","status":0,"end":"%ts","total":%Tt,"connect":%Tc,"response":-1,"retries":"%rc","client":"%ci","held":%[var(txn.held,0)]}'
                    bind unix@/var/lib/recyclic/doors/_1883 accept-proxy
                {{RequestRules.OfConnections(
                    Entrance.Of(routes[0]),
                    routes
                )}}    tcp-request inspect-delay 301s
                    tcp-request content lua.hold mqtt if { str(mqtt),map_str_int(/var/lib/recyclic/hold.map,0) gt 0 }
                    tcp-request content set-var(sess.share) str(share),map_str_int(/var/lib/recyclic/share.map,0)
                    tcp-request content set-var(sess.draw) rand(100)
                    tcp-request content set-var(sess.green) bool(false)
                    tcp-request content set-var(sess.green) bool(true) if { var(sess.draw),sub(sess.share) lt 0 }
                    acl green var(sess.green) -m bool
                    use_backend blue-mqtt-1883 if !green
                    use_backend green-mqtt-1883 if green

                backend blue-mqtt-1883
                    mode tcp
                    server-template s 1-6 mqtt.blue:1883

                backend green-mqtt-1883
                    mode tcp
                    server-template s 1-6 mqtt.green:1883

                backend nowhere
                    http-request return status 404 content-type text/plain string "No service answers this host and path.\n"

                backend sources
                    stick-table type ipv6 size 100k expire 1m store conn_cur

                backend everybody
                    stick-table type integer size 1 store conn_cur

                """
            );
    }

    [Test]
    public void The_most_specific_route_is_asked_first()
    {
        var routes = ImmutableArray.Create(
            Http("web", 80, 80),
            Http("api", 81, 80, path: "/api"),
            Http("old", 82, 80, path: "/api/v1"),
            Http("shop", 83, 80, host: "Shop.Example"),
            Http("cart", 84, 80, host: "Shop.Example", path: "/cart")
        );
        var text = Routing(EdgeConfiguration.For("shop", [], routes));
        string.Concat(
                text.Split('\n')
                    .SkipWhile(line => !line.Contains("{ stopping }", StringComparison.Ordinal))
                    .Skip(1)
                    .TakeWhile(line => line.Length > 0)
                    .Select(line => line.Trim() + "\n")
            )
            .ShouldBe(
                """
                acl path0 path /cart
                acl path0 path_beg /cart/
                use_backend green-cart-84 if green { req.hdr(host),field(1,:),lower -m str shop.example } path0
                use_backend green-shop-83 if green { req.hdr(host),field(1,:),lower -m str shop.example }
                acl path2 path /api/v1
                acl path2 path_beg /api/v1/
                use_backend green-old-82 if green path2
                acl path3 path /api
                acl path3 path_beg /api/
                use_backend green-api-81 if green path3
                use_backend green-web-80 if green
                use_backend closed if !green
                default_backend nowhere

                """
            );
    }

    [Test]
    public void Each_slot_is_asked_on_the_port_that_its_own_release_listens_on()
    {
        var text = EdgeConfiguration.For("shop", [Http("api", 8000, 80)], [Http("api", 9000, 80)]).Text;
        text.ShouldContain("use_backend blue-api-8000 if !green\n    use_backend green-api-9000 if green\n");
        text.ShouldContain("server-template s 1-4 api.blue:8000");
        text.ShouldContain("server-template s 1-4 api.green:9000");
    }

    [Test]
    public void The_edge_publishes_each_port_once_sorted_on_the_address_asked_for()
    {
        var local = new Route("admin", 1, 9000, "127.0.0.1", RouteMode.Http, null, null, 1);
        EdgeConfiguration
            .For("shop", [Http("web", 1, 80), Http("api", 1, 443), local], [Http("web", 2, 80)])
            .Ports.ShouldBe(["127.0.0.1:9000", "443", "80"]);
    }

    [Test]
    public void The_same_routes_have_the_same_hash_and_other_routes_another()
    {
        var configuration = EdgeConfiguration.For("shop", [Http("api", 8000, 80)], [Http("api", 8000, 80)]);
        EdgeConfiguration
            .For("shop", [Http("api", 8000, 80)], [Http("api", 8000, 80)])
            .Hash.ShouldBe(configuration.Hash);
        EdgeConfiguration
            .For("shop", [Http("api", 8000, 80)], [Http("api", 8001, 80)])
            .Hash.ShouldNotBe(configuration.Hash);
        configuration.Hash.ShouldMatch("^[0-9a-f]{12}$");
    }

    [Test]
    public void The_log_holds_the_address_of_the_client_but_no_path_and_no_header() =>
        EdgeConfiguration
            .For("shop", [], [])
            .Text.Split('\n')
            .Single(line => line.Contains("log-format", StringComparison.Ordinal))
            .Trim()
            .ShouldBe(
                """log-format '{"ms":%Ts%ms,"backend":"%b","status":%ST,"end":"%ts","total":%Ta,"connect":%Tc,"response":%Tr,"retries":"%rc","client":"%ci","held":%[var(txn.held,0)]}'"""
            );

    private static Route Http(string service, int target, int published, string? host = null, string? path = null) =>
        new(service, target, published, null, RouteMode.Http, host, path, 1);

    private static string Routing(EdgeConfiguration configuration) =>
        configuration.Text[configuration.Text.IndexOf("frontend", StringComparison.Ordinal)..];
}
