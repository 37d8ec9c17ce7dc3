using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: a plan and an outcome as the one JSON document of <c>--json</c>.</summary>
internal static class OutcomeJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="app">Null: a way back that reads no compose file.</param>
    public static string OfPlan(DeployPlan plan, Application? app = null) =>
        new JsonObject
        {
            ["app"] = plan.BasedOn.App,
            ["kind"] = Lower(plan.Operation),
            ["tag"] = plan.To.Tag,
            ["release"] = plan.To.Id,
            ["from"] = plan.BasedOn.Current?.Release.Tag,
            ["slot"] = plan.Slot.Name(),
            ["released"] = app is null ? null : Texts(app.Services.Except(app.OneOffs).Select(service => service.Name)),
            ["oneOffs"] = app is null ? null : Texts(app.OneOffs.Select(service => service.Name)),
            ["accessories"] = app is null ? null : Texts(app.Accessories.Select(accessory => accessory.Name)),
            ["ports"] = app is null
                ? null
                : new JsonArray([
                    .. app.Ports.Select(port =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["published"] = port.Route.Published,
                                ["service"] = port.Route.Service,
                                ["target"] = port.Route.Target,
                                ["mode"] = Lower(port.Route.Mode),
                                ["why"] = port.Why,
                            }
                    ),
                ]),
            ["steps"] = new JsonArray([
                .. plan.Steps.Select(
                    (step, index) =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["number"] = index + 1,
                                ["phase"] = Lower(step.Phase),
                                ["action"] = step.Action.Describe(),
                                ["undo"] = Texts(step.Undo.Select(undo => undo.Describe())),
                            }
                ),
            ]),
            ["changes"] = new JsonArray([
                .. plan.Changes.Select(change =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["service"] = change.Service,
                            ["setting"] = change.Setting,
                            ["before"] = change.Before,
                            ["after"] = change.After,
                        }
                ),
            ]),
            ["notes"] = Texts(plan.Notes),
        }.ToJsonString(Indented);

    public static string Of(DeployOutcome outcome) =>
        new JsonObject
        {
            ["app"] = outcome.Plan.BasedOn.App,
            ["kind"] = Lower(outcome.Plan.Operation),
            ["tag"] = outcome.Plan.To.Tag,
            ["release"] = outcome.Plan.To.Id,
            ["from"] = outcome.Plan.BasedOn.Current?.Release.Tag,
            ["slot"] = outcome.Plan.Slot.Name(),
            ["outcome"] = Lower(outcome.Outcome),
            ["seconds"] = Math.Round(outcome.Took.TotalSeconds, 3),
            ["switchMs"] = outcome.SwitchMs is { } ms ? Math.Round(ms, 1) : null,
            ["requests"] = outcome.Requests is { } requests ? RequestsJson.Of(requests) : null,
            ["failure"] = outcome.Failure is { } failure
                ? new JsonObject
                {
                    ["step"] = failure.Number,
                    ["action"] = failure.Step.Describe(),
                    ["cause"] = failure.Cause.Message,
                    ["evidence"] = Texts(failure.Evidence),
                }
                : null,
            ["undone"] = Texts(outcome.Undone.Select(undo => undo.Describe())),
            ["notUndone"] = Texts(outcome.UndoFailures.Select(undo => $"{undo.Step.Describe()}: {undo.Cause.Message}")),
            ["warnings"] = Texts(outcome.Warnings),
        }.ToJsonString(Indented);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
