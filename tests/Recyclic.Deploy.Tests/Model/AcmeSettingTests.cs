namespace Recyclic.Deploy.Tests.Model;

/// <summary>What `x-recyclic.tls.acme` says, and what is wrong with it.</summary>
internal sealed class AcmeSettingTests
{
    /// <summary>A service that has its certificate obtained, for the tests of others.</summary>
    public const string Model = """
        {
          "name": "shop",
          "services": {
            "web": {
              "image": "team/web:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [
                { "target": 8000, "published": "443", "protocol": "tcp" },
                { "target": 8000, "published": "80", "protocol": "tcp" }
              ],
              "x-recyclic": { "host": "shop.example.org", "tls": { "acme": { "email": "ops@example.org" } } }
            }
          }
        }
        """;

    [Test]
    public void It_is_for_the_host_of_its_service_and_from_Let_s_Encrypt_unless_said_otherwise()
    {
        var app = App("true");
        var wanted = app.Obtains.ShouldHaveSingleItem();
        wanted.ShouldBe(new("shop.example.org", "https://acme-v02.api.letsencrypt.org/directory", null, null));
        CertificateState.IsName(wanted.Name).ShouldBeTrue();
        (app.Routes[0].Certificates, app.Routes[1].HttpsPort).ShouldBe((wanted.Name, 443));
        app.Certificates.ShouldBeEmpty();
    }

    [Test]
    public void All_of_it_is_read()
    {
        var wanted = App(
            """{ "email": "ops@example.org", "directory": "https://ca.example.org:14000/dir", "hosts": ["www.shop.test", "SHOP.example.org"] }"""
        ).Obtains;
        wanted.Select(one => one.Host).ShouldBe(["www.shop.test", "shop.example.org"]);
        wanted.ShouldAllBe(one =>
            one.Email == "ops@example.org" && one.Directory == "https://ca.example.org:14000/dir"
        );
        wanted.Select(one => one.Account).Distinct().Count().ShouldBe(1, "one account asks for all");
        wanted.Select(one => one.Name).Distinct().Count().ShouldBe(2);
    }

    [Test]
    public void What_was_tried_with_another_directory_is_another_certificate()
    {
        var one = new AcmeCertificate("shop.test", "https://a.test/", null, null);
        (one with { Directory = "https://b.test/" }).Name.ShouldNotBe(one.Name);
        (one with { Directory = "https://b.test/" }).Account.ShouldNotBe(one.Account);
        (one with { Email = "ops@example.org" }).Name.ShouldBe(one.Name);
        (one with { Email = "ops@example.org" }).Account.ShouldNotBe(one.Account);
    }

    [TestCase("\"yes\"", "x-recyclic.tls.acme 'yes' is neither true nor a map", TestName = "{m}(a word)")]
    [TestCase("false", "is neither true nor a map", TestName = "{m}(false)")]
    [TestCase("""{ "mail": "a@b.org" }""", "x-recyclic.tls.acme has no setting 'mail'", TestName = "{m}(unknown)")]
    [TestCase("""{ "email": "ops" }""", "x-recyclic.tls.acme.email 'ops' is no address", TestName = "{m}(email)")]
    [TestCase("""{ "email": null }""", "x-recyclic.tls.acme.email '' is no address", TestName = "{m}(no email)")]
    [TestCase(
        """{ "directory": "http://ca.example.org/" }""",
        "x-recyclic.tls.acme.directory 'http://ca.example.org/' is no https address",
        TestName = "{m}(directory)"
    )]
    [TestCase("""{ "hosts": "a.org" }""", "x-recyclic.tls.acme.hosts 'a.org' is not a list", TestName = "{m}(hosts)")]
    [TestCase(
        """{ "hosts": ["shop.example.org", "*.example.org"] }""",
        "no certificate for *.example.org can be obtained by an answer on port 80",
        TestName = "{m}(wildcard)"
    )]
    [TestCase(
        """{ "hosts": ["shop.example.org", "10.0.0.1"] }""",
        "'10.0.0.1' is no host name",
        TestName = "{m}(address)"
    )]
    [TestCase(
        """{ "hosts": ["shop.example.org", "db.internal"] }""",
        "db.internal is a name that is known here alone",
        TestName = "{m}(private name)"
    )]
    [TestCase(
        """{ "hosts": ["www.example.org"] }""",
        "x-recyclic.host is shop.example.org, and x-recyclic.tls.acme.hosts does not have it",
        TestName = "{m}(without its own host)"
    )]
    [TestCase(
        """{ "authority": { "file": "ca.pem" } }""",
        "x-recyclic.tls.acme.authority '{\"file\":\"ca.pem\"}' is neither a path nor the name of a secret",
        TestName = "{m}(authority)"
    )]
    public void What_is_wrong_is_refused_with_its_place(string acme, string expected)
    {
        var problem = Refused(acme).First(problem => problem.What.Contains(expected, StringComparison.Ordinal));
        problem.Place.ShouldContain("services.web");
        problem.Mend.ShouldNotBeEmpty();
    }

    [Test]
    public void A_certificate_is_obtained_or_given() =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(
                    Model.Replace("\"acme\":", "\"certificate\": \"./a.pem\", \"acme\":", StringComparison.Ordinal)
                )
            )
            .Message.ShouldContain("x-recyclic.tls has acme, and certificate besides");

    [Test]
    public void Without_a_host_it_is_not_known_for_whom() =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(Model.Replace("\"host\": \"shop.example.org\",", "", StringComparison.Ordinal))
            )
            .Message.ShouldContain("x-recyclic.tls.acme does not say for which host name");

    [Test]
    public void An_authority_asks_on_port_80_which_must_be_there() =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(Model.Replace("\"published\": \"80\"", "\"published\": \"8080\"", StringComparison.Ordinal))
            )
            .Message.ShouldContain("an authority asks on port 80, and it is not published");

    [Test]
    public void Port_80_may_be_another_one_behind_a_front()
    {
        var app = Given.App(
            Model
                .Replace("\"published\": \"80\"", "\"published\": \"8080\"", StringComparison.Ordinal)
                .Replace("\"tls\": {", "\"tls\": { \"redirect\": 8080,", StringComparison.Ordinal)
        );
        ChallengeRules.Gates(app.Routes).ShouldBe([new PortGate(null, 8080)]);
    }

    private static Application App(string acme) =>
        Given.App(Model.Replace("{ \"email\": \"ops@example.org\" }", acme, StringComparison.Ordinal));

    private static ImmutableArray<ConfigurationProblem> Refused(string acme) =>
        Should.Throw<ConfigurationException>(() => App(acme)).Problems;
}
