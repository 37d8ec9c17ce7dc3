using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Build.Parameters;
using static Recyclic.Build.Output.HelpLayout;

namespace Recyclic.Build.Output;

/// <summary>
/// <c>./build.sh AtomicDeploy --help</c>: what these targets do, what runs with them, and the options that they read.
/// </summary>
internal static partial class TargetHelpText
{
    /// <summary>Options of the host that people need most beside a target's own.</summary>
    private static readonly string[] Common = ["dry-run", "plan", "skip", "json", "verbosity"];

    /// <param name="asked">The targets that were named.</param>
    /// <param name="order">They and all that they bring along, in the order in which they run.</param>
    /// <param name="parameters">All parameters that help shows, host options included.</param>
    /// <param name="ownersOf">The build class or components that a target's options are declared in.</param>
    /// <param name="defaultOf">The text of a parameter's default, or null when there is none to show.</param>
    public static IEnumerable<string> Lines(
        ImmutableArray<ExecutableTarget> asked,
        ImmutableArray<ExecutableTarget> order,
        ImmutableArray<ParameterModel> parameters,
        Func<ExecutableTarget, IEnumerable<Type>> ownersOf,
        Func<ParameterModel, string?> defaultOf
    )
    {
        yield return $"Usage: ./build.sh {string.Join(' ', asked)} [--option value ...]";
        foreach (var target in asked)
        {
            yield return "";
            yield return target.Name;
            foreach (var row in Wrapped(target.Description ?? "", Width - 2))
                yield return "  " + row;
        }
        var others = order.Except(asked).ToArray();
        foreach (var line in Section("Runs too, in this order, unless --skip leaves it out:", others.SelectMany(Named)))
            yield return line;
        var own = Options(asked);
        foreach (var line in Section("Options:", own.SelectMany(Shown)))
            yield return line;
        var further = Options(others).ExceptBy(own.Select(p => p.Name), p => p.Name);
        foreach (var line in Section("Options of what runs too:", further.SelectMany(Shown)))
            yield return line;
        var common = parameters.Where(p => p.Member is null && p.FileOf is null && Common.Contains(p.Name));
        foreach (
            var line in Section("Options that every target has (./build.sh --help has all):", common.SelectMany(Shown))
        )
            yield return line;

        IEnumerable<string> Shown(ParameterModel parameter) => ParameterLines(parameter, defaultOf(parameter));

        ParameterModel[] Options(IEnumerable<ExecutableTarget> targets)
        {
            // A component's own come before those of what it builds on.
            var owners = targets.SelectMany(ownersOf).Distinct().ToList();
            return
            [
                .. parameters
                    .Select(p => (Parameter: p, Owner: OwnerIn(owners, p)))
                    .Where(each => each.Owner >= 0)
                    .OrderBy(each => each.Owner)
                    .Select(each => Narrowed(each.Parameter, asked))
                    .OfType<ParameterModel>(),
            ];
        }
    }

    private static int OwnerIn(List<Type> owners, ParameterModel parameter) =>
        (parameter.FileOf ?? parameter).Member?.DeclaringType is { } type ? owners.IndexOf(type) : -1;

    /// <summary>
    /// The parameter with only those sentences of its description that are about the targets; null: it is for others.
    /// Such a sentence begins with <c>With</c>, a target's name and a colon.
    /// </summary>
    private static ParameterModel? Narrowed(ParameterModel parameter, ImmutableArray<ExecutableTarget> asked)
    {
        if (parameter.Description is not { } text || !OfOneTarget().IsMatch(text))
            return parameter;
        var sentences = OfOneTarget()
            .Matches(text)
            .Where(match => asked.Any(target => target.Name == match.Groups["target"].Value))
            .Select(match => Capital(match.Groups["text"].Value))
            .ToArray();
        return sentences.Length == 0 ? null : parameter with { Description = string.Join(". ", sentences) };
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"(?:^|\. )With (?<target>\w+)[^:]*: (?<text>.+?)(?=\. With \w+[^:.]*: |$)")]
    private static partial Regex OfOneTarget();

    private static IEnumerable<string> Named(ExecutableTarget target) =>
        Beside(
            "  " + target.Name.PadRight(20) + "  ",
            Wrapped(target.Description ?? "", Width - 24),
            24,
            fits: target.Name.Length <= 20
        );

    private static IEnumerable<string> Section(string heading, IEnumerable<string> lines)
    {
        var rows = lines.ToArray();
        return rows.Length == 0 ? [] : ["", heading, .. rows];
    }
}
