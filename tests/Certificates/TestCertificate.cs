using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Recyclic.Certificates;

/// <summary>Certificates of an authority that is made for the tests alone, as PEM.</summary>
/// <param name="Certificate">That of the host, and behind it that of the authority.</param>
/// <param name="Key">Not encrypted.</param>
internal sealed record TestCertificate(string Certificate, string Key)
{
    private static readonly Lazy<X509Certificate2> Made = new(MakeAuthority);

    /// <summary>Who signs them; nobody trusts it by default.</summary>
    public static X509Certificate2 Authority => Made.Value;

    public static TestCertificate For(params string[] hosts) =>
        For(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), hosts);

    public static TestCertificate For(DateTimeOffset from, DateTimeOffset until, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Make(
            new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256),
            from,
            until,
            hosts,
            key.ExportPkcs8PrivateKeyPem()
        );
    }

    public static TestCertificate OfRsa(int bits, params string[] hosts)
    {
        using var key = RSA.Create(bits);
        return Make(
            new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(90),
            hosts,
            key.ExportRSAPrivateKeyPem()
        );
    }

    private static TestCertificate Make(
        CertificateRequest request,
        DateTimeOffset from,
        DateTimeOffset until,
        string[] hosts,
        string key
    )
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            Authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(Authority.GetECDsaPrivateKey()!),
            from,
            until,
            RandomNumberGenerator.GetBytes(16)
        );
        return new(signed.ExportCertificatePem() + "\n" + Authority.ExportCertificatePem() + "\n", key + "\n");
    }

    private static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(
            new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
    }
}
