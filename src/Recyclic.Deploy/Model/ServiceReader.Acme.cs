using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Recyclic.Deploy.Model;

/// <summary>The certificates that are obtained for a service.</summary>
internal sealed partial class ServiceReader
{
    /// <summary>One for each host name; none, where its file names them, or says something wrong.</summary>
    public IEnumerable<AcmeCertificate> Obtains =>
        Tls is { Acme: { } acme }
            ? HostsOf(acme)
                .Where(host => AcmeSetting.WhyNot(host, acme.Directory) is null)
                .Select(host => new AcmeCertificate(
                    host,
                    acme.Directory,
                    acme.Email,
                    acme.Authority is { } authority ? compose.TlsTexts.GetValueOrDefault(authority)?.Text : null
                ))
            : [];

    private ImmutableArray<string> HostsOf(AcmeSetting acme) =>
        !acme.Hosts.IsEmpty ? acme.Hosts
        : Text("host") is { } host ? [host.ToLowerInvariant()]
        : [];

    private void CheckAcme(TlsSetting tls, IReadOnlyCollection<PortMode> ports)
    {
        if (tls.Acme is not { } acme)
            return;
        var hosts = HostsOf(acme);
        if (hosts.IsEmpty)
            Refuse(
                "x-recyclic.tls.acme does not say for which host name",
                "Name the service's: x-recyclic: { host: shop.example.org, … }; or acme: { hosts: [shop.example.org] }."
            );
        foreach (
            var (what, mend) in hosts
                .Select(host => AcmeSetting.WhyNot(host, acme.Directory))
                .OfType<(string, string)>()
        )
            Refuse(what, mend);
        if (!acme.Hosts.IsEmpty && Text("host") is { } own && !acme.Hosts.Contains(own.ToLowerInvariant()))
            Refuse(
                $"x-recyclic.host is {own}, and x-recyclic.tls.acme.hosts does not have it",
                $"Add it: hosts: [{string.Join(", ", acme.Hosts.Prepend(own))}]."
            );
        var plain = tls.Redirect ?? TlsSetting.UsualRedirect;
        if (ports.FirstOrDefault(port => port.Route.Published == plain) is not { } asked)
            Refuse(
                $"x-recyclic.tls.acme: an authority asks on port {TlsSetting.UsualRedirect}, and {(plain == TlsSetting.UsualRedirect ? "it" : $"port {plain}")} is not published",
                $"Publish it, for example \"{TlsSetting.UsualRedirect}:{ports.First().Route.Target}\"; or name the published port that the host's port {TlsSetting.UsualRedirect} leads to: tls: {{ redirect: {ports.First().Route.Published} }}."
            );
        else if (asked.Route.Mode == RouteMode.Tcp && (tls.Redirect is null || !tls.IsRedirectGiven))
            Refuse(
                $"x-recyclic.tls.acme: an authority asks on port {plain}, which is tcp ({asked.Why})",
                $"Have the edge answer requests there: x-recyclic: {{ ports: {{ \"{asked.Route.Target}\": http }} }}."
            );
        if (acme.Authority is { } authority && TextOf(authority, Refuse) is { } text && !IsCertificate(text))
            Refuse(
                $"x-recyclic.tls.acme.authority: {authority} holds no certificate that can be read",
                "Give the certificate of whoever vouches for the directory, in PEM."
            );
    }

    private static bool IsCertificate(string text)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPem(text);
            return read.Count > 0 && !text.Contains("PRIVATE KEY", StringComparison.Ordinal);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
