using System.Collections.Immutable;
using Recyclic.Build.Definition;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>The variables of a job. Pure.</summary>
internal static class GitLabVariables
{
    private const string Depth = "GIT_DEPTH";
    private const string Packages = "NUGET_PACKAGES";

    /// <summary>What the generator says itself.</summary>
    public static ImmutableArray<string> Own { get; } = [Depth, Packages, OutputText.FileVariable, "GIT_STRATEGY"];

    public static YamlMap Of(
        ImmutableArray<Cache> caches,
        ImmutableArray<Step> setup,
        bool isHandingOn,
        params IEnumerable<Env> environments
    )
    {
        var map = new YamlMap();
        if (
            setup
                .FirstOrDefault(step => step.Uses.StartsWith("actions/checkout@", StringComparison.Ordinal))
                ?.With.GetValueOrDefault("fetch-depth") is
            { } depth
        )
            map = map.With(Depth, depth);
        if (caches.Contains(Cache.NuGet))
            map = map.With(Packages, $"$CI_PROJECT_DIR/{GitLabYaml.PackagesDirectory}");
        if (isHandingOn)
            map = map.With(OutputText.FileVariable, GitLabYaml.OutputsFile);
        var all = environments.Aggregate(Env.None.Values, (values, env) => values.SetItems(env.Values));
        // A variable of the project is there already under its own name.
        return map.With(
            new YamlMap([
                .. all.Where(variable => EnvRules.NameOf(variable.Value) != variable.Key)
                    .Select(variable => (variable.Key, (YamlNode)Value(variable.Value))),
            ])
        );
    }

    public static IEnumerable<string> Mistakes(Env env)
    {
        foreach (var (name, value) in env.Values)
            if (Own.Contains(name))
                yield return $"{name} in its Env is what the file for GitLab says itself: leave it out";
            else if (EnvRules.NameOf(value) is null && value.Contains("${{", StringComparison.Ordinal))
                yield return $"{name} in its Env has the expression '{value}', which is GitHub's: give a text, a secret or a variable, or let a target find it out";
    }

    /// <summary>
    /// A secret and a variable are variables of the project; in a text, GitLab would look for one behind each $.
    /// </summary>
    private static string Value(string value) =>
        EnvRules.NameOf(value) is { } name ? $"${name}" : value.Replace("$", "$$", StringComparison.Ordinal);
}
