using System.Text;
using System.Text.Encodings.Web;

namespace Recyclic.Processes;

/// <summary>The ways in which a secret may be spelled. Pure.</summary>
internal static class SecretForms
{
    private const int ShortestLine = 6;
    private const int ShortestInside = 8;

    /// <summary>
    /// The value itself, its lines, and each encoded for an address, for JSON, for a shell, in base64 and in
    /// hexadecimal.
    /// </summary>
    public static IEnumerable<string> Of(string secret) =>
        Lines(secret).SelectMany(Spellings).Where(form => !string.IsNullOrWhiteSpace(form)).Distinct();

    /// <summary>What a wrapped line may cut in two: the forms that are printed as one word.</summary>
    public static IEnumerable<string> Cuttable(string secret)
    {
        var joined = secret.Trim().ReplaceLineEndings("");
        return new[] { joined, Uri.EscapeDataString(joined), Base64(secret.Trim()) }
            .Where(form => form.Length >= ShortestLine)
            .Distinct();
    }

    private static IEnumerable<string> Lines(string secret) =>
        secret
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length >= ShortestLine)
            .Prepend(secret.Trim())
            .Prepend(secret);

    private static IEnumerable<string> Spellings(string text)
    {
        yield return text;
        foreach (
            var encoded in new[]
            {
                Uri.EscapeDataString(text),
                text.Replace(" ", "+", StringComparison.Ordinal),
                Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal),
            }
        )
        {
            yield return encoded;
            yield return LowerHex(encoded);
        }
        yield return JavaScriptEncoder.Default.Encode(text);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        yield return text.Replace("'", "'\\''", StringComparison.Ordinal);
        yield return System.Net.WebUtility.HtmlEncode(text);
        yield return PrintableText.Of(text, int.MaxValue);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length * 2 >= ShortestInside)
        {
            yield return Convert.ToHexString(bytes);
            yield return Convert.ToHexStringLower(bytes);
        }
        foreach (var form in Base64Forms(bytes))
            yield return form;
    }

    private static IEnumerable<string> Base64Forms(byte[] bytes)
    {
        var whole = Convert.ToBase64String(bytes);
        if (whole.Length >= ShortestInside)
            yield return whole;
        // In the middle of a longer text the same bytes look different at each of three offsets: `user:password` of a
        // login.
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var first = (offset * 8 + 5) / 6;
            var end = (offset + bytes.Length) * 8 / 6;
            if (end - first < ShortestInside)
                continue;
            yield return encoded[first..end];
            yield return encoded[first..end].Replace('+', '-').Replace('/', '_');
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary><c>%2F</c> as <c>%2f</c>; the rest as it is.</summary>
    private static string LowerHex(string encoded)
    {
        var text = encoded.ToCharArray();
        for (var i = 0; i + 2 < text.Length; i++)
            if (text[i] == '%')
                (text[i + 1], text[i + 2]) = (char.ToLowerInvariant(text[i + 1]), char.ToLowerInvariant(text[i + 2]));
        return new string(text);
    }
}
