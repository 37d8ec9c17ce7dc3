using System.Globalization;
using System.Text;
using Recyclic.Processes;

namespace Recyclic.Build.Output;

/// <summary>
/// A JSON document as a terminal and GitHub's runner may read it too: what they would obey stands only within its
/// strings, where it can be spelt by its number. Pure.
/// </summary>
internal static class JsonText
{
    public static string Harmless(string json)
    {
        json = json.Replace("##[", "##\\u005b", StringComparison.Ordinal);
        if (json.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
            return json;
        var safe = new StringBuilder(json.Length + 16);
        foreach (var rune in json.EnumerateRunes())
        {
            var text = rune.ToString();
            if (text is "\n" or "\t" or "\r" || PrintableText.Of(text) == text)
                safe.Append(text);
            else
                foreach (var unit in text)
                    safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
        return safe.ToString();
    }
}
