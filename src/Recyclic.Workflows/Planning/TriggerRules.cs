using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>What triggers must be.</summary>
internal static class TriggerRules
{
    public static IEnumerable<string> Mistakes(ImmutableArray<Trigger> triggers, BuildGraph graph)
    {
        foreach (var trigger in triggers)
        foreach (var mistake in Mistakes(trigger, graph))
            yield return mistake;
        foreach (
            var same in triggers
                .GroupBy(trigger => trigger.Event)
                .Where(same => same.Key != "schedule" && TriggerMerge.Of(same.Key, [.. same]) is null)
        )
            yield return $"the {same.Count()} triggers for {same.Key} cannot be one entry of the file: GitHub takes their filters as conditions that must all hold. Write one Trigger.Other(\"{same.Key}\", …) with all filters, or a workflow for each";
        foreach (
            var twin in triggers
                .SelectMany(trigger => trigger.Inputs.Select(input => (trigger.Event, input)))
                .GroupBy(given => (given.Event, Parameters.Normal(given.input.Parameter)))
                .Where(g => g.Count() > 1)
        )
            yield return $"the input {twin.First().input.Parameter} is there twice";
    }

    private static IEnumerable<string> Mistakes(Trigger trigger, BuildGraph graph)
    {
        if (trigger.Event == "schedule" && Schedule.WhyNot((trigger.Filter.Find("cron") as YamlText)?.Value) is { } why)
            yield return why;
        foreach (var mistake in FilterRules.Mistakes(trigger))
            yield return mistake;
        if (!trigger.Inputs.IsEmpty && trigger.Event is not ("workflow_dispatch" or "workflow_call"))
            yield return $"the trigger {trigger.Event} has inputs, which nobody could give: say them at Trigger.Dispatch or Trigger.Called";
        if (!trigger.Outputs.IsEmpty && trigger.Event != "workflow_call")
            yield return $"the trigger {trigger.Event} has outputs, which nobody would get: say them at Trigger.Called";
        foreach (var twice in YamlKeys.Twice(trigger.Filter))
            yield return $"the trigger {trigger.Event} has the key {twice} twice";
        foreach (var input in trigger.Inputs)
        {
            if (Parameters.Find(graph, input.Parameter) is not { } parameter)
                yield return $"the input {input.Parameter} is no parameter of the build";
            else if (parameter.IsSecret)
                yield return $"the input {input.Parameter} is a secret: GitHub shows inputs to everybody who sees the run";
            if (
                new[] { input.Description, input.Default }
                    .Concat(input.Choices)
                    .Any(text => text?.Contains("${{", StringComparison.Ordinal) == true)
            )
                yield return $"the input {input.Parameter} has an expression in its texts, which GitHub would evaluate: write it without ${{{{";
            foreach (var mistake in Choices(input, graph).Concat(Kinds(input, trigger, graph)))
                yield return mistake;
        }
    }

    private static IEnumerable<string> Choices(Input input, BuildGraph graph)
    {
        if (Parameters.Find(graph, input.Parameter) is not { } parameter)
            yield break;
        var choices = Parameters.ChoicesOf(input, parameter);
        if (input.Default is { } given && !choices.IsEmpty && !choices.Contains(given))
            yield return $"the default '{given}' of the input {input.Parameter} is not among its choices: {string.Join(", ", choices)}";
        foreach (var twice in input.Choices.GroupBy(choice => choice).Where(same => same.Count() > 1))
            yield return $"the input {input.Parameter} has the choice '{twice.Key}' twice";
        foreach (
            var choice in input.Choices.Where(choice =>
                !parameter.Choices.IsEmpty
                && choice.Length > 0
                && parameter.Choices.All(value => Parameters.Normal(value) != Parameters.Normal(choice))
            )
        )
            yield return $"the choice '{choice}' of the input {input.Parameter} is no value of the parameter, which has {string.Join(", ", parameter.Choices)}";
    }

    private static IEnumerable<string> Kinds(Input input, Trigger trigger, BuildGraph graph)
    {
        if (Parameters.Find(graph, input.Parameter) is not { } parameter)
            yield break;
        if (input.Default is { } number && parameter.IsNumber && input.Choices.IsEmpty && !YamlNumber.Is(number))
            yield return $"the default '{number}' of the input {input.Parameter} is no number, which the parameter is";
        if (input.Default is { } flag && parameter.IsFlag && input.Choices.IsEmpty && flag is not ("true" or "false"))
            yield return $"the default '{flag}' of the input {input.Parameter} is neither true nor false, which the parameter is";
        if (trigger.Event == "workflow_call" && !input.Choices.IsEmpty)
            yield return $"the input {input.Parameter} has Choices, which only a person has: leave them out at Trigger.Called; the parameter itself refuses what it does not know";
        if (!input.IsEnvironment)
            yield break;
        if (trigger.Event == "workflow_call")
            yield return $"the input {input.Parameter} is chosen from environments, which only a person does: leave IsEnvironment out at Trigger.Called";
        if (!input.Choices.IsEmpty)
            yield return $"the input {input.Parameter} is chosen from environments and has Choices: say one of them";
        else if (parameter.IsFlag || parameter.IsNumber || !parameter.Choices.IsEmpty)
            yield return $"the input {input.Parameter} is chosen from environments, whose names are texts, which the parameter is not: leave IsEnvironment out";
    }
}
