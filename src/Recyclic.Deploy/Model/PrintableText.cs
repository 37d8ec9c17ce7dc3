using System.Globalization;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Text from outside (a container's log, an answer, a name) as it may be shown on a terminal: an escape sequence would
/// be obeyed there, a right-to-left mark would show another order than there is.
/// </summary>
public static class PrintableText
{
    /// <summary>No line that is shown is longer; in characters.</summary>
    public const int Longest = 2000;

    /// <summary>
    /// One line: what a terminal would obey stands as `\x1b` or `\u202e`, tabs as blanks, and what is too long is cut.
    /// </summary>
    public static string Of(string text, int longest = Longest)
    {
        var shown = text.Length > longest ? text.AsSpan(0, longest) : text;
        StringBuilder? safe = null;
        for (var i = 0; i < shown.Length; i++)
        {
            var c = shown[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < shown.Length && char.IsLowSurrogate(shown[i + 1]);
            if (!isPair && IsHarmless(c))
            {
                safe?.Append(c);
                continue;
            }
            safe ??= new StringBuilder(shown.Length + 16).Append(shown[..i]);
            if (isPair)
                safe.Append(c).Append(shown[++i]);
            else if (c == '\t')
                safe.Append(' ');
            else
                safe.Append(
                    c < 0x100
                        ? FormattableString.Invariant($"\\x{(int)c:x2}")
                        : FormattableString.Invariant($"\\u{(int)c:x4}")
                );
        }
        var line = safe?.ToString() ?? shown.ToString();
        return text.Length > longest ? FormattableString.Invariant($"{line}… ({text.Length} characters)") : line;
    }

    /// <summary>Several lines, each as <see cref="Of"/> shows it.</summary>
    public static string Lines(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
            ? string.Join('\n', text.Split('\n').Select(line => Of(line.TrimEnd('\r'))))
            : Of(text);

    private static bool IsHarmless(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.Control
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate => false,
            // Joins letters of several scripts, and parts of pictures; everything else of its kind changes the order or
            // is unseen.
            UnicodeCategory.Format => c is '\u200d' or '\u200c',
            _ => true,
        };
}
