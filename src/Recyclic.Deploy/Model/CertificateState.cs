using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>A certificate as everybody may know it, who has it or gets it.</summary>
/// <param name="Name">By which the edge knows it; one for the same place and `host` of a service, with the same kind of key, has the same.</param>
/// <param name="Fingerprint">16 hexadecimal digits, which change with the certificate or those of its issuers.</param>
/// <param name="NotAfter">The end of its validity.</param>
/// <param name="Hosts">The names that it is for, sorted; `*.example.org` is for all names of one label more.</param>
public sealed partial record CertificateState(
    string Name,
    string Fingerprint,
    DateTimeOffset NotAfter,
    ImmutableArray<string> Hosts
)
{
    /// <summary>How long before its end it is time for another one.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(21);

    /// <summary>`shop.example.org, *.shop.example.org`, or what it is called where it is for nobody by name.</summary>
    public string Title => Hosts.IsEmpty ? Name : string.Join(", ", Hosts);

    /// <summary>As a person reads it: `valid until 2027-02-01`.</summary>
    public string Until => $"valid until {NotAfter.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

    /// <summary>Whole days left; negative: it has expired.</summary>
    public int DaysLeft(DateTimeOffset at) => (int)Math.Floor((NotAfter - at).TotalDays);

    /// <summary>Whether a text can be the name of a certificate in the edge.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text);

    /// <summary>A word without spaces, for the records of the host.</summary>
    internal string ToWord() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Fingerprint}:{NotAfter.ToUnixTimeSeconds()}:{string.Join(',', Hosts)}"
        );

    /// <summary>What <see cref="ToWord"/> wrote; null: something else did.</summary>
    internal static CertificateState? Parse(string name, string word) =>
        IsName(name)
        && word.Split(':') is [{ Length: > 0 } fingerprint, var end, var hosts]
        && long.TryParse(end, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > -62135596800 and < 253402300799
            ? new(
                name,
                PrintableText.Of(fingerprint, 40),
                DateTimeOffset.FromUnixTimeSeconds(seconds),
                [.. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(IsHost)]
            )
            : null;

    /// <summary>Whether a text is a name that a certificate may be for, as far as it is shown.</summary>
    internal static bool IsHost(string text) =>
        Route.IsHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text);

    /// <inheritdoc/>
    public bool Equals(CertificateState? other) =>
        other is not null
        && (Name, Fingerprint, NotAfter) == (other.Name, other.Fingerprint, other.NotAfter)
        && Hosts.SequenceEqual(other.Hosts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Fingerprint, NotAfter);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
