using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Recyclic.Compose.Tests.Http;

/// <summary>
/// What counts of a request or an answer: its first line, its header lines in any order with their names in lower case,
/// and its body whole, however it was cut into chunks.
/// </summary>
internal sealed record Message(string FirstLine, ImmutableArray<string> Headers, string Body)
{
    /// <summary>Without those that hold for one connection.</summary>
    public static Message? Read(string text)
    {
        var isLf = !text.Contains("\r\n\r\n", StringComparison.Ordinal);
        var end = text.IndexOf(isLf ? "\n\n" : "\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        var lines = text[..end].Split(isLf ? "\n" : "\r\n");
        var headers = lines.Skip(1).Select(Header).ToImmutableArray();
        var rest = text[(end + (isLf ? 2 : 4))..];
        return new(
            lines[0],
            [.. headers.Order(StringComparer.Ordinal)],
            headers.Contains("transfer-encoding: chunked") ? WithoutChunks(rest) : rest
        );
    }

    private static string Header(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? line.Trim()
            : $"{line[..colon].ToLowerInvariant()}: {line[(colon + 1)..].Trim(' ', '\t')}".TrimEnd();
    }

    /// <summary>The bytes of all chunks that are there; then the trailers, if it is complete.</summary>
    private static string WithoutChunks(string text)
    {
        var body = new StringBuilder();
        var at = 0;
        while (true)
        {
            var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (
                end < 0
                || !int.TryParse(
                    text[at..end].Split(';')[0],
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture,
                    out var size
                )
            )
                return body.ToString();
            if (size == 0)
                return body.Append("|end|").Append(text[(end + 2)..].ToLowerInvariant()).ToString();
            body.Append(text.AsSpan(end + 2, Math.Min(size, text.Length - end - 2)));
            at = Math.Min(end + 2 + size + 2, text.Length);
        }
    }
}
