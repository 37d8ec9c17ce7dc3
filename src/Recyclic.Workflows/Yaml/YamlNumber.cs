using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Yaml;

/// <summary>Numbers as every reader of YAML takes them.</summary>
internal static partial class YamlNumber
{
    public static bool Is(string text) => Form().IsMatch(text);

    /// <summary>The number as it stands.</summary>
    public static YamlNode Of(string text) => new YamlLiteral(text);

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
