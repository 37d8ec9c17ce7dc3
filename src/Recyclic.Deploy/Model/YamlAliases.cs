using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: whether the aliases of a YAML text would make something of it that no memory holds, each of them ten of the
/// one before. Compose reads such a file until it is killed. It is told by the text alone, roughly: what an anchor
/// holds is its line and those further in. </summary>
internal static partial class YamlAliases
{
    /// <summary>Far more than people write, and still read in no time.</summary>
    private const double Most = 1_000_000;

    /// <summary>Null: it does not.</summary>
    public static string? WhySwells(string text)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        var open = new List<(string Anchor, int Indent)>();
        var total = 0.0;
        foreach (var line in text.Split('\n'))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            if (line.AsSpan().Trim() is { Length: 0 } || line.AsSpan(indent).StartsWith("#"))
                continue;
            open.RemoveAll(anchor => indent <= anchor.Indent);
            foreach (Match token in Token().Matches(line))
            {
                var name = token.Groups["name"].Value;
                if (token.Value[0] == '&')
                {
                    weights[name] = 1;
                    open.Add((name, indent));
                    continue;
                }
                var weight = weights.GetValueOrDefault(name);
                total += weight;
                foreach (var (anchor, _) in open)
                    weights[anchor] += weight;
                if (total > Most)
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"its aliases would make more than {Most:0} entries of it, at *{PrintableText.Of(name, 60)}"
                    );
            }
        }
        return null;
    }

    /// <summary>An anchor or an alias, where YAML takes it for one: at the beginning of a value.</summary>
    [GeneratedRegex(@"(?<=(^|[\s,\[{:-]))[&*](?<name>[^\s,\[\]{}]{1,200})", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
