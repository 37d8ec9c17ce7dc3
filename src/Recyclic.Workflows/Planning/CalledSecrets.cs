using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// The secrets that a workflow must be given which another one calls: those that its jobs name. Pure.
/// </summary>
internal static partial class CalledSecrets
{
    /// <returns>From the name of a secret to whether there is no run without it: a target requires it in a job that has
    /// no environment to bring it.</returns>
    public static ImmutableSortedDictionary<string, bool> Of(JobGraph jobs, BuildGraph graph)
    {
        var required = jobs
            .Jobs.Where(job => job.Place.Environment is null)
            .SelectMany(job =>
                job.All.SelectMany(name => graph.Targets.First(target => target.Name == name).Requires)
                    .Where(parameter => parameter.IsSecret)
                    .Select(parameter => JobEnvironment.Of(job, jobs, graph).GetValueOrDefault(parameter.Variable))
            )
            .OfType<string>()
            .Select(EnvRules.SecretOf)
            .OfType<string>()
            .ToHashSet();
        return Named()
            .Matches(YamlWriter.Write(WorkflowYaml.Jobs(jobs, graph)))
            .Select(match => match.Groups[1].Value)
            .Where(name => name != "GITHUB_TOKEN")
            .Distinct()
            .ToImmutableSortedDictionary(name => name, required.Contains, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\bsecrets\.([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Named();
}
