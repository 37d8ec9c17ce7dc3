using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>
/// A field of the form by which a person starts a pipeline; the project has one form for all workflows.
/// </summary>
internal sealed record GitLabInput(
    string Variable,
    string Description,
    string Default,
    ImmutableArray<string> Choices,
    ImmutableArray<string> Workflows
);

/// <summary>From the inputs of all workflows to variables of the pipeline. Pure.</summary>
internal static class GitLabInputs
{
    private const string NoWorkflow = "none";

    public static ImmutableArray<GitLabInput> Of(ImmutableArray<JobGraph> workflows, BuildGraph graph) =>
        [
            .. from asked in Asked(workflows, graph)
            group asked by asked.Variable into same
            select same.First() with
            {
                Workflows = [.. same.SelectMany(input => input.Workflows)],
                Description = Joined([.. same]),
            },
        ];

    public static IEnumerable<string> Mistakes(ImmutableArray<JobGraph> workflows, BuildGraph graph)
    {
        foreach (
            var same in Asked(workflows, graph)
                .GroupBy(input => input.Variable)
                .Where(same =>
                    same.Select(input => (input.Default, string.Join('\n', input.Choices))).Distinct().Count() > 1
                )
        )
            yield return $"the workflows {string.Join(" and ", same.SelectMany(input => input.Workflows))} ask for {same.Key} with different defaults or choices, and the form of a project has one field for it: give them the same";
        foreach (
            var (workflow, input) in workflows.SelectMany(jobs =>
                jobs.Workflow.Source.On.SelectMany(trigger => trigger.Inputs)
                    .Where(input => input.IsEnvironment)
                    .Select(input => (jobs.Workflow.Source.Name, input))
            )
        )
            yield return $"workflow {workflow}: the input {input.Parameter} is chosen from environments, which GitLab's form does not know: name them as Choices";
        foreach (
            var workflow in workflows
                .Select(jobs => jobs.Workflow.Source)
                .Where(workflow =>
                    workflow.Name == NoWorkflow && workflow.On.Any(trigger => trigger.Event == "workflow_dispatch")
                )
        )
            yield return $"the workflow {workflow.Name} is run by hand, and in the form that name stands for no workflow: give it another";
    }

    /// <summary>The form: which workflow, and what it asks for.</summary>
    public static YamlMap Variables(ImmutableArray<JobGraph> workflows, BuildGraph graph)
    {
        string[] byHand =
        [
            .. workflows
                .Select(jobs => jobs.Workflow.Source)
                .Where(workflow => workflow.On.Any(trigger => trigger.Event == "workflow_dispatch"))
                .Select(workflow => workflow.Name),
        ];
        if (byHand.Length == 0)
            return new();
        return new([
            (
                GitLabTriggers.WorkflowVariable,
                new YamlMap(
                    ("description", "Which workflow to run"),
                    ("value", NoWorkflow),
                    ("options", YamlList.Of([NoWorkflow, .. byHand]))
                )
            ),
            .. Of(workflows, graph).Select(input => (input.Variable, (YamlNode)Field(input))),
        ]);
    }

    private static YamlMap Field(GitLabInput input)
    {
        var field = new YamlMap(("description", input.Description), ("value", input.Default)).WithAny(
            "options",
            YamlList.Of(input.Choices)
        );
        return input.Default.Contains('$', StringComparison.Ordinal) ? field.With("expand", false) : field;
    }

    private static IEnumerable<GitLabInput> Asked(ImmutableArray<JobGraph> workflows, BuildGraph graph) =>
        from jobs in workflows
        from input in jobs.Workflow.Source.On.SelectMany(trigger => trigger.Inputs)
        let parameter = Parameters.Find(graph, input.Parameter)!
        let given = Parameters.ChoicesOf(input, parameter)
        let choices = given.IsEmpty && parameter.IsFlag ? ["false", "true"] : given
        select new GitLabInput(
            parameter.Variable,
            input.Description ?? parameter.Description ?? parameter.Name,
            input.Default ?? choices.FirstOrDefault(""),
            choices,
            [jobs.Workflow.Source.Name]
        );

    private static string Joined(GitLabInput[] same) =>
        same.Select(input => input.Description).Distinct().Count() == 1
            ? same[0].Description
            : string.Join("; ", same.Select(input => $"{input.Workflows[0]}: {input.Description}"));
}
