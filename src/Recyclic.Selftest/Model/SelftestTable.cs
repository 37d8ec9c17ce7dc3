using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Selftest.Model;

/// <summary>Pure: a run as text, Markdown and JSON.</summary>
internal static class SelftestTable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One line of progress, and of the table.</summary>
    public static string Line(CaseResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Names.Kebab(result.Case.Fault), -15} {result.Case.Point, -21} {Cut(result.Case.At.Text, 34), -34} {Names.Kebab(result.Case.Scenario), -17} {result.Sent, 6} {result.Failed, 6}  {result.NextDid, -34} {Verdict(result)}"
        );

    public static string Header { get; } =
        $"{"fault", -15} {"point", -21} {"at", -34} {"scenario", -17} {"sent", 6} {"failed", 6}  {"what the next command did", -34} verdict";

    public static string ToText(SelftestRun run)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var result in run.Results)
            text.Append(Line(result)).Append('\n');
        return text.Append(Summary(run)).ToString();
    }

    public static string Summary(SelftestRun run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(run.Missing > 0 ? $"{run.Results.Length} of {run.Planned}" : $"{run.Planned}")} cases, {run.BrokenCount} broken; {run.Sent} requests, {run.Failed} failed; {run.Took.TotalMinutes:0.0} min"
        );

    /// <summary>By scenario and fault, and below it each case.</summary>
    public static string ToMarkdown(SelftestRun run)
    {
        var text = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Summary(run)}, {run.StartedAt:yyyy-MM-dd}, {run.On}\n\n`{run.Command}`\n\n"
            )
        );
        text.Append("| scenario | fault | cases | requests | failed | broken |\n|---|---|---|---|---|---|\n");
        foreach (var group in run.Results.GroupBy(result => (result.Case.Scenario, result.Case.Fault)))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Names.Kebab(group.Key.Scenario)} | {Names.Kebab(group.Key.Fault)} | {group.Count()} | {group.Sum(result => result.Sent)} | {group.Sum(result => result.Failed)} | {group.Count(result => !result.Holds)} |\n"
            );
        text.Append(
            "\n| fault | point | at | scenario | sent | failed | what the next command did | verdict |\n|---|---|---|---|---|---|---|---|\n"
        );
        foreach (var result in run.Results)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Names.Kebab(result.Case.Fault)} | {result.Case.Point} | {result.Case.At.Text.Replace("|", "\\|")} | {Names.Kebab(result.Case.Scenario)} | {result.Sent} | {result.Failed} | {result.NextDid} | {Verdict(result)} |\n"
            );
        return text.ToString();
    }

    public static string ToJson(SelftestRun run) =>
        new JsonObject
        {
            ["startedAt"] = run.StartedAt.UtcDateTime.ToString(
                "yyyy-MM-ddTHH:mm:ss.fffZ",
                CultureInfo.InvariantCulture
            ),
            ["seconds"] = Math.Round(run.Took.TotalSeconds, 1),
            ["command"] = run.Command,
            ["on"] = run.On,
            ["cases"] = run.Results.Length,
            ["missing"] = run.Missing,
            ["broken"] = run.BrokenCount,
            ["requests"] = new JsonObject { ["total"] = run.Sent, ["failed"] = run.Failed },
            ["results"] = new JsonArray([
                .. run.Results.Select(result =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["scenario"] = Names.Kebab(result.Case.Scenario),
                            ["fault"] = Names.Kebab(result.Case.Fault),
                            ["point"] = $"{result.Case.Point}",
                            ["at"] = result.Case.At.Text,
                            ["exitCode"] = result.ExitCode,
                            ["sent"] = result.Sent,
                            ["failed"] = result.Failed,
                            ["next"] = result.NextDid,
                            ["seconds"] = result.Seconds,
                            ["holds"] = result.Holds,
                            ["broken"] = new JsonArray([.. result.Broken.Select(text => (JsonNode)text)]),
                            ["rerun"] = result.Case.Rerun,
                        }
                ),
            ]),
        }.ToJsonString(Indented);

    /// <summary>What broke, why that is said, and how to see it again.</summary>
    public static string Failure(CaseResult result) =>
        $"""
            {result.Case}: {result.Broken.Length} {(result.Broken.Length == 1 ? "invariant" : "invariants")} broke
            {string.Join("\n", result.Broken.Select(text => $"      - {text}"))}
              again   {result.Case.Rerun}
            """;

    private static string Verdict(CaseResult result) => result.Holds ? "holds" : "BROKEN";

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
