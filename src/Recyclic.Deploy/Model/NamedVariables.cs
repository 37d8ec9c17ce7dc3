using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: which variables of this machine compose files and files of variables name, by their texts. It only proposes:
/// a name too many costs nothing, since what may not be had is asked of compose itself.
/// </summary>
internal static partial class NamedVariables
{
    /// <summary>
    /// `${X}` and `$X`; `X` alone as an entry of a list, a key without a value, or a line; `environment: X` of a secret
    /// or a config.
    /// </summary>
    public static IEnumerable<string> In(string text) =>
        Interpolated()
            .Matches(text)
            .Concat(Alone().Matches(text))
            .Concat(InFlow().Matches(text))
            .Concat(OfFile().Matches(text))
            .Select(match => match.Groups["name"])
            .Where(name => name.Success)
            .Select(name => name.Value)
            .Distinct();

    /// <summary>`environment: X` of a secret or a config, whose content the variable is.</summary>
    public static IEnumerable<string> AsFiles(string text) =>
        OfFile().Matches(text).Select(match => match.Groups["name"].Value).Distinct();

    /// <summary>
    /// What may be the path of another file that compose reads for this one: what stands below `include`, `extends` and
    /// `env_file`.
    /// </summary>
    /// <param name="valueOf">The value of a variable, for paths that have one; null: it is not set.</param>
    public static IEnumerable<string> PathsIn(string text, Func<string, string?> valueOf)
    {
        int? within = null;
        foreach (var line in text.Split('\n'))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            var isEntry = line.AsSpan(indent).StartsWith("- ", StringComparison.Ordinal);
            if (within is { } at && line.Trim().Length > 0 && (indent < at || indent == at && !isEntry))
                within = null;
            var rest = line;
            if (Drawing().Match(line) is { Success: true } drawing)
            {
                within ??= drawing.Groups["key"].Index;
                rest = line[(drawing.Index + drawing.Length)..];
            }
            else if (within is null)
                continue;
            foreach (var word in rest.Split(Between, StringSplitOptions.RemoveEmptyEntries))
                if (word is not ("-" or "{" or "}") && !word.EndsWith(':'))
                    yield return Filled(word, valueOf);
        }
    }

    private static readonly char[] Between = [' ', '\t', '\r', '"', '\'', ',', '[', ']'];

    private static string Filled(string word, Func<string, string?> valueOf) =>
        Expression()
            .Replace(
                word.TrimStart('{').Contains('$', StringComparison.Ordinal) ? word : word.Trim('{', '}'),
                match =>
                    valueOf(match.Groups["name"].Value) is { Length: > 0 } value ? value : match.Groups["default"].Value
            );

    [GeneratedRegex(@"\$\$|\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Interpolated();

    [GeneratedRegex(
        """^[ \t]*(export[ \t]+|-[ \t]+)*["']?(?<name>[A-Za-z_][A-Za-z0-9_]*)["']?[ \t]*(:[ \t]*(null|Null|NULL|~)?)?[ \t]*(#.*)?\r?$""",
        RegexOptions.CultureInvariant | RegexOptions.Multiline
    )]
    private static partial Regex Alone();

    [GeneratedRegex(
        """(?<=[\[{,]\s*)["']?(?<name>[A-Za-z_][A-Za-z0-9_]*)["']?\s*(:\s*(null|Null|NULL|~)?)?\s*(?=[,}\]])""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex InFlow();

    [GeneratedRegex(
        """(?<![\w-])["']?environment["']?[ \t]*:[ \t]*["']?(?<name>[A-Za-z_][A-Za-z0-9_]*)["']?[ \t]*(?=[,}#\r\n]|\z)""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex OfFile();

    [GeneratedRegex("""(?<key>(?<![\w-])["']?(include|extends|env_file)["']?)[ \t]*:""", RegexOptions.CultureInvariant)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)(:?-(?<default>[^}]*))?\}?", RegexOptions.CultureInvariant)]
    private static partial Regex Expression();
}
