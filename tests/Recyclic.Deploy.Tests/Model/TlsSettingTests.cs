using System.Text.Json.Nodes;
using Recyclic.Certificates;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>What `x-recyclic.tls` says, and what is wrong with what it names.</summary>
internal sealed class TlsSettingTests
{
    private const string Pair = "\"certificate\": \"./shop.crt\", \"key\": \"./shop.key\"";

    public static CertificateState State { get; } =
        new("web-0123456789ab", "fedc", Given.Noon.AddDays(60), ["shop.example.org"]);

    [Test]
    public void Port_443_ends_TLS_and_port_80_sends_on_to_it()
    {
        var app = App($$"""{ "host": "shop.example.org", "tls": { {{Pair}} } }""", "443:8000", "80:8000", "9000:9000");
        app.Ports.Select(port => port.ToString())
            .ShouldBe([
                "443 to web:8000 http behind TLS (x-recyclic.tls)",
                "80 to web:8000 http (sent on to https on port 443)",
                "9000 to web:9000 http (x-recyclic.host or path)",
            ]);
        var certificate = app.Certificates.ShouldHaveSingleItem().State;
        certificate.Hosts.ShouldBe(["shop.example.org"]);
        (app.Routes[0].Certificates, app.Routes[0].HttpsPort).ShouldBe((certificate.Name, null));
        (app.Routes[1].Certificates, app.Routes[1].HttpsPort).ShouldBe((null, 443));
        Route.FromLabel(Route.ToLabel(app.Routes)).ShouldBe(app.Routes);
        Route.ToLabel(app.Routes).ShouldNotContain("PRIVATE KEY");
    }

    [Test]
    public void Other_ports_are_named()
    {
        var routes = App(
            $$"""{ "tls": { {{Pair}}, "port": 9443, "redirect": 9080, "hsts": true } }""",
            "9443:8000",
            "9080:8000"
        ).Routes;
        (routes[0].Certificates is null, routes[0].Hsts).ShouldBe((false, 63072000));
        routes[1].HttpsPort.ShouldBe(9443);
        App($$"""{ "tls": { {{Pair}}, "redirect": false } }""", "443:8000", "80:8000")
            .Routes[1]
            .HttpsPort.ShouldBeNull();
    }

    [Test]
    public void A_port_without_TLS_is_as_it_was() =>
        App("{}", "443:443", "80:8000")
            .Ports.Select(port => port.ToString())
            .ShouldBe([
                "443 to web:443 tcp (well known: 443 is HTTPS)",
                "80 to web:8000 http (well known: 8000 is HTTP)",
            ]);

    [TestCase("\"app_protocol\": \"grpc\",", "8000")]
    [TestCase("", "50051")]
    public void What_speaks_gRPC_is_spoken_to_by_HTTP_2(string protocol, string target)
    {
        var app = Given.App(
            Model($$"""{ "tls": { {{Pair}} } }""", $$"""{ {{protocol}} "target": {{target}}, "published": "443" }""")
        );
        app.Routes.Single(route => !route.IsInside)
            .ShouldSatisfyAllConditions(
                route => route.Http2.ShouldBeTrue(),
                route => route.Mode.ShouldBe(RouteMode.Http),
                route => OutsideProbe.Of(route).Kind.ShouldBe(ProbeKind.Tcp)
            );
        Route.FromLabel(Route.ToLabel(app.Routes)).ShouldBe(app.Routes);
    }

