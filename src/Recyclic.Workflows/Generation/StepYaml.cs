using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>A step as GitHub reads it.</summary>
internal static class StepYaml
{
    private const string GlobalJson = "global-json-file";

    public static YamlMap Of(Step step, Workflow workflow)
    {
        var map = new YamlMap();
        if (step.Name is { } name)
            map = map.With("name", name);
        if (step.Id is { } id)
            map = map.With("id", id);
        if (step.If is { } condition)
            map = map.With("if", JobEnvironment.Expression(condition.ReplaceLineEndings(" ").Trim()));
        map = step.Run is { } run
            ? map.With("run", run.ReplaceLineEndings("\n").TrimEnd('\n'))
            : map.With("uses", new YamlText(step.Uses) { Comment = step.Version });
        if (step.Shell is { } shell)
            map = map.With("shell", shell);
        if (step.WorkingDirectory is { } directory)
            map = map.With("working-directory", directory);
        if (step.ContinuesOnError)
            map = map.With("continue-on-error", true);
        if (step.Timeout is { } timeout)
            map = map.With("timeout-minutes", (int)Math.Ceiling(timeout.TotalMinutes));
        return map.WithAny(
                "with",
                new YamlMap([
                    .. step.With.Select(input =>
                        (
                            input.Key,
                            Value(
                                IsOwnGlobalJson(step, input)
                                    ? Directories.InRepository(workflow, input.Value)
                                    : input.Value
                            )
                        )
                    ),
                ])
            )
            .WithAny("env", YamlMap.Of(step.Env.Values));
    }

    public static YamlNode Value(string text) =>
        text switch
        {
            "true" => true,
            "false" => false,
            _ => text,
        };

    /// <summary>The build's own, which is beside it.</summary>
    private static bool IsOwnGlobalJson(Step step, KeyValuePair<string, string> input) =>
        input is { Key: GlobalJson, Value: "global.json" }
        && step.Uses.StartsWith("actions/setup-dotnet@", StringComparison.Ordinal);
}
