using System.Text.Json.Nodes;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

/// <summary>What a person, and a machine, is told of certificates.</summary>
internal sealed class CertificateReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_person_reads_for_whom_it_is_and_how_long_it_lasts() =>
        CertificateReport
            .ToText(
                "shop",
                new([Ending(60, "a.example.org")], [Ending(20, "b.example.org")], [Ending(1, "c.example.org")]),
                Now,
                isDry: false
            )
            .ShouldBe(
                """
                shop: serves the new certificate for a.example.org, valid until 2027-01-27, 60 days
                shop: has the certificate for b.example.org, valid until 2026-12-18, 20 days: have it renewed
                shop: waits for the next deploy, since what serves has none for that host, or not so many: c.example.org, valid until 2026-11-29, 1 day: have it renewed
                """,
                StringCompareShould.IgnoreLineEndings
            );

    [Test]
    public void One_that_has_expired_stands_out() =>
        CertificateReport.Line(Ending(-1, "a.example.org"), Now).ShouldBe("a.example.org, EXPIRED on 2026-11-27");

    [Test]
    public void Without_any_it_is_said() =>
        CertificateReport.ToText("shop", new([], [], []), Now, isDry: false).ShouldContain("names no certificate");

    [Test]
    public void One_that_is_obtained_says_what_renews_it_and_a_self_signed_one_what_it_is()
    {
        var obtained = Ending(10, "a.example.org") with
        {
            Origin = CertificateOrigin.Obtained,
            NotBefore = Now.AddDays(-80),
        };
        CertificateReport
            .ToText(
                "shop",
                new([], [], [])
                {
                    Obtained = [obtained with { NotAfter = Now.AddDays(90) }],
                    Due = ["b.example.org"],
                    Undeployed = ["c.example.org"],
                },
                Now,
                isDry: false
            )
            .ShouldBe(
                """
                shop: obtained the certificate for a.example.org, valid until 2027-02-26, 90 days
                shop: the certificate for b.example.org is to be obtained: with the next deploy, or by ./build.sh Certificates --renew
                shop: the certificate for c.example.org is obtained with the next deploy, which brings that host
                """,
                StringCompareShould.IgnoreLineEndings
            );
        CertificateReport.Line(obtained, Now).ShouldEndWith("10 days: ./build.sh Certificates --renew");
        CertificateReport
            .Line(obtained with { Origin = CertificateOrigin.SelfSigned }, Now)
            .ShouldStartWith("a.example.org, SELF-SIGNED until one is obtained");
        JsonNode.Parse(CertificateReport.ToJson(new([], [obtained], []), Now))!["kept"]![0]!["origin"]!
            .GetValue<string>()
            .ShouldBe("acme");
    }

    [Test]
    public void A_machine_reads_the_days_that_are_left()
    {
        var json = JsonNode.Parse(CertificateReport.ToJson(new([Ending(60, "a.example.org")], [], []), Now))!;
        var put = json["put"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)put["daysLeft"]!, (string?)put["notAfter"]).ShouldBe((60, "2027-01-27T12:00:00Z"));
        put["hosts"]!.AsArray().Select(host => (string?)host).ShouldBe(["a.example.org"]);
        json["waiting"]!.AsArray().ShouldBeEmpty();
    }

    private static CertificateState Ending(int days, string host) =>
        new("web-0123456789ab", "0123456789abcdef", Now.AddDays(days), [host]);
}
