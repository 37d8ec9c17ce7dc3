using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Output;

/// <summary><c>--help</c>, readable at 80 columns.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int Indent = 30;

    /// <param name="targets">All targets; unlisted ones are left out.</param>
    /// <param name="parameters">All parameters, host options included.</param>
    /// <param name="defaultOf">The text of a parameter's default, or null when there is none to show.</param>
    public static IEnumerable<string> Lines(ImmutableArray<ExecutableTarget> targets, ImmutableArray<ParameterModel> parameters, Func<ParameterModel, string?> defaultOf)
    {
        yield return "Usage: ./build.sh [target ...] [--option value ...]";
        yield return "";
        yield return "Targets (with their direct dependencies):";
        var listed = targets.Where(t => t.IsListed).ToArray();
        var width = listed.Select(t => Title(t).Length).DefaultIfEmpty(0).Max();
        foreach (var target in listed)
            foreach (var line in TargetLines(target, width))
                yield return line;
        foreach (var group in parameters.GroupBy(Heading))
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
        var rows = Wrapped(dependencies, Width - width - 6).DefaultIfEmpty("").ToArray();
        yield return $"  {Title(target).PadRight(width)}  {rows[0]}".TrimEnd();
        foreach (var row in rows.Skip(1)) yield return new string(' ', width + 7) + row;
        foreach (var row in Wrapped(target.Description ?? "", Width - 6)) yield return "      " + row;
    }

    private static string Title(ExecutableTarget target) => target.Name + (target.IsDefault ? " (default)" : "");

    private static string Heading(ParameterModel parameter) => parameter.Member switch
    {
        null => "Host options:",
        { DeclaringType.IsInterface: true } member => $"Parameters of {member.DeclaringType!.Name}:",
        _ => "Parameters:",
    };

    private static IEnumerable<string> ParameterLines(ParameterModel parameter, string? defaultText)
    {
        var placeholder = ValueConverter.Placeholder(parameter.Scalar) is not { } name ? ""
            : parameter.ValueWhenAlone is not null ? $" [{name}]"
            : $" <{name}>{(parameter.IsList ? "..." : "")}";
        var left = $"  {parameter.Option}{placeholder}";
        var rows = Wrapped(Explanation(parameter, defaultText), Width - Indent).ToList();
        var fits = left.Length < Indent - 1;
        if (!fits) yield return left;
        for (var i = 0; i < rows.Count; i++)
            yield return (i == 0 && fits ? left.PadRight(Indent) : new string(' ', Indent)) + rows[i];
        if (rows.Count == 0 && fits) yield return left;
    }

    private static string Explanation(ParameterModel parameter, string? defaultText)
    {
        var values = ValueConverter.EnumNames(parameter.Scalar);
        string?[] parts =
        [
            parameter.Description?.TrimEnd('.'),
            values.Length > 0 ? "one of " + string.Join(", ", values) : null,
            defaultText is not null ? "default: " + defaultText : null,
            parameter.IsSecret ? $"or {parameter.Option}-file <path>, or - for standard input" : null,
            parameter.EnvironmentNames.Length > 0 ? "env: " + parameter.EnvironmentNames[^1] : null,
        ];
        return string.Join("; ", parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        if (line.Length > 0) yield return line;
    }
}
