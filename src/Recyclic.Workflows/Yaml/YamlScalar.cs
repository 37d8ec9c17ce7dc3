using System.Globalization;
using System.Text;

namespace Recyclic.Workflows.Yaml;

/// <summary>How a text is written so that every reader of YAML, 1.1 or 1.2, gets the same text back.</summary>
internal static class YamlScalar
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "on", "off", "null", "y", "n" };

    /// <summary>On one line: plain where that is beyond doubt, otherwise in quotes.</summary>
    public static string Inline(string text) => IsPlain(text) ? text : IsPrintable(text) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : DoubleQuoted(text);

    /// <summary><c>on</c> is what every workflow has as a key, and readers of workflows expect it plain.</summary>
    public static string Key(string key) => key == "on" ? key : Inline(key);

    /// <summary>Whether the text has lines that a literal block gives back exactly.</summary>
    public static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal) && text.Split('\n') is [{ Length: > 0 } first, .., { Length: > 0 }] lines
        && !char.IsWhiteSpace(first[0]) && lines.All(line => IsPrintable(line) && (line.Length == 0 || !char.IsWhiteSpace(line[^1])));

    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_' || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("${{ ", StringComparison.Ordinal))
        && text.All(c => c is >= ' ' and <= '~') && text[^1] is not (' ' or ':')
        && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !Words.Contains(text);

    private static bool IsPrintable(string text) => text.All(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF'));

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                >= ' ' and <= '~' => c.ToString(),
                _ when char.IsSurrogate(c) => c.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
            });
        return quoted.Append('"').ToString();
    }
}
