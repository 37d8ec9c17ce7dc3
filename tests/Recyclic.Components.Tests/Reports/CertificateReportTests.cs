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
