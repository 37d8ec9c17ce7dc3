using System.Text.Json.Nodes;

namespace Recyclic.Components.Gates;

/// <summary>Pure: a checklist as the one JSON document of <c>--json</c>.</summary>
internal static class ChecklistJson
{
    public static string Of(Checklist checklist) =>
        new JsonObject
        {
            ["environment"] = checklist.Facts.Environment.Name,
            ["tag"] = checklist.Facts.Tag,
            ["digestSet"] = checklist.Facts.DigestSet,
            ["approver"] = checklist.Facts.Approver,
            ["authors"] = new JsonArray([.. checklist.Facts.Authors.Select(author => (JsonNode)author)]),
            ["holds"] = checklist.Holds,
            ["gates"] = new JsonArray([
                .. checklist.Results.Select(result =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["gate"] = result.Gate,
                            ["verdict"] =
                                char.ToLowerInvariant(result.Verdict.ToString()[0]) + result.Verdict.ToString()[1..],
                            ["evidence"] = result.Evidence,
                            ["next"] = result.Next,
                        }
                ),
            ]),
        }.ToJsonString(new() { WriteIndented = true });
}
