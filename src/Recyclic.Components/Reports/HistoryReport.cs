using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: past deploys and rollbacks, newest first.</summary>
internal static class HistoryReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string ToJson(Journal journal) =>
        new JsonArray([
            .. journal
                .History.Reverse()
                .Select(entry =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = entry.Id,
                            ["kind"] = Lower(entry.Kind),
                            ["tag"] = entry.Tag,
                            ["release"] = entry.ReleaseId,
                            ["from"] = entry.From,
                            ["startedAt"] = entry.StartedAt.UtcDateTime.ToString(
                                "yyyy-MM-ddTHH:mm:ss.fffZ",
                                CultureInfo.InvariantCulture
                            ),
                            ["seconds"] = entry.Seconds,
                            ["outcome"] = Lower(entry.Outcome),
                            ["switchMs"] = entry.SwitchMs,
                            ["requests"] = entry.Requests is { } requests ? RequestsJson.Of(requests) : null,
                            ["by"] = entry.By,
                            ["reason"] = entry.Reason,
                            ["environment"] = entry.Environment,
                            ["canary"] = entry.Canary.IsEmpty
                                ? null
                                : new JsonArray([.. entry.Canary.Select(share => (JsonNode)share)]),
                        }.With(entry)
                ),
        ]).ToJsonString(Indented);

    /// <summary>What is said of few entries is there only where it is.</summary>
    private static JsonObject With(this JsonObject json, HistoryEntry entry)
    {
        if (entry.SmokeTestsSkipped is { } why)
            json["smokeTestsSkipped"] = why;
        if (entry.Trigger is { } trigger)
            json["trigger"] = trigger;
        return json;
    }

    public static string ToText(Journal journal, DateTimeOffset at)
    {
        var text = new StringBuilder();
        foreach (var entry in journal.History.Reverse().Take(30))
        {
            text.Append(
                $"{RollbackTarget.Age(at - entry.StartedAt) + " ago", -16} {Lower(entry.Kind), -9} {PrintableText.Of(journal.NameOf(entry.ReleaseId, entry.Tag), 160), -14} {Lower(entry.Outcome), -12} {(entry.Seconds is { } seconds ? $"{seconds:0.0} s" : "-"), 8}"
            );
            text.Append(
                $"  {(entry.Canary.IsEmpty ? "" : $"canary {string.Join(",", entry.Canary)}  ")}{(entry.Requests is { } requests ? $"{requests.Total} requests, {requests.Failed} failed" : "")}  {PrintableText.Of(entry.By, 200)}{(entry.Reason is { } reason ? $"  {PrintableText.Of(reason.Split('\n')[0])}" : "")}{(entry.SmokeTestsSkipped is { } why ? $"  without smoke tests: {PrintableText.Of(why, 200)}" : "")}\n"
            );
        }
        return text.Length == 0 ? "no deploy yet" : text.ToString().TrimEnd();
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
