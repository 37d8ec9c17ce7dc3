using System.Collections.Immutable;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>A reusable workflow as a job.</summary>
internal static class CallYaml
{
    public static YamlMap Of(CallPlan call, JobGraph jobs)
    {
        var source = call.Source;
        ImmutableArray<string> needs =
            call.Needs.IsEmpty && !jobs.Workflow.Source.IsUrgent ? [Names.CheckJob] : call.Needs;
        var map = new YamlMap();
        if (source.DisplayName is { } shown)
            map = map.With("name", shown);
        map = map.WithAny("needs", needs is [var only] ? only : YamlList.Of(needs));
        if (source.If is { } condition)
            map = map.With("if", JobEnvironment.Expression(condition.ReplaceLineEndings(" ").Trim()));
        map = map.With("permissions", YamlMap.Of(source.Permissions.Scopes))
            .With("uses", new YamlText(source.Uses) { Comment = source.Version })
            .WithAny("with", new YamlMap([.. source.With.Select(input => (input.Key, StepYaml.Value(input.Value)))]));
        return source.InheritsSecrets
            ? map.With("secrets", "inherit")
            : map.WithAny(
                "secrets",
                new YamlMap([
                    .. source.Secrets.Select(secret =>
                        (secret.Key, (YamlNode)JobEnvironment.Expression($"secrets.{secret.Value}"))
                    ),
                ])
            );
    }
}