    [Test]
    public void Who_shares_a_port_that_ends_TLS_shares_its_certificates_and_is_sent_on_to_it()
    {
        var app = Given.App(
            $$"""
            { "name": "a", "services": {
              "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] },
                "x-recyclic": { "host": "shop.example.org", "tls": { {{Pair}} } },
                "ports": [{ "target": 8000, "published": "443" }, { "target": 8000, "published": "80" }] },
              "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] },
                "x-recyclic": { "host": "shop.example.org", "path": "/api" },
                "ports": [{ "target": 7000, "published": "443" }, { "target": 7000, "published": "80" }] } } }
            """
        );
        var name = app.Certificates.ShouldHaveSingleItem().State.Name;
        app.Routes.Where(route => route.Published == 443)
            .ShouldAllBe(route => route.Certificates == name && route.Mode == RouteMode.Http);
        app.Routes.Where(route => route.Published == 80).ShouldAllBe(route => route.HttpsPort == 443);
    }

    [TestCase("\"on\"", "x-recyclic.tls 'on' is not a map", TestName = "{m}(a word)")]
    [TestCase("{}", "is not a map", TestName = "{m}(nothing)")]
    [TestCase("""{ "cert": "a" }""", "x-recyclic.tls has no setting 'cert'", TestName = "{m}(unknown)")]
    [TestCase("""{ "port": 443 }""", "x-recyclic.tls names no certificate", TestName = "{m}(no certificate)")]
    [TestCase(
        """{ "certificate": { "secrets": "a" } }""",
        "is neither a path nor the name of a secret",
        TestName = "{m}(source)"
    )]
    [TestCase("""{ "certificates": [] }""", "is not a list", TestName = "{m}(empty list)")]
    [TestCase("""{ "certificates": ["a.pem"] }""", "x-recyclic.tls.certificates has", TestName = "{m}(list of paths)")]
    [TestCase(
        """{ "certificate": "a.pem", "certificates": [{ "certificate": "a.pem" }] }""",
        "and certificate or key besides",
        TestName = "{m}(both)"
    )]
    [TestCase(
        """{ "certificate": "a.pem", "port": "https" }""",
        "x-recyclic.tls.port 'https' is no port",
        TestName = "{m}(port)"
    )]
    [TestCase(
        """{ "certificate": "a.pem", "port": 8443 }""",
        "is to end on port 8443, which it does not publish",
        TestName = "{m}(another port)"
    )]
    [TestCase(
        """{ "certificate": "a.pem", "redirect": 81 }""",
        "names port 81, which it does not publish",
        TestName = "{m}(another redirect)"
    )]
    [TestCase(
        """{ "certificate": "a.pem", "redirect": 443 }""",
        "sends requests of port 443 on to port 443",
        TestName = "{m}(a circle)"
    )]
    [TestCase(
        """{ "certificate": "a.pem", "hsts": "long" }""",
        "is neither true nor a number of seconds",
        TestName = "{m}(hsts)"
    )]
    public void A_mistake_is_named(string tls, string what) =>
        Refused(() => App($$"""{ "tls": {{tls}} }""", "443:8000"))
            .ShouldContain(problem => problem.What.Contains(what));

    [Test]
    public void A_key_in_the_file_itself_is_refused_and_not_shown()
    {
        var key = TestCertificate.For("a.example.org").Key.ReplaceLineEndings("\\n");
        var problem = Refused(() => App($$"""{ "tls": { "certificate": "a.crt", "key": "{{key}}" } }""", "443:8000"))
            .ShouldHaveSingleItem();
        problem.What.ShouldBe("x-recyclic.tls.key is the key itself, which would be in plans and logs");
        problem.ToString().ShouldNotContain("BEGIN");
    }

    [TestCase("tcp", "port 443 is tcp (x-recyclic.mode)")]
    [TestCase("auto", "port 443 is auto (x-recyclic.mode")]
    public void A_port_that_is_said_to_be_no_HTTP_ends_no_TLS(string mode, string what) =>
        Refused(() => App($$"""{ "mode": "{{mode}}", "tls": { {{Pair}} } }""", "443:8000"))
            .ShouldContain(problem => problem.What.StartsWith(what));

