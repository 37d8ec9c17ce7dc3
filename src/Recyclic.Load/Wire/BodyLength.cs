using System.Globalization;

namespace Recyclic.Load;

/// <summary>How long a body is: so many bytes, in chunks, or (neither) until the other side closes.</summary>
internal readonly record struct BodyLength(int? Fixed, bool Chunked)
{
    public static BodyLength Of(int status, string head)
    {
        if (status is 204 or 304 or (>= 100 and <= 199))
            return new BodyLength(0, false);
        if (HeaderLines.Find(head, "Transfer-Encoding") is { } encoding)
            return encoding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)
                ? new BodyLength(null, true)
                : new BodyLength(null, false);
        if (HeaderLines.Find(head, "Content-Length") is not { } text)
            return new BodyLength(null, false);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new BodyLength(length, false)
            : throw new MalformedResponseException($"Content-Length is \"{text}\"");
    }
}
