using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: certificates of the edge, as JSON and as text for a person.</summary>
internal static class CertificateReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string ToJson(CertificateChange change, DateTimeOffset at) =>
        new JsonObject
        {
            ["put"] = ArrayOf(change.Put, at),
            ["kept"] = ArrayOf(change.Kept, at),
            ["waiting"] = ArrayOf(change.Waiting, at),
            ["obtained"] = ArrayOf(change.Obtained, at),
            ["due"] = new JsonArray([.. change.Due.Select(host => (JsonNode)host)]),
            ["undeployed"] = new JsonArray([.. change.Undeployed.Select(host => (JsonNode)host)]),
        }.ToJsonString(Indented);

    public static string ToText(string app, CertificateChange change, DateTimeOffset at, bool isDry)
    {
        var text = new StringBuilder();
        foreach (var certificate in change.Put)
            text.Append(
                $"{app}: {(isDry ? "would serve" : "serves")} the new certificate for {Line(certificate, at)}\n"
            );
        foreach (var certificate in change.Kept)
            text.Append($"{app}: has the certificate for {Line(certificate, at)}\n");
        foreach (var certificate in change.Waiting)
            text.Append(
                $"{app}: waits for the next deploy, since what serves has none for that host, or not so many: {Line(certificate, at)}\n"
            );
        foreach (var certificate in change.Obtained)
            text.Append($"{app}: obtained the certificate for {Line(certificate, at)}\n");
        foreach (var host in change.Due)
            text.Append(
                $"{app}: the certificate for {host} is to be obtained: with the next deploy, or by ./build.sh Certificates --renew\n"
            );
        foreach (var host in change.Undeployed)
            text.Append(
                $"{app}: the certificate for {host} is obtained with the next deploy, which brings that host\n"
            );
        return text.Length == 0
            ? $"{app}: its compose file names no certificate (x-recyclic.tls)"
            : text.ToString().TrimEnd();
    }

    public static JsonArray ArrayOf(ImmutableArray<CertificateState> certificates, DateTimeOffset at) =>
        new([
            .. certificates.Select(certificate =>
                (JsonNode)
                    new JsonObject
                    {
                        ["name"] = certificate.Name,
                        ["hosts"] = new JsonArray([.. certificate.Hosts.Select(host => (JsonNode)host)]),
                        ["notAfter"] = certificate.NotAfter.UtcDateTime.ToString(
                            "yyyy-MM-ddTHH:mm:ssZ",
                            CultureInfo.InvariantCulture
                        ),
                        ["daysLeft"] = certificate.DaysLeft(at),
                        ["fingerprint"] = certificate.Fingerprint,
                        ["origin"] = certificate.Origin switch
                        {
                            CertificateOrigin.Obtained => "acme",
                            CertificateOrigin.SelfSigned => "self-signed",
                            _ => "file",
                        },
                    }
            ),
        ]);

    /// <summary>`shop.example.org, valid until 2027-02-01, 66 days`.</summary>
    public static string Line(CertificateState certificate, DateTimeOffset at)
    {
        var days = certificate.DaysLeft(at);
        return certificate.Origin == CertificateOrigin.SelfSigned
                ? $"{certificate.Title}, SELF-SIGNED until one is obtained, browsers warn of it: ./build.sh Certificates --renew"
            : days < 0 ? $"{certificate.Title}, EXPIRED on {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}"
            : $"{certificate.Title}, {certificate.Until}, {days} day{(days == 1 ? "" : "s")}"
                + (
                    !certificate.EndsSoon(at) ? ""
                    : certificate.Origin == CertificateOrigin.Obtained ? ": ./build.sh Certificates --renew"
                    : ": have it renewed"
                );
    }
}
