using System.Buffers;
using System.Text;
using Recyclic.Processes;

namespace Recyclic.Build.Output;

/// <summary>
/// A text of others within a line of Markdown, as letters and nothing else: no picture that calls home, no link that
/// says it is another, no cell of a table more than there is. Pure.
/// </summary>
internal static class MarkdownText
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\`*[]<|~");

    public static string Of(string text)
    {
        var line = PrintableText.Of(text.ReplaceLineEndings(" "));
        if (line.AsSpan().IndexOfAny(Marks) < 0)
            return line;
        var escaped = new StringBuilder(line.Length + 8);
        foreach (var c in line)
            if (c == '<')
                escaped.Append("&lt;");
            else if (Marks.Contains(c))
                escaped.Append('\\').Append(c);
            else
                escaped.Append(c);
        return escaped.ToString();
    }
}
