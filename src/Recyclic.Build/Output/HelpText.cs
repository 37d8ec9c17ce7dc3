using System.Collections.Immutable;
using Recyclic.Build.Parameters;
using static Recyclic.Build.Output.HelpLayout;

namespace Recyclic.Build.Output;

/// <summary><c>--help</c>, readable at 80 columns.</summary>
internal static class HelpText
{
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
        yield return "       ./build.sh <target> --help";
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
}
