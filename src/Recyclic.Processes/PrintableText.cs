using System.Globalization;
using System.Text;

namespace Recyclic.Processes;

/// <summary>
/// Text from outside (a container's log, a tool's answer, an author's name) as people may be shown it. Pure: the rules
/// of every place where such text ends, be it terminal, log, summary, notice or journal. An escape sequence would be
/// obeyed there, a right-to-left mark would show another order than there is, and a line of GitHub's log may be a
/// command to the runner.
/// </summary>
public static class PrintableText
{
    /// <summary>No line that is shown is longer; in characters.</summary>
    public const int Longest = 2000;

    /// <summary>No line that a tool or a target prints is longer; in characters.</summary>
    internal const int LongestPrinted = 16 * 1024;

    /// <summary>No writing system puts more of them on one letter; a heap of them covers the lines above.</summary>
    private const int MostMarks = 4;

    /// <summary>Letters and signs that nobody sees, though they are no format characters.</summary>
    private const string Unseen = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0";

    /// <summary>
    /// One line: what a terminal would obey stands as `\x1b` or `\u202e`, tabs as blanks, and what is too long is cut.
    /// </summary>
    public static string Of(string text, int longest = Longest) => Shown(text, longest, keepsTabs: false);

    /// <summary>Several lines, each as <see cref="Of"/> shows it.</summary>
    public static string Lines(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
            ? string.Join('\n', text.Split('\n').Select(line => Of(line.TrimEnd('\r'))))
            : Of(text);

    /// <summary>
    /// A line of a tool or a target: as <see cref="Of"/>, but with its tabs; of its colours those that hide nothing
    /// stay, where <paramref name="keepsColours"/>, up to the line's end.
    /// </summary>
    internal static string Printed(string line, bool keepsColours)
    {
        if (!line.Contains('\e', StringComparison.Ordinal))
            return Shown(line, LongestPrinted, keepsTabs: true);
        var printed = new StringBuilder();
        var (from, length, isOpen) = (0, 0, false);
        for (var i = line.IndexOf('\e', StringComparison.Ordinal); i >= 0; i = line.IndexOf('\e', i))
        {
            if (ColourEnd(line, i) is not { } end)
            {
                if (++i == line.Length)
                    break;
                continue;
            }
            Text(line[from..i]);
            var colours = line[(i + 2)..(end - 1)].Split(';').Where(Colour.IsHarmless).ToArray();
            if (keepsColours && colours.Length > 0)
            {
                printed.Append("\e[").AppendJoin(';', colours).Append('m');
                isOpen = colours[^1] is not ("0" or "");
            }
            from = i = end;
            if (i == line.Length)
                break;
        }
        Text(line[from..]);
        return printed.Append(isOpen ? "\e[0m" : "").ToString();

        void Text(string text)
        {
            if (length < LongestPrinted)
                printed.Append(Shown(text, LongestPrinted - length, keepsTabs: true));
            length += text.Length;
        }
    }

    /// <summary>
    /// A line as GitHub's runner takes it for no command: that is one wherever it has `##[`, and where it begins with
    /// `::`, behind any blanks. A backslash says that something stood there.
    /// </summary>
    internal static string WithoutCommands(string line)
    {
        if (line.Contains("##[", StringComparison.Ordinal))
            line = line.Replace("##[", "##\\[", StringComparison.Ordinal);
        var words = line.AsSpan().TrimStart();
        return words.StartsWith("::", StringComparison.Ordinal) ? line.Insert(line.Length - words.Length, "\\") : line;
    }

    /// <summary>Where a sequence that sets colours and nothing else ends; null: this is none.</summary>
    private static int? ColourEnd(string line, int start)
    {
        if (start + 1 >= line.Length || line[start + 1] != '[')
            return null;
        var end = start + 2;
        while (end < line.Length && (char.IsAsciiDigit(line[end]) || line[end] == ';'))
            end++;
        return end < line.Length && line[end] == 'm' ? end + 1 : null;
    }

    private static string Shown(string text, int longest, bool keepsTabs)
    {
        var shown = text.AsSpan();
        if (text.Length > longest)
            shown = shown[..(char.IsHighSurrogate(text[Math.Max(longest - 1, 0)]) ? longest - 1 : longest)];
        if (shown.IndexOfAnyExceptInRange(' ', '~') >= 0)
            shown = Spelt(shown, keepsTabs);
        return text.Length > longest
            ? string.Create(CultureInfo.InvariantCulture, $"{shown}… ({text.Length} characters)")
            : shown.ToString();
    }

    private static string Spelt(ReadOnlySpan<char> text, bool keepsTabs)
    {
        var safe = new StringBuilder(text.Length + 16);
        var marks = 0;
        for (var i = 0; i < text.Length; )
        {
            var isWhole = Rune.DecodeFromUtf16(text[i..], out var rune, out var count) == default;
            var category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (text[i] == '\t')
                safe.Append(keepsTabs ? '\t' : ' ');
            else if (
                isWhole
                && marks <= MostMarks
                && (IsHarmless(rune, category) || Joins(rune.Value, text[..i], text[(i + count)..]))
            )
                safe.Append(text.Slice(i, count));
            else if (!isWhole)
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else if (rune.Value < 0x100)
                safe.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else if (rune.IsBmp)
                safe.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            i += count;
        }
        return safe.ToString();
    }

    private static bool IsHarmless(Rune rune, UnicodeCategory category) =>
        category switch
        {
            UnicodeCategory.Control
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate
            or UnicodeCategory.Format => false,
            _ => !IsVariation(rune.Value) && !(rune.IsBmp && Unseen.Contains((char)rune.Value)),
        };

    /// <summary>
    /// What joins letters of several scripts, and parts of pictures, or chooses a picture's look: between such it is
    /// meant, between others it hides.
    /// </summary>
    private static bool Joins(int character, ReadOnlySpan<char> before, ReadOnlySpan<char> after) =>
        character switch
        {
            0x200c or 0x200d => before.Length > 0 && before[^1] > '~' && after.Length > 0 && after[0] > '~',
            0xfe0e or 0xfe0f => before.Length > 0 && (before[^1] > '~' || char.IsAsciiDigit(before[^1])),
            _ => false,
        };

    private static bool IsVariation(int character) =>
        character is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef);

    private static class Colour
    {
        /// <summary>
        /// Whether it leaves letters to be seen, on a dark and on a light ground: no black, no white, no ground of its
        /// own, nothing concealed.
        /// </summary>
        public static bool IsHarmless(string code) =>
            code is "" or "0" or "1" or "2" or "3" or "4" or "22" or "23" or "24" or "39"
            || code is ['3' or '9', >= '1' and <= '6'];
    }
}
