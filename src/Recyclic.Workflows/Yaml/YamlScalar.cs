using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Recyclic.Workflows.Yaml;

/// <summary>The style of a text, so that every reader of YAML, 1.1 or 1.2, gets the same text back.</summary>
internal static class YamlScalar
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "y",
        "n",
    };

    /// <summary><c>on</c> is what every workflow has as a key, and readers of workflows expect it plain.</summary>
    public static Scalar Key(string key) => key == "on" ? Literal(key) : Text(key, isOnOneLine: true);

    /// <summary>A number, a flag or a word of the format: never quoted.</summary>
    public static Scalar Literal(string text) => Of(text, ScalarStyle.Plain);

    /// <summary>
    /// Plain where that is beyond doubt, a block where it has lines that a block gives back exactly, otherwise in
    /// quotes.
    /// </summary>
    public static Scalar Text(string text, bool isOnOneLine) =>
        Of(
            text,
            !isOnOneLine && IsBlock(text) ? ScalarStyle.Literal
                : IsPlain(text) ? ScalarStyle.Plain
                : IsPrintable(text) ? ScalarStyle.SingleQuoted
                : ScalarStyle.DoubleQuoted
        );

    private static Scalar Of(string text, ScalarStyle style) =>
        new(null, null, text, style, isPlainImplicit: true, isQuotedImplicit: true);

    private static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text.Split('\n') is [{ Length: > 0 } first, .., { Length: > 0 }] lines
        && !char.IsWhiteSpace(first[0])
        && lines.All(line => IsPrintable(line) && (line.Length == 0 || !char.IsWhiteSpace(line[^1])));

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (
            char.IsAsciiLetter(text[0])
            || text[0] == '_'
            || text.StartsWith("./", StringComparison.Ordinal)
            || text.StartsWith("${{ ", StringComparison.Ordinal)
        )
        && text.All(c => c is >= ' ' and <= '~')
        && text[^1] is not (' ' or ':')
        && !text.Contains(": ", StringComparison.Ordinal)
        && !text.Contains(" #", StringComparison.Ordinal)
        && !Words.Contains(text);

    private static bool IsPrintable(string text) =>
        text.All(c =>
            !char.IsControl(c)
            && !char.IsSurrogate(c)
            && c is not ('\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF')
        );
}
