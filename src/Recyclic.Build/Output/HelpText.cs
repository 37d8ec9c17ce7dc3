using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Output;

/// <summary><c>--help</c>, readable at 80 columns.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int Indent = 30;
    private const int WidestTitle = 26;

    /// <param name="targets">All targets; unlisted ones are left out.</param>
    /// <param name="parameters">All parameters, host options included.</param>
    /// <param name="defaultOf">The text of a parameter's default, or null when there is none to show.</param>
    public static IEnumerable<string> Lines(
        ImmutableArray<ExecutableTarget> targets,
        ImmutableArray<ParameterModel> parameters,
        Func<ParameterModel, string?> defaultOf
    )
    {
        yield return "Usage: ./build.sh [target ...] [--option value ...]";
        yield return "       ./build.sh :completion bash|zsh|fish|powershell";
        yield return "";
        yield return "Targets (with their direct dependencies):";
        var listed = targets.Where(t => t.IsListed).ToArray();
        var width = Math.Min(listed.Select(t => Title(t).Length).DefaultIfEmpty(0).Max(), WidestTitle);
        foreach (var target in listed)
        foreach (var line in TargetLines(target, width))
            yield return line;
        foreach (var group in parameters.GroupBy(Heading).OrderBy(group => Rank(group.First())))
        {
            yield return "";
            yield return group.Key;
            foreach (var parameter in group)
            foreach (var line in ParameterLines(parameter, defaultOf(parameter)))
                yield return line;
        }
    }

    private static IEnumerable<string> TargetLines(ExecutableTarget target, int width)
    {
        var dependencies = target.DependsOn.Count > 0 ? "-> " + string.Join(", ", target.DependsOn) : "";
        var title = Title(target);
        foreach (
            var row in Beside(
                "  " + title.PadRight(width) + "  ",
                Wrapped(dependencies, Width - width - 7),
                width + 7,
                fits: title.Length <= width
            )
        )
            yield return row;
        foreach (var row in Wrapped(target.Description ?? "", Width - 6))
            yield return "      " + row;
    }

    private static string Title(ExecutableTarget target) => target.Name + (target.IsDefault ? " (default)" : "");

    private static string Heading(ParameterModel parameter) =>
        parameter.Member switch
        {
            null => "Host options:",
            { DeclaringType.IsInterface: true } member => $"Parameters of {member.DeclaringType!.Name}:",
            _ => "Parameters:",
        };

    private static int Rank(ParameterModel parameter) =>
        parameter.Member switch
        {
            null => 2,
            { DeclaringType.IsInterface: true } => 1,
            _ => 0,
        };

    private static IEnumerable<string> ParameterLines(ParameterModel parameter, string? defaultText)
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
    private static IEnumerable<string> Beside(string left, IEnumerable<string> right, int indent, bool fits)
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
    private static IEnumerable<string> Wrapped(string text, int width)
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
