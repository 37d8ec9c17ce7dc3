using System.Text.RegularExpressions;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>What variables with values must be. Pure.</summary>
internal static partial class EnvRules
{
    public static IEnumerable<string> Mistakes(Env env, string where)
    {
        foreach (var (name, value) in env.Values)
        {
            if (!Names.IsVariable(name))
                yield return $"{where}: '{name}' in Env cannot be the name of a variable: letters, digits and _";
            else if (
                name != "GITHUB_TOKEN"
                && (
                    name.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase)
                    || name.StartsWith("RUNNER_", StringComparison.OrdinalIgnoreCase)
                )
            )
                yield return $"{where}: {name} in Env is GitHub's own, and cannot be set: give it another name";
            if (ConditionRules.OfText(value) is { } why)
                yield return $"{where}: {name} in Env {why}";
        }
    }

    /// <summary>What the variables of a place must be besides.</summary>
    public static IEnumerable<string> OfPlace(Place place, Workflow workflow, string where, BuildGraph graph)
    {
        foreach (var mistake in Mistakes(place.Env, where))
            yield return mistake;
        foreach (var both in place.Env.Values.Keys.Intersect(place.Variables.Concat(place.Secrets)))
            yield return $"{where}: {both} is in Env, and in Variables or Secrets too: say it once";
        var given = workflow
            .On.SelectMany(trigger => trigger.Inputs)
            .Select(input => input.Parameter)
            .Concat(place.Matrix.Select(axis => axis.Parameter).OfType<string>())
            .Concat(place.Include.SelectMany(combination => combination.Values.Keys));
        foreach (
            var parameter in given.Select(name => Parameters.Find(graph, name)).OfType<BuildParameter>().Distinct()
        )
        foreach (
            var name in new[] { parameter.Variable, "RECYCLIC_" + parameter.Variable }.Where(
                place.Env.Values.ContainsKey
            )
        )
            yield return $"{where}: {name} in Env would replace what an input or the matrix gives for {parameter.MemberName}: leave one of them out";
        foreach (
            var output in place.Env.Values.Keys.Where(name =>
                name.StartsWith("RECYCLIC_OUTPUT_", StringComparison.Ordinal)
            )
        )
            yield return $"{where}: {output} in Env is how an output is handed over: let a target set it with Outputs";
    }

    public static bool HasSecret(string value) => Secret().IsMatch(value);

    public static bool HasToken(string value) => Token().IsMatch(value);

    /// <summary>The name of the secret that a value is, and nothing else; null: it is something else.</summary>
    public static string? SecretOf(string value) =>
        Only().Match(value) is { Success: true } match && match.Groups[1].Value == "secrets"
            ? match.Groups[2].Value
            : null;

    /// <summary>
    /// The name of the secret or the variable that a value is, and nothing else; null: it is something else.
    /// </summary>
    public static string? NameOf(string value) =>
        Only().Match(value) is { Success: true } match ? match.Groups[2].Value : null;

    [GeneratedRegex(@"\$\{\{[^}]*\bsecrets\b", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\{\{[^}]*(\bsecrets\.GITHUB_TOKEN\b|\bgithub\.token\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Token();

    [GeneratedRegex(@"\A\$\{\{ *(secrets|vars)\.([A-Za-z_][A-Za-z0-9_]*) *\}\}\z")]
    private static partial Regex Only();
}
