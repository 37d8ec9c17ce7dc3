using Recyclic.Build.Parameters;

namespace Recyclic.Build.Output;

/// <summary>Lines of help that fit 80 columns.</summary>
internal static class HelpLayout
{
    public const int Width = 80;
    private const int Indent = 30;

    public static IEnumerable<string> ParameterLines(ParameterModel parameter, string? defaultText)
    {
        var placeholder =
            ValueConverter.Placeholder(parameter.Scalar) is not { } name ? ""
            : parameter.ValueWhenAlone is not null ? $" [{name}]"
            : $" <{name}>{(parameter.IsList ? "..." : "")}";
        var left = $"  {parameter.Option}{placeholder}";
        return Beside(
            left.PadRight(Indent),
            Wrapped(Explanation(parameter, defaultText), Width - Indent),
            Indent,
            fits: left.Length < Indent - 1
        );
    }

    /// <summary>
    /// A text on the left, another one on the right, which begins a line further down when the left one is too long.
    /// </summary>
    public static IEnumerable<string> Beside(string left, IEnumerable<string> right, int indent, bool fits)
    {
        var isFirst = true;
        foreach (var row in right)
        {
            if (isFirst && !fits)
                yield return left.TrimEnd();
            yield return (isFirst && fits ? left : new string(' ', indent)) + row;
            isFirst = false;
        }
        if (isFirst)
            yield return left.TrimEnd();
    }

    private static string Explanation(ParameterModel parameter, string? defaultText)
    {
        var values = ValueConverter.EnumNames(parameter.Scalar);
        string?[] parts =
        [
            parameter.Description?.TrimEnd('.'),
            values.Length > 0 ? "one of " + string.Join(", ", values) : null,
            defaultText is not null
            && parameter.Description?.Contains("default:", StringComparison.OrdinalIgnoreCase) != true
                ? "default: " + defaultText
                : null,
            parameter.IsSecret ? $"secret: better by {parameter.Option}-file <path>, or - for standard input" : null,
            parameter.EnvironmentNames.Length > 0 ? "env: " + parameter.EnvironmentNames[^1] : null,
        ];
        return string.Join("; ", parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    /// <summary>Breaks at spaces, and a word that is too long for any line within it.</summary>
    public static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (
            var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(word => word.Chunk(width))
                .Select(part => new string(part))
        )
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        if (line.Length > 0)
            yield return line;
    }
}
