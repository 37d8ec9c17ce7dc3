namespace Recyclic.Deploy.Tests.Model;

/// <summary>Where the edge answers an authority that asks whether a host name leads to it.</summary>
internal sealed class ChallengeRulesTests
{
    private const string Answer = "http-request return status 200 content-type text/plain lf-string";

    private static readonly Route Plain = new("web", 8000, 80, null, RouteMode.Http, null, null, 1);

    private static readonly Route Ends = Plain with
    {
        Published = 443,
        Certificates = new AcmeCertificate("shop.test", "https://ca.test/", null, null).Name,
    };

    [Test]
    public void It_is_the_first_rule_of_each_published_port_that_speaks_HTTP_whichever_release_serves()
    {
        var door = Plain.Inside();
        var tcp = Plain with { Published = 5432, Mode = RouteMode.Tcp };
        var text = EdgeConfiguration.For("a", [Ends, Plain with { HttpsPort = 443 }, door, tcp], [Plain]).Text;
        var frontends = text.Split("\nfrontend ")[1..];
        foreach (var frontend in frontends)
        {
            var asked =
                frontend.StartsWith("port-80\n", StringComparison.Ordinal)
                || frontend.StartsWith("port-443", StringComparison.Ordinal)
                    && frontend.Contains(" ssl ", StringComparison.Ordinal);
            frontend.Contains(Answer, StringComparison.Ordinal).ShouldBe(asked, frontend);
            if (asked)
                frontend
                    .IndexOf(Answer, StringComparison.Ordinal)
                    .ShouldBeLessThan(frontend.IndexOf("lua.hold", StringComparison.Ordinal), "it does not wait");
        }
    }

    [Test]
    public void It_is_there_where_each_connection_is_decided_by_how_it_begins()
    {
        var text = EdgeConfiguration.For("a", [Ends, Plain with { Mode = RouteMode.Auto }], []).Text;
        text.Split("\nfrontend ")
            .Single(one => one.StartsWith("port-80\n", StringComparison.Ordinal))
            .ShouldContain(Answer);
    }

    [Test]
    public void Without_a_certificate_that_is_obtained_nothing_is_said_of_it() =>
        EdgeConfiguration
            .For("a", [Ends with { Certificates = "web-0123456789ab" }, Plain], [Plain])
            .Text.ShouldNotContain("acme");
}