    [Test]
    public void A_container_that_ends_TLS_itself_is_asked_about() =>
        Refused(() => App($$"""{ "tls": { {{Pair}} } }""", "443:443"))
            .ShouldHaveSingleItem()
            .What.ShouldBe(
                "port 443 leads to its container's port 443 is HTTPS, and behind x-recyclic.tls a container gets plain HTTP"
            );

    [Test]
    public void A_certificate_for_another_name_than_the_host_is_refused() =>
        Refused(() => Read(TestCertificate.For("www.example.org"), host: "shop.example.org"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                problem => problem.Place.ShouldBe("docker-compose.yml: services.web"),
                problem =>
                    problem.What.ShouldBe(
                        "x-recyclic.host is shop.example.org, and the certificate is for www.example.org"
                    ),
                problem => problem.Mend.ShouldStartWith("Give one that is for shop.example.org")
            );

    [TestCase("*.example.org")]
    [TestCase("shop.example.org")]
    public void A_certificate_for_the_host_or_for_all_of_its_domain_is_taken(string name) =>
        Read(TestCertificate.For(name, "other.test"), host: "shop.example.org").Certificates.ShouldHaveSingleItem();

    [Test]
    public void A_key_of_another_certificate_is_refused() =>
        Refused(() =>
                Read(TestCertificate.For("shop.example.org") with { Key = TestCertificate.For("shop.example.org").Key })
            )
            .ShouldHaveSingleItem()
            .What.ShouldBe(
                "the key in ./shop.key does not belong to the certificate in ./shop.crt, which is for shop.example.org"
            );

    [Test]
    public void The_certificate_of_an_issuer_is_not_the_first()
    {
        var right = TestCertificate.For("shop.example.org");
        var turned = TestCertificate.Authority.ExportCertificatePem() + "\n" + right.Certificate;
        Refused(() => Read(right with { Certificate = turned }))
            .ShouldHaveSingleItem()
            .What.ShouldContain("and the key belongs to its number 2");
    }

    [Test]
    public void Texts_that_are_no_certificate_or_no_key_are_refused()
    {
        var right = TestCertificate.For("shop.example.org");
        Refused(() => Read(right with { Certificate = "nonsense" }))
            .ShouldHaveSingleItem()
            .What.ShouldBe("./shop.crt holds no certificate that can be read");
        Refused(() =>
                Read(right with { Certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" })
            )
            .ShouldHaveSingleItem()
            .What.ShouldBe("./shop.crt holds no certificate that can be read");
        Refused(() => Read(right with { Key = right.Certificate }))
            .ShouldHaveSingleItem()
            .What.ShouldBe("./shop.key holds no private key");
        Refused(() =>
                Read(
                    right with
                    {
                        Key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                    }
                )
            )
            .ShouldHaveSingleItem()
            .What.ShouldContain("is encrypted");
        Refused(() => Read(right with { Key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" }))
            .ShouldHaveSingleItem()
            .What.ShouldContain("cannot be read");
        Refused(() => Read(TestCertificate.OfRsa(1024, "shop.example.org")))
            .ShouldHaveSingleItem()
            .What.ShouldContain("1024 bits");
    }

    [Test]
    public void A_certificate_of_RSA_and_one_of_ECDSA_have_names_of_their_own_and_a_renewed_one_has_the_same()
    {
        var first = Read(TestCertificate.For("shop.example.org")).Certificates.Single().State;
        var renewed = Read(TestCertificate.For("shop.example.org")).Certificates.Single().State;
        var other = Read(TestCertificate.OfRsa(2048, "shop.example.org")).Certificates.Single().State;
        renewed.Name.ShouldBe(first.Name);
        Read(TestCertificate.For("blog.example.org", "shop.example.org"))
            .Certificates.Single()
            .State.Name.ShouldBe(first.Name, "whoever has one made for more names has it at once");
        Read(TestCertificate.For("shop.example.org"), host: "shop.example.org")
            .Certificates.Single()
            .State.Name.ShouldNotBe(first.Name);
        renewed.Fingerprint.ShouldNotBe(first.Fingerprint);
        other.Name.ShouldNotBe(first.Name);
        CertificateState.IsName(first.Name).ShouldBeTrue();
        CertificateState.Parse(first.Name, first.ToWord()).ShouldBe(first);
    }

    [Test]
    public void What_is_printed_of_a_certificate_holds_no_key()
    {
        var app = Read(TestCertificate.For("shop.example.org"));
        $"{app.Certificates[0]} {app.Certificates[0].State} {app} {string.Join(' ', app.Ports)}".ShouldNotContain(
            "PRIVATE"
        );
        app.Certificates[0].Pem.ShouldContain("PRIVATE KEY");
        app.Certificates[0].Pem.ShouldNotContain("\n\n", customMessage: "a blank line ends what HAProxy reads");
    }

    [Test]
    public void Without_its_issuers_it_is_warned_of()
    {
        var whole = TestCertificate.For("shop.example.org");
        Read(whole).Warnings.ShouldBeEmpty();
        var leaf = whole.Certificate[
            ..(whole.Certificate.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal) + 26)
        ];
        Read(whole with { Certificate = leaf })
            .Warnings.ShouldHaveSingleItem()
            .ShouldContain("without those of its issuers");
    }

    [Test]
    public void What_could_not_be_read_is_said() =>
        Refused(() =>
                ComposeReader.Read(
                    Given.Compose(Model($$"""{ "tls": { {{Pair}} } }""", Port("443:8000"))) with
                    {
                        TlsTexts = ImmutableDictionary<TlsSource, TlsText>
                            .Empty.Add(
                                new(TlsSourceKind.File, "./shop.crt"),
                                new(null, "is not there", "Mend the path.")
                            )
                            .Add(new(TlsSourceKind.File, "./shop.key"), new("x")),
                    },
                    engineIsLocal: true
                )
            )
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                problem => problem.What.ShouldBe("x-recyclic.tls: ./shop.crt is not there"),
                problem => problem.Mend.ShouldBe("Mend the path.")
            );

    [TestCase("web-0123456789ab }\n bind :1")]
    [TestCase("../../x")]
    [TestCase("")]
    public void A_label_that_names_what_no_certificate_is_called_is_left_out(string name) =>
        Route
            .FromLabel(
                new JsonArray(
                    JsonNode
                        .Parse("""{"service":"a","target":1,"published":1,"mode":"Http","replicas":1}""")!
                        .AsObject()
                        is var route
                        ? With(route, name)
                        : null
                ).ToJsonString()
            )
            .ShouldBeEmpty();

    private static JsonObject With(JsonObject route, string certificates)
    {
        route["certificates"] = certificates;
        return route;
    }

    internal static Application Read(TestCertificate pair, string? host = null) =>
        ComposeReader.Read(
            Given.Compose(
                Model(
                    $$"""{ {{(host is null ? "" : $"\"host\": \"{host}\",")}} "tls": { {{Pair}} } }""",
                    Port("443:8000")
                )
            ) with
            {
                TlsTexts = ImmutableDictionary<TlsSource, TlsText>
                    .Empty.Add(new(TlsSourceKind.File, "./shop.crt"), new(pair.Certificate))
                    .Add(new(TlsSourceKind.File, "./shop.key"), new(pair.Key)),
            },
            engineIsLocal: true
        );

    private static ImmutableArray<ConfigurationProblem> Refused(Func<object> read) =>
        Should.Throw<ConfigurationException>(() => read()).Problems;

    private static Application App(string settings, params string[] ports) =>
        Given.App(Model(settings, string.Join(", ", ports.Select(Port))));

    private static string Port(string port) =>
        $$"""{ "target": {{port.Split(':')[1]}}, "published": "{{port.Split(':')[0]}}" }""";

    private static string Model(string settings, string ports) =>
        $$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": {{settings}}, "ports": [{{ports}}] } } }""";
}
