namespace Recyclic.Deploy.Tests.Model;

/// <summary>What the edge does to the headers of requests, by where they come in.</summary>
internal sealed class RequestRulesTests
{
    [Test]
    public void Where_nobody_is_trusted_the_edge_alone_says_scheme_host_and_port_and_adds_who_called() =>
        Rules(Http with { TrustedProxies = TrustedProxies.Nobody })
            .ShouldBe(
                """
                    acl handed so_id 2
                    http-request deny deny_status 400 if { req.hdrs -m reg \\x00 }
                    http-request set-var(txn.forwarded) 'req.hdrs,regsub("(?i)(?:x-forwarded-for:([^\r\n]*)|[^\r\n]*)\r\n","\1,",g),regsub("[, ]*,[, ]*",", ",g),regsub("^, ",""),regsub(", $","")' if !handed { req.fhdr_cnt(x-forwarded-for) gt 1 }
                    http-request set-header X-Forwarded-For %[var(txn.forwarded)] if { var(txn.forwarded) -m found }
                    http-request replace-header X-Forwarded-For (.+) "\1, %[src]" if !handed
                    http-request set-header X-Forwarded-For %[src] if !handed { req.fhdr(x-forwarded-for) -m len 0 }
                    option forwardfor if-none
                    http-request set-header X-Forwarded-Port 80 if !handed
                    http-request set-header X-Forwarded-Proto http if !handed
                    http-request set-var(txn.host) req.hdr(host)
                    http-request set-header X-Forwarded-Host %[var(txn.host)] if !handed
                    http-request del-header x_forwarded -m beg
                    http-request del-header x-forwarded_ -m beg
                    http-request del-header Forwarded if !handed
                    http-request del-header Upgrade if { req.hdr(upgrade) -i h2c } or !{ req.hdr(connection) -i upgrade }
                    acl upgrade req.hdr(upgrade) -m found
                    http-request set-header Connection upgrade if upgrade
                    http-request del-header Connection unless upgrade
                    http-request del-header HTTP2-Settings
                    http-request del-header Keep-Alive
                    http-request del-header Proxy-Connection
                    http-request del-header TE unless { req.hdr(te) -i trailers }

                """
            );

    [Test]
    public void What_a_trusted_proxy_says_is_kept_and_what_it_does_not_say_is_added()
    {
        var routes = ImmutableArray.Create(
            Http with
            {
                TrustedProxies = "198.51.100.0/24",
            },
            Http with
            {
                Service = "web",
                TrustedProxies = "198.51.100.0/24 203.0.113.7",
            }
        );
        var rules = RequestRules.Text(Entrance.Of(Http), routes);
        foreach (
            var line in new[]
            {
                "X-Forwarded-Port 80 if !handed !trusted or !handed !{ req.hdr(x-forwarded-port) -m found } !{ req.hdr(x-forwarded-proto) -m found }\n",
                "X-Forwarded-Proto http if !handed !trusted or !handed !{ req.hdr(x-forwarded-proto) -m found }\n",
                "X-Forwarded-Host %[var(txn.host)] if !handed !trusted or !handed !{ req.hdr(x-forwarded-host) -m found }\n",
                "del-header Forwarded if !handed !trusted\n",
            }
        )
            rules.ShouldContain(line);
        RequestRules
            .OfConnections(Entrance.Of(Http), routes)
            .ShouldBe(
                """
                    acl trusted src 198.51.100.0/24 203.0.113.7
                    tcp-request session track-sc0 src table sources unless trusted
                    tcp-request session track-sc1 int(0) table everybody
                    tcp-request session reject if { sc0_conn_cur(sources) gt 2000 } { sc1_conn_cur(everybody) gt 4000 }

                """
            );
    }

    [TestCase(0, null, 8000)]
    [TestCase(80, "127.0.0.1", 80)]
    public void Callers_by_a_door_and_programs_of_the_host_are_trusted_and_not_counted(
        int published,
        string? address,
        int port
    )
    {
        var route = Http with { Published = published, HostAddress = address };
        var rules = Rules(route);
        rules.ShouldContain($"set-header X-Forwarded-Port {port} if !handed !{{ req.hdr(x-forwarded-port) -m found }}");
        rules.ShouldContain("set-header X-Forwarded-Proto http if !handed !{ req.hdr(x-forwarded-proto) -m found }");
        rules.ShouldNotContain("del-header Forwarded");
        RequestRules.OfConnections(Entrance.Of(route), [route]).ShouldBeEmpty();
    }

    [Test]
    public void A_port_that_is_published_on_a_reachable_address_too_is_no_inside() =>
        RequestRules
            .Text(Entrance.Of(Http), [Http with { HostAddress = "127.0.0.1" }, Http with { HostAddress = "192.0.2.1" }])
            .ShouldContain("set-header X-Forwarded-Proto http if !handed !trusted or ");

    [Test]
    public void By_default_what_comes_from_a_private_network_is_believed_and_counted_all_the_same()
    {
        Rules(Http).ShouldContain("set-header X-Forwarded-Proto http if !handed !trusted or ");
        var connections = RequestRules.OfConnections(Entrance.Of(Http), [Http]);
        connections.ShouldContain(
            "acl trusted src 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::1 fc00::/7 fe80::/10\n"
        );
        connections.ShouldContain("track-sc0 src table sources\n");
    }

    [Test]
    public void Who_called_is_not_said_by_a_caller_from_outside()
    {
        RequestRules
            .OfInspected(Entrance.Of(Http))
            .ShouldBe(
                """
                    tcp-request content reject if { req.payload(0,1) -m str P } { req.payload(0,6) -m str "PROXY " }
                    tcp-request content reject if { req.payload(0,1) -m bin 0d } { req.payload(0,12) -m bin 0d0a0d0a000d0a515549540a }

                """
            );
        RequestRules.OfInspected(Entrance.Of(Http with { Published = 0 })).ShouldBeEmpty();
    }

    [TestCase(RouteMode.Http)]
    [TestCase(RouteMode.Tcp)]
    [TestCase(RouteMode.Auto)]
    public void A_service_has_its_own_waits(RouteMode mode)
    {
        var route = Http with
        {
            Mode = mode,
            ResponseTimeout = TimeSpan.FromMinutes(30),
            TunnelTimeout = TimeSpan.FromSeconds(1.5),
        };
        EdgeConfiguration
            .For("shop", [route], [Http with { Mode = mode }])
            .Text.Split("\nbackend ")
            .Where(text => text.StartsWith("blue-", StringComparison.Ordinal))
            .ShouldAllBe(backend => backend.Contains("    timeout server 1800000ms\n    timeout tunnel 1500ms\n"));
        EdgeConfiguration.For("shop", [], [Http]).Text.Split("backend green")[1].ShouldNotContain("timeout");
    }

    private static Route Http => new("api", 8000, 80, null, RouteMode.Http, null, null, 1);

    private static string Rules(Route route) => RequestRules.Text(Entrance.Of(route), [route]);
}
