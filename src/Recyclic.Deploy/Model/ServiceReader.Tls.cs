using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>What of a service's ports ends TLS in the edge.</summary>
internal sealed partial class ServiceReader
{
    private static readonly ImmutableArray<string> Http2Protocols = ["grpc", "h2c", "http2", "kubernetes.io/h2c"];

    /// <summary>The certificates that its file names; those that are wrong are left out.</summary>
    public IEnumerable<TlsCertificate> Certificates => ReadCertificates((_, _) => { });

    private TlsSetting? Tls =>
        Extension.ContainsKey(TlsSetting.Setting)
            ? TlsSetting.Read(Extension[TlsSetting.Setting], (_, _) => { })
            : null;

    private void CheckTls()
    {
        if (
            !Extension.ContainsKey(TlsSetting.Setting)
            || TlsSetting.Read(Extension[TlsSetting.Setting], Refuse) is not { } tls
        )
            return;
        var ports = PlainPorts().ToList();
        if (ports.FirstOrDefault(port => port.Route.Published == tls.Port) is not { } ends)
        {
            Refuse(
                $"x-recyclic.tls is to end on port {tls.Port}, which it does not publish",
                ports.Count == 0
                    ? $"Publish it: ports: [\"{tls.Port}:<port of the container>\"]."
                    : $"Publish it, for example \"{tls.Port}:{ports[0].Route.Target}\"; or name the published port: tls: {{ port: {ports[0].Route.Published} }}."
            );
            return;
        }
        if (tls.IsRedirectGiven && ports.All(port => port.Route.Published != tls.Redirect))
            Refuse(
                $"x-recyclic.tls.redirect names port {tls.Redirect}, which it does not publish",
                $"Publish it, for example \"{tls.Redirect}:{ends.Route.Target}\"; or write redirect: false."
            );
        if (ends.IsSaid && ends.Route.Mode != RouteMode.Http && !SpeaksHttp2(ends.Route))
            Refuse(
                $"port {tls.Port} is {ends.Route.Mode.Name()} ({ends.Why}), and x-recyclic.tls ends TLS for requests alone",
                "Remove the one or the other: what is not HTTP goes through with the TLS of its own."
            );
        else if (
            ends.Route.Mode == RouteMode.Tcp
            && !SpeaksHttp2(ends.Route)
            && WellKnownPort.Of(ends.Route.Target) is { } known
        )
            Refuse(
                $"port {tls.Port} leads to its container's port {known}, and behind x-recyclic.tls a container gets plain HTTP",
                $"Lead it to the port that speaks plain HTTP; or, if that is right: x-recyclic: {{ ports: {{ \"{known.Port}\": http }} }}."
            );
        CheckAcme(tls, ports);
        var certificates = ReadCertificates(Refuse).ToList();
        if (
            Text("host") is { } host
            && certificates.Count > 0
            && certificates.Count == tls.Pairs.Length
            && certificates.All(certificate => !certificate.IsFor(host))
        )
            Refuse(
                $"x-recyclic.host is {host}, and the certificate{(certificates.Count == 1 ? " is" : "s are")} for {string.Join("; ", certificates.Select(certificate => certificate.State.Title))}",
                $"Give one that is for {host}, or mend the host."
            );
        warnings.AddRange(
            certificates
                .Where(certificate => certificate.IsWithoutIssuers)
                .Select(certificate =>
                    $"the certificate for {certificate.State.Title} of {name} comes without those of its issuers: many clients will not trust it; use the whole chain, which is often called fullchain.pem"
                )
        );
    }

    private IEnumerable<TlsCertificate> ReadCertificates(Action<string, string> refuse)
    {
        foreach (var (index, (certificate, key)) in (Tls?.Pairs ?? []).Index())
        {
            var text = TextOf(certificate, refuse);
            var keyText = key is null ? text : TextOf(key, refuse);
            if (
                text is not null
                && keyText is not null
                && TlsCertificate.Read(
                    name,
                    $"{index} {Text("host")}",
                    (certificate, text),
                    (key ?? certificate, keyText),
                    refuse
                )
                    is { } read
            )
                yield return read;
        }
    }

    private string? TextOf(TlsSource source, Action<string, string> refuse)
    {
        var found = compose.TlsTexts.GetValueOrDefault(source);
        if (found?.Text is null)
            refuse($"x-recyclic.tls: {source} {found?.What ?? "was not read"}", found?.Mend ?? "Give it by its path.");
        return found?.Text;
    }

    /// <summary>The same port, where the file has it end TLS, or send on to where that ends.</summary>
    private PortMode WithTls(PortMode port, TlsSetting tls, string certificates)
    {
        var isSentOn =
            port.Route.Published == tls.Redirect && (tls.IsRedirectGiven || port.Route.Mode != RouteMode.Tcp);
        if (port.Route.Published != tls.Port && !isSentOn)
            return port;
        var route = port.Route with
        {
            Mode = RouteMode.Http,
            Host = Text("host"),
            Path = Text("path"),
            ProxyProtocol = false,
            Http2 = SpeaksHttp2(port.Route),
        };
        return isSentOn
            ? port with
            {
                Route = route with { HttpsPort = tls.Port },
                Why = $"sent on to https on port {tls.Port}",
                IsSaid = true,
            }
            : port with
            {
                Route = route with { Certificates = certificates, Hsts = tls.Hsts },
                Why = "x-recyclic.tls",
                IsSaid = true,
            };
    }

    /// <summary>Whether the container speaks HTTP/2 without TLS, as gRPC does, by what its port is said or known for.</summary>
    private bool SpeaksHttp2(Route route) =>
        ResolvedPorts()
            .Where(port => port["published"]?.ToString() == route.Published.ToString(CultureInfo.InvariantCulture))
            .Select(port => port["app_protocol"].AsText())
            .OfType<string>()
            .Any(protocol => Http2Protocols.Contains(protocol.ToLowerInvariant()))
        || WellKnownPort.Of(route.Target)?.Protocol == "gRPC" && SettingOf(route.Target)?.Mode != RouteMode.Http;
}
