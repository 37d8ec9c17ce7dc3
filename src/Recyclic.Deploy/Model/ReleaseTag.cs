using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>A valid image tag that names one version for good: by custom the commit's 7 hex digits.</summary>
/// <remarks>
/// The grammar is the OCI distribution specification's: a word character, then up to 127 of word characters, '.' and
/// '-'.
/// </remarks>
public sealed partial record ReleaseTag : IParsable<ReleaseTag>
{
    private static readonly HashSet<string> MovingNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "latest",
        "stable",
        "current",
        "edge",
        "nightly",
        "main",
        "master",
        "develop",
        "dev",
        "trunk",
        "head",
        "staging",
        "production",
        "prod",
        "test",
        "rc",
        "beta",
        "alpha",
        "lts",
        "next",
        "canary",
    };

    /// <summary>The specification's limit, which registries keep.</summary>
    public const int MostCharacters = 128;

    private ReleaseTag(string value) => Value = value;

    /// <summary>As it was given: upper and lower case are two tags.</summary>
    public string Value { get; }

    /// <summary>Takes a text whole, with no blanks cut off.</summary>
    /// <exception cref="FormatException">It is empty, no image tag, or a name that moves, such as `latest`.</exception>
    public static ReleaseTag Parse(string s, IFormatProvider? provider = null) =>
        WhyInvalid(s) is { } reason ? throw new FormatException(reason) : new ReleaseTag(s);

    /// <summary>False where <see cref="Parse"/> throws; <see cref="WhyInvalid"/> says why.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out ReleaseTag result
    )
    {
        result = WhyInvalid(s) is null ? new ReleaseTag(s!) : null;
        return result is not null;
    }

    /// <summary>Why a text is not a release tag, or null when it is one.</summary>
    public static string? WhyInvalid(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "a tag must not be empty";
        if (MovingNames.Contains(text))
            return $"'{text}' is a moving name: it does not say which version runs. Use one that never moves, such as the commit's 7 hex digits";
        if (Valid().IsMatch(text))
            return null;
        var shown = PrintableText.Of(text, 40);
        return $"'{shown}' is not an image tag: 1 to 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-'";
    }

    /// <summary><see cref="Value"/>.</summary>
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
