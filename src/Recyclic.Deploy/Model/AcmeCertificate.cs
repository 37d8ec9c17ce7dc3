using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>A certificate that is obtained and renewed where the application runs.</summary>
/// <param name="Host">The one name that it is for.</param>
/// <param name="Directory">That of the authority that is asked for it.</param>
/// <param name="Email">Whom the authority writes to; null: nobody.</param>
/// <param name="Authority">The certificates, in PEM, that the directory's own is checked by; null: the usual ones.</param>
public sealed record AcmeCertificate(string Host, string Directory, string? Email, string? Authority)
{
    private const string Prefix = "acme-";

    /// <summary>
    /// By which the edge knows it: the same for all services of its host. One of another authority is another one, so that
    /// what was tried with a staging directory is not kept.
    /// </summary>
    public string Name => Prefix + Hash($"{Host} {Directory}");

    /// <summary>By which its account is known, where its key is.</summary>
    public string Account => Hash($"{Directory} {Email}");

    /// <summary>Whether a name of the edge's is that of a certificate that is obtained.</summary>
    internal static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
