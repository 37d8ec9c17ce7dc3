using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Where a certificate is from.</summary>
public enum CertificateOrigin
{
    /// <summary>The compose file names it.</summary>
    Given,

    /// <summary>It was obtained from an authority, by ACME.</summary>
    Obtained,

    /// <summary>The deployer made it, for as long as none could be obtained: browsers warn of it.</summary>
    SelfSigned,
}

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

    /// <summary>The begin of its validity; null: that is not known.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Where it is from; default: the compose file names it.</summary>
    public CertificateOrigin Origin { get; init; }

    /// <summary>Whether it is about to end, and should have been replaced by now.</summary>
    public bool EndsSoon(DateTimeOffset at) =>
        NotAfter - at < (Origin == CertificateOrigin.Obtained && Life / 6 < Soon ? Life / 6 : Soon);

    /// <summary>From the begin of its validity to its end.</summary>
    internal TimeSpan Life => NotAfter - (NotBefore ?? NotAfter - TimeSpan.FromDays(90));

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
            $"{Fingerprint}:{NotAfter.ToUnixTimeSeconds()}:{string.Join(',', Hosts)}:{NotBefore?.ToUnixTimeSeconds()}:{Origin}"
        );

    /// <summary>What <see cref="ToWord"/> wrote; null: something else did.</summary>
    internal static CertificateState? Parse(string name, string word) =>
        IsName(name)
        && word.Split(':') is [{ Length: > 0 } fingerprint, var end, var hosts, .. var more]
        && Time(end) is { } notAfter
            ? new(
                name,
                PrintableText.Of(fingerprint, 40),
                notAfter,
                [.. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(IsHost)]
            )
            {
                NotBefore = more.Length > 0 ? Time(more[0]) : null,
                Origin =
                    more.Length > 1
                    && Enum.TryParse<CertificateOrigin>(more[1], out var origin)
                    && Enum.IsDefined(origin)
                        ? origin
                        : default,
            }
            : null;

    private static DateTimeOffset? Time(string seconds) =>
        long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number is > -62135596800 and < 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(number)
            : null;

    /// <summary>Whether a text is a name that a certificate may be for, as far as it is shown.</summary>
    internal static bool IsHost(string text) =>
        Route.IsHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text);

    /// <inheritdoc/>
    public bool Equals(CertificateState? other) =>
        other is not null
        && (Name, Fingerprint, NotAfter, NotBefore, Origin)
            == (other.Name, other.Fingerprint, other.NotAfter, other.NotBefore, other.Origin)
        && Hosts.SequenceEqual(other.Hosts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Fingerprint, NotAfter);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
