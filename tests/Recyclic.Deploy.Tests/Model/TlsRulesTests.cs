using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>The edge's configuration where TLS ends in it.</summary>
internal sealed class TlsRulesTests
{
    private const string One = "web-0123456789ab",
        Two = "api-fedcba987654";

    private static readonly Route Plain = new("web", 8000, 443, null, RouteMode.Http, null, null, 1) { Private = true };

    private static readonly Route Ends = Plain with { Certificates = One };

    [Test]
    public void A_frontend_that_ends_TLS_has_all_certificates_of_its_port_and_says_https()
    {
        var api = Ends with { Service = "api", Path = "/api", Certificates = $"{Two} {One}" };
        var text = EdgeConfiguration.For("a", [Ends, api], [Ends]).Text;
        text.ShouldContain(
            $"    bind unix@/var/lib/recyclic/doors/_443 accept-proxy ssl crt /var/lib/recyclic-keys/{Two}.pem crt /var/lib/recyclic-keys/{One}.pem alpn h2,http/1.1\n"
        );
        text.ShouldContain("set-header X-Forwarded-Proto https if");
        text.ShouldContain("set-header X-Forwarded-Port 443 if");
        text.ShouldContain("ssl-min-ver TLSv1.2");
        text.ShouldContain("server newest unix@/var/lib/recyclic/doors/_443.n proto h2\n");
        text.ShouldNotContain("Strict-Transport-Security");
    }

    [Test]
    public void Without_TLS_nothing_is_said_of_it()
    {
        var text = EdgeConfiguration.For("a", [Plain], [Plain]).Text;
        text.ShouldNotContain("ssl");
        text.ShouldNotContain("https");
        text.ShouldNotContain("proto h2");
    }

    [Test]
    public void Requests_are_sent_on_by_the_release_that_says_so()
    {
        var sent = Plain with { Published = 80, HttpsPort = 443, Http2 = true };
        var text = EdgeConfiguration.For("a", [Ends, sent], [Plain with { Published = 80 }]).Text;
        text.ShouldContain("    use_backend https-443 if !green\n");
        text.ShouldContain("    use_backend green-web-8000 if green\n");
        text.ShouldContain(
            "backend https-443\n    http-request redirect code 308 location https://%[req.hdr(host),regsub(:[0-9]*$,)]%[pathq]\n"
        );
        EdgeConfiguration.BackendNames(sent, Slot.Blue).ShouldBeEmpty("there is nothing to wait for");
        EdgeConfiguration
            .For("a", [Ends with { Published = 9443 }, sent with { HttpsPort = 9443 }], [])
            .Text.ShouldContain("regsub(:[0-9]*$,)]:9443%[pathq]\n");
    }

    [Test]
    public void A_more_specific_route_of_the_plain_port_is_answered_there_such_as_a_challenge()
    {
        var sent = Plain with { Published = 80, HttpsPort = 443, Host = "shop.example.org" };
        var challenge = Plain with
        {
            Service = "acme",
            Published = 80,
            Host = "shop.example.org",
            Path = "/.well-known/acme-challenge",
        };
        var text = EdgeConfiguration.For("a", [Ends, sent, challenge], []).Text;
        text.IndexOf("use_backend blue-acme-8000 if !green", StringComparison.Ordinal)
            .ShouldBeInRange(1, text.IndexOf("use_backend https-443 if !green", StringComparison.Ordinal));
    }

    [Test]
    public void A_service_that_speaks_HTTP_2_has_a_backend_of_its_own()
    {
        var route = Ends with { Http2 = true };
        EdgeConfiguration.BackendNames(route, Slot.Blue).ShouldBe(["blue-web-8000-h2"]);
        EdgeConfiguration
            .For("a", [route], [route])
            .Text.ShouldMatch(
                @"backend blue-web-8000-h2\n(    .*\n)*    server-template s 1-4 blue--web:8000 proto h2\n"
            );
        EdgeConfiguration
            .For("a", [route], [])
            .Text.ShouldContain("    http-request set-uri http://%[req.hdr(host)]%[pathq] if { path_beg / }\n");
    }

    [Test]
    public void Browsers_are_told_to_stay_with_https_for_the_host_that_says_so()
    {
        var route = Ends with { Host = "Shop.example.org", Hsts = 3600 };
        var text = EdgeConfiguration.For("a", [], [route, Ends with { Service = "api" }]).Text;
        text.ShouldContain(
            "    http-after-response set-header Strict-Transport-Security max-age=3600 if green { var(txn.host),field(1,:),lower -m str shop.example.org }\n"
        );
        Regex.Count(text, "Strict-Transport").ShouldBe(1);
    }

    [TestCase(RouteMode.Http)]
    [TestCase(RouteMode.Auto)]
    [TestCase(RouteMode.Tcp)]
    public void Where_one_release_alone_ends_TLS_each_connection_is_led_before_anything_of_it_is_read(RouteMode before)
    {
        var text = EdgeConfiguration.For("a", [Plain with { Mode = before }], [Ends]).Text;
        text.ShouldContain("    bind unix@/var/lib/recyclic/doors/_443 accept-proxy\n");
        text.ShouldContain("    bind unix@/var/lib/recyclic/doors/_443.t accept-proxy ssl crt ");
        text.ShouldMatch(@"use_backend green-web-8000-pass if (!http session-)?green\n");
        text.ShouldMatch(
            @"backend green-web-8000-pass\n    mode tcp\n    server tls unix@/var/lib/recyclic/doors/_443.t send-proxy-v2\n"
        );
    }
}
