using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Build.Definition;
using Recyclic.Workflows.Planning;

namespace Recyclic.Workflows.Generation;

/// <summary>
/// The variables of the step that runs the build: every value from outside comes this way, never spliced into the
/// command, where the shell would read it. A secret is here only when a target of this very job requires it, or the
/// place names it. </summary>
internal static class JobEnvironment
{
    public static ImmutableSortedDictionary<string, string> Of(JobPlan job, JobGraph jobs, BuildGraph graph)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (
            var required in graph
                .Targets.Where(t => job.All.Contains(t.Name))
                .SelectMany(t => t.Requires)
                .Concat(graph.Parameters.Where(p => p.IsRequired))
        )
            if (required.Variable.Length > 0 && !IsArgument(job.Place, required))
                variables[required.Variable] = Expression(
                    $"{(required.IsSecret ? "secrets" : "vars")}.{required.Variable}"
                );
        foreach (var variable in job.Place.Variables)
            variables[variable] = Expression($"vars.{variable}");
        foreach (var secret in job.Place.Secrets)
            variables[secret] = Expression($"secrets.{secret}");
        foreach (
            var input in jobs
                .Workflow.Source.On.SelectMany(trigger => trigger.Inputs)
                .DistinctBy(input => Parameters.Normal(input.Parameter))
        )
            if (Parameters.Find(graph, input.Parameter) is { } parameter && !IsArgument(job.Place, parameter))
                variables[parameter.Variable] = Expression($"inputs.{parameter.Name}");
        foreach (
            var parameter in Matrix
                .Keys(job.Place, graph)
                .Select(key => graph.Parameters.FirstOrDefault(parameter => parameter.Name == key))
                .OfType<BuildParameter>()
        )
            variables[parameter.Variable] = Expression($"matrix.{parameter.Name}");
        foreach (var (name, value) in job.Place.Env.Values)
            variables[name] = value;
        foreach (var handed in job.Inputs)
            variables[OutputText.VariableOf(handed.Name)] = Expression($"needs.{handed.Job}.outputs.{handed.Name}");
        return variables.ToImmutable();
    }

    public static string Expression(string text) => $"${{{{ {text} }}}}";

    private static bool IsArgument(Place place, BuildParameter parameter) =>
        place.Arguments.Any(word =>
            word.StartsWith("--", StringComparison.Ordinal)
            && Parameters.Normal(word[2..].Split('=')[0]) == Parameters.Normal(parameter.Name)
        );
}
