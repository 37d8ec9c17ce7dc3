using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>The section that says when a workflow runs.</summary>
internal static class TriggerYaml
{
    public static YamlMap Of(JobGraph jobs, BuildGraph graph) =>
        new([
            .. jobs
                .Workflow.Source.On.GroupBy(trigger => trigger.Event)
                .Select(same => (same.Key, Event(same.Key, [.. same], jobs, graph))),
        ]);

    private static YamlNode Event(string name, Trigger[] triggers, JobGraph jobs, BuildGraph graph)
    {
        if (name == "schedule")
            return new YamlList([.. triggers.Select(trigger => (YamlNode)trigger.Filter)]);
        var isCall = name == "workflow_call";
        var map = TriggerMerge
            .Of(name, triggers)!
            .WithAny("inputs", Inputs([.. triggers.SelectMany(trigger => trigger.Inputs)], isCall, graph));
        if (!isCall)
            return map;
        return map.WithAny(
                "secrets",
                new YamlMap([
                    .. CalledSecrets
                        .Of(jobs, graph)
                        .Select(secret => (secret.Key, (YamlNode)new YamlMap(("required", secret.Value)))),
                ])
            )
            .WithAny(
                "outputs",
                new YamlMap([
                    .. triggers
                        .SelectMany(trigger => trigger.Outputs)
                        .Select(output =>
                            (
                                output,
                                (YamlNode)
                                    new YamlMap(
                                        (
                                            "value",
                                            JobEnvironment.Expression($"jobs.{JobOf(output, jobs)}.outputs.{output}")
                                        )
                                    )
                            )
                        ),
                ])
            );
    }

    private static string JobOf(string output, JobGraph jobs) =>
        jobs.Jobs.First(job => job.Outputs.Contains(output)).Id;

    private static YamlMap Inputs(ImmutableArray<Input> inputs, bool isCall, BuildGraph graph) =>
        new([
            .. from input in inputs
            let parameter = Parameters.Find(graph, input.Parameter)!
            select (parameter.Name, (YamlNode)Field(input, parameter, isCall)),
        ]);

    private static YamlMap Field(Input input, BuildParameter parameter, bool isCall)
    {
        var field = new YamlMap();
        if ((input.Description ?? parameter.Description) is { } description)
            field = field.With("description", description);
        var choices = isCall ? [] : Parameters.ChoicesOf(input, parameter);
        var type =
            input.IsEnvironment ? "environment"
            : !choices.IsEmpty ? "choice"
            : parameter.IsFlag ? "boolean"
            : parameter.IsNumber ? "number"
            : "string";
        field = field.With("required", input.IsRequired).With("type", type);
        if (input.Default is { } given)
            field = field.With(
                "default",
                type switch
                {
                    "boolean" => given == "true",
                    "number" => YamlNumber.Of(given),
                    _ => given,
                }
            );
        return field.WithAny("options", YamlList.Of(choices));
    }
}
