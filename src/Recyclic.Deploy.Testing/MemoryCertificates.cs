using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Testing;

/// <summary>
/// What is where a compose model says that certificates and keys are: there are no files here, so each is for the host of its
/// service, and valid.
/// </summary>
internal static class MemoryCertificates
{
    private static readonly ConcurrentDictionary<(string Host, int Index), (string Certificate, string Key)> Made = [];

    public static ImmutableDictionary<TlsSource, TlsText> Of(JsonObject extensions)
    {
        var texts = ImmutableDictionary.CreateBuilder<TlsSource, TlsText>();
        foreach (var (service, extension) in extensions)
        {
            if (
                extension.At(TlsSetting.Setting) is not { } given
                || TlsSetting.Read(given, (_, _) => { }) is not { } tls
            )
                continue;
            var host = extension.At("host").AsText() is { } named && Route.IsHostName(named) ? named : "localhost";
            foreach (var (index, (certificate, key)) in tls.Pairs.Index())
            {
                var made = Made.GetOrAdd((host, index), of => Make(of.Host));
                texts[certificate] = new(key is null ? made.Certificate + made.Key : made.Certificate);
                if (key is not null)
                    texts[key] = new(made.Key);
            }
        }
        return texts.ToImmutable();
    }

    /// <summary>What an authority issues for a host.</summary>
    public static string Chain(string host) => Made.GetOrAdd((host, -1), of => Make(of.Host)).Certificate;

    private static (string Certificate, string Key) Make(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(
            new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        return (made.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
