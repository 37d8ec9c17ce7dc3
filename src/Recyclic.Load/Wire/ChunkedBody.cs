using System.Globalization;
using System.Text;

namespace Recyclic.Load;

/// <summary>
/// Chunked transfer coding. Decodes from the start each time bytes arrive: bodies under test are small.
/// </summary>
internal static class ChunkedBody
{
    /// <summary>The body, or null while the last chunk is missing.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<byte> bytes)
    {
        var body = new MemoryStream();
        while (true)
        {
            var lineEnd = bytes.IndexOf("\r\n"u8);
            if (lineEnd < 0)
                return null;
            var size = Size(bytes[..lineEnd]);
            bytes = bytes[(lineEnd + 2)..];
            if (size == 0)
                return TrailersEnd(bytes) ? body.ToArray() : null;
            if (bytes.Length < size + 2)
                return null;
            if (!bytes.Slice(size, 2).SequenceEqual("\r\n"u8))
                throw new MalformedResponseException("a chunk is longer than it says");
            body.Write(bytes[..size]);
            bytes = bytes[(size + 2)..];
        }
    }

    private static int Size(ReadOnlySpan<byte> line)
    {
        var text = Encoding.Latin1.GetString(line).Split(';')[0].Trim();
        return
            int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            && size is >= 0 and <= 0x7fffff
            ? size
            : throw new MalformedResponseException($"chunk size \"{text}\"");
    }

    private static bool TrailersEnd(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("\r\n"u8) || bytes.IndexOf("\r\n\r\n"u8) >= 0;
}
