using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: a certificate with its private key, whole and checked but for the time. It prints nothing of the key, and is in no
/// plan: that has its <see cref="State"/>.
/// </summary>
public sealed class TlsCertificate
{
    /// <summary>OpenSSL takes no shorter ones on Debian.</summary>
    private const int LeastRsaBits = 2048;

    private const string NoCertificate =
        "Give a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----, followed by those of its issuers.";

    private readonly X509Certificate2 _leaf;

    private TlsCertificate(
        string name,
        IReadOnlyList<X509Certificate2> chain,
        string key,
        CertificateOrigin origin = CertificateOrigin.Given
    )
    {
        _leaf = chain[0];
        var certificates = string.Concat(chain.Select(one => one.ExportCertificatePem() + "\n"));
        var names = _leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var hosts = (names?.EnumerateDnsNames() ?? [])
            .Concat((names?.EnumerateIPAddresses() ?? []).Select(address => address.ToString()))
            .Select(host => host.ToLowerInvariant())
            .Where(CertificateState.IsHost)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        NotBefore = new DateTimeOffset(_leaf.NotBefore.ToUniversalTime());
        State = new(name, Hash(certificates)[..16], new DateTimeOffset(_leaf.NotAfter.ToUniversalTime()), hosts)
        {
            NotBefore = NotBefore,
            Origin = origin,
        };
        IsWithoutIssuers = chain.Count == 1 && _leaf.SubjectName.Name != _leaf.IssuerName.Name;
        Pem = certificates + key + "\n";
    }

    /// <summary>All that may be told of it.</summary>
    public CertificateState State { get; }

    /// <summary>The begin of its validity.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Whether the certificates of its issuers are missing, without which some clients do not trust it.</summary>
    internal bool IsWithoutIssuers { get; }

    /// <summary>Certificate, issuers and key, without a blank line. It goes to the edge's volume and nowhere else.</summary>
    internal string Pem { get; }

    /// <summary>Whether it is for a host name.</summary>
    public bool IsFor(string host) => _leaf.MatchesHostname(host, allowWildcards: true, allowCommonName: false);

    /// <inheritdoc/>
    public override string ToString() => State.Name;

    /// <summary>
    /// One for a host that nobody vouches for, so that the edge has something to begin with. Its key is made here, and is as
    /// secret as any other.
    /// </summary>
    internal static TlsCertificate SelfSigned(string name, string host, DateTimeOffset at)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=self-signed until one is obtained", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var made = request.CreateSelfSigned(at.AddDays(-1), at.AddYears(1));
        return new(name, [made], key.ExportPkcs8PrivateKeyPem(), CertificateOrigin.SelfSigned);
    }

    /// <summary>
    /// What is public of one that was obtained, whose key stays where it was made; null: it cannot be read, or is not for that
    /// host.
    /// </summary>
    internal static CertificateState? Obtained(AcmeCertificate wanted, string chain)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(chain);
        }
        catch (CryptographicException)
        {
            return null;
        }
        if (certificates.Count == 0)
            return null;
        var read = new TlsCertificate(wanted.Name, [.. certificates], "", CertificateOrigin.Obtained);
        return read.IsFor(wanted.Host) ? read.State : null;
    }

    /// <summary>Why it is of no use at this time, to follow its name; null: it is.</summary>
    public string? WhyNotAt(DateTimeOffset at) =>
        at >= State.NotAfter ? $"expired on {State.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
        : at < NotBefore ? $"is not valid before {NotBefore.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
        : null;

    /// <param name="place">Its place in the service, which with the kind of its key decides its name.</param>
    /// <param name="certificate">Its text, and what it is called.</param>
    /// <param name="key">The same of the key.</param>
    /// <param name="refuse">Takes what is wrong, and the mend.</param>
    /// <returns>Null: something is.</returns>
    internal static TlsCertificate? Read(
        string service,
        string place,
        (TlsSource Source, string Text) certificate,
        (TlsSource Source, string Text) key,
        Action<string, string> refuse
    )
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificate.Text);
        }
        catch (CryptographicException)
        {
            chain.Clear();
        }
        if (chain.Count == 0)
        {
            refuse($"{certificate.Source} holds no certificate that can be read", NoCertificate);
            return null;
        }
        if (ReadKey(key, refuse) is not var (algorithm, publicKey, pem))
            return null;
        var belongs = chain
            .ToList()
            .FindIndex(one => one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey));
        if (belongs != 0)
        {
            refuse(
                belongs < 0
                    ? $"the key in {key.Source} does not belong to the certificate in {certificate.Source}, which is for {Subject(chain[0])}"
                    : $"the first certificate in {certificate.Source} is for {Subject(chain[0])}, and the key belongs to its number {belongs + 1}",
                belongs < 0
                    ? "Give the key that the certificate was made with."
                    : "Put the certificate of the host first, and those of its issuers behind it."
            );
            return null;
        }
        return new($"{service}-{Hash($"{algorithm} {place}")[..12]}", [.. chain], pem);
    }

    private static (string Algorithm, byte[] Public, string Pem)? ReadKey(
        (TlsSource Source, string Text) key,
        Action<string, string> refuse
    )
    {
        if (!key.Text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            refuse(
                $"{key.Source} holds no private key",
                "Give the key in PEM, which begins with -----BEGIN PRIVATE KEY----- or the like: key: ./shop.key."
            );
            return null;
        }
        if (
            key.Text.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)
            || key.Text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
        )
        {
            refuse(
                $"the key in {key.Source} is encrypted, and nobody is there to type its passphrase when the edge starts",
                "Give it without one: openssl pkey -in <file> -out <file>."
            );
            return null;
        }
        var own = KeyIn(key.Text);
        using var rsa = RSA.Create();
        if (Takes(() => rsa.ImportFromPem(own)))
        {
            if (rsa.KeySize >= LeastRsaBits)
                return ("rsa", rsa.ExportSubjectPublicKeyInfo(), rsa.ExportPkcs8PrivateKeyPem());
            refuse(
                $"the key in {key.Source} has {rsa.KeySize} bits, and clients take none below {LeastRsaBits}",
                "Have a certificate made with a longer key, or with one of ECDSA."
            );
            return null;
        }
        using var curve = ECDsa.Create();
        if (Takes(() => curve.ImportFromPem(own)))
            return ("ecdsa", curve.ExportSubjectPublicKeyInfo(), curve.ExportPkcs8PrivateKeyPem());
        refuse(
            $"the key in {key.Source} cannot be read, or is neither of RSA nor of ECDSA",
            "Have a certificate made with a key of one of these: browsers take no other."
        );
        return null;
    }

    /// <summary>Of a file that holds certificates too, the key alone, without parameters of its curve.</summary>
    private static string KeyIn(string text)
    {
        for (var rest = text; PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
            if (rest[found.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                return rest[found.Location];
        return text;
    }

    private static bool Takes(Action import)
    {
        try
        {
            import();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static string Subject(X509Certificate2 certificate) =>
        PrintableText.Of(
            certificate
                .Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(names => names.EnumerateDnsNames())
                .FirstOrDefault()
                ?? certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
            100
        );

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
