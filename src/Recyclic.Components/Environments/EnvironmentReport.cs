using System.Text;
using System.Text.Json.Nodes;
using Recyclic.Components.Gates;

namespace Recyclic.Components.Environments;

/// <summary>Pure: environments as they take effect. A secret is named, never shown.</summary>
internal static class EnvironmentReport
{
    public static string ToText(IEnumerable<EffectiveEnvironment> environments)
    {
        var text = new StringBuilder();
        foreach (var environment in environments)
        {
            text.Append($"{environment.Spec.Name}\n");
            foreach (var (label, value) in Lines(environment))
                text.Append($"  {label, -12} {value}\n");
        }
        return text.ToString().TrimEnd();
    }

    public static string ToJson(IEnumerable<EffectiveEnvironment> environments) =>
        new JsonArray([
            .. environments.Select(environment =>
                (JsonNode)
                    new JsonObject
                    {
                        ["name"] = environment.Spec.Name,
                        ["engine"] = environment.Engine.ToString(),
                        ["registry"] = environment.Spec.Registry,
                        ["project"] = environment.Spec.Project,
                        ["composeFiles"] = Texts(environment.Spec.ComposeFiles),
                        ["envFiles"] = Texts(environment.Spec.EnvFiles),
                        ["profiles"] = Texts(environment.Spec.Profiles),
                        ["tagVariable"] = environment.Spec.TagVariable,
                        ["released"] = Texts(environment.Spec.Released),
                        ["publicUrl"] = environment.Spec.PublicUrl,
                        ["promotesFrom"] = environment.Spec.PromotesFrom,
                        ["protected"] = environment.Spec.Protected,
                        ["needsApproval"] = environment.Spec.NeedsApproval,
                        ["approvalHost"] = environment.ApprovalHost?.ToString(),
                        ["gates"] = Texts(environment.Spec.Gates.Select(gate => gate.Name)),
                        ["variables"] = new JsonObject(
                            environment.Spec.Variables.Select(variable =>
                                KeyValuePair.Create(variable.Name, (JsonNode?)variable.Value)
                            )
                        ),
                        ["secrets"] = new JsonObject(
                            environment.Spec.Secrets.Select(secret =>
                                KeyValuePair.Create(
                                    secret.Variable,
                                    (JsonNode?)
                                        new JsonObject
                                        {
                                            ["from"] = secret.From,
                                            ["isSet"] = environment.SecretValues.ContainsKey(secret.Variable),
                                        }
                                )
                            )
                        ),
                        ["missing"] = Texts(environment.Missing.Select(problem => $"{problem.Place}: {problem.What}")),
                    }
            ),
        ]).ToJsonString(new() { WriteIndented = true });

    private static IEnumerable<(string Label, string Value)> Lines(EffectiveEnvironment environment)
    {
        var spec = environment.Spec;
        yield return (
            "engine",
            spec.Engine.Variable is { } variable && environment.Engine.Variable is null
                ? $"{environment.Engine} (by {variable})"
                : environment.Engine.ToString()
        );
        if (spec.Registry is { } registry)
            yield return ("registry", registry);
        if (spec.Project is { } project)
            yield return ("project", project);
        if (!spec.ComposeFiles.IsEmpty)
            yield return ("files", string.Join(", ", spec.ComposeFiles));
        if (!spec.EnvFiles.IsEmpty)
            yield return ("env files", string.Join(", ", spec.EnvFiles));
        if (!spec.Profiles.IsEmpty)
            yield return ("profiles", string.Join(", ", spec.Profiles));
        if (spec.TagVariable is { } tagVariable)
            yield return ("tag in", tagVariable);
        if (!spec.Released.IsEmpty)
            yield return ("releases", string.Join(", ", spec.Released));
        if (spec.PublicUrl is { } url)
            yield return ("users at", url);
        foreach (var (name, value) in spec.Variables)
            yield return (name, value);
        foreach (var secret in spec.Secrets)
            yield return (
                secret.Variable,
                environment.SecretValues.ContainsKey(secret.Variable)
                    ? $"*** (by {secret.From})"
                    : $"missing: set {secret.From}"
            );
        var strategy = new[]
        {
            spec.Strategy.DeployTimeout is { } deploy ? $"health gate {Spelled.Time(deploy)}" : null,
            spec.Strategy.Watch is { } watch ? $"watch {Spelled.Time(watch)}" : null,
            spec.Strategy.DrainTimeout is { } drain ? $"drain {Spelled.Time(drain)}" : null,
            spec.Strategy.KeepWarm ? "keeps the release before warm" : null,
        }
            .OfType<string>()
            .ToList();
        if (strategy.Count > 0)
            yield return ("strategy", string.Join(", ", strategy));
        if (!spec.SmokeTests.IsEmpty)
            yield return ("smoke tests", string.Join(", ", spec.SmokeTests.Select(test => test.Path)));
        if (spec.PromotesFrom is { } from)
            yield return ("takes from", from);
        if (spec.NeedsApproval)
            yield return (
                "approval",
                $"needed, lasts {Spelled.Time(spec.ApprovalLifetime)}, given {(environment.ApprovalHost is null ? "with the engine's own key" : "with a key of its own")}"
            );
        if (environment.ApprovalHost is { } door)
            yield return ("approve by", $"{door}");
        if (!spec.Gates.IsEmpty)
            yield return ("gates", string.Join(", ", spec.Gates.Select(gate => gate.Name)));
        if (spec.Notifications is { } channels)
            yield return ("notices", channels.IsEmpty ? "none" : string.Join(", ", channels));
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
