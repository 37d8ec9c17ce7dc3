using System.Text.RegularExpressions;
using Recyclic.Build;
using YamlDotNet.RepresentationModel;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// What every generated file must be, read from the file alone and compared with the targets. Knows nothing of the
/// generator.
/// </summary>
internal static partial class Invariants
{
    private static readonly HashSet<string> JobKeys =
    [
        "needs",
        "if",
        "runs-on",
        "environment",
        "concurrency",
        "permissions",
        "timeout-minutes",
        "strategy",
        "outputs",
        "steps",
    ];
    private static readonly HashSet<string> StepKeys =
    [
        "id",
        "if",
        "name",
        "uses",
        "continue-on-error",
        "with",
        "run",
        "env",
    ];

    /// <summary>Readers of others know the inputs of an action by its version only, not by its commit.</summary>
    private static readonly Dictionary<string, string[]> Inputs = new()
    {
        ["actions/checkout"] = ["persist-credentials"],
        ["actions/setup-dotnet"] = ["global-json-file"],
        ["actions/cache"] = ["key", "path", "restore-keys"],
        ["actions/upload-artifact"] = ["name", "path", "if-no-files-found", "include-hidden-files", "retention-days"],
        ["actions/download-artifact"] = ["name", "path", "pattern", "merge-multiple", "artifact-ids"],
    };
    private static readonly string[] TopKeys = ["name", "on", "permissions", "concurrency", "defaults", "jobs"];

    public static IEnumerable<string> Broken(string text, BuildGraph graph)
    {
        var root = Root(text);
        var jobs = Map(root["jobs"]);
        foreach (var key in Map(root).Keys.Except(TopKeys))
            yield return $"unknown key {key}";
        if (Map(root["permissions"]).Count > 0)
            yield return "permissions for all jobs";
        foreach (var (id, node) in jobs)
        foreach (var broken in Job(id, Map(node), jobs, graph))
            yield return $"{id}: {broken}";
    }

    public static YamlMappingNode Root(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<string> Job(
        string id,
        Dictionary<string, YamlNode> job,
        Dictionary<string, YamlNode> jobs,
        BuildGraph graph
    )
    {
        foreach (var key in job.Keys.Except(JobKeys))
            yield return $"unknown key {key}";
        if (!int.TryParse(Text(job, "timeout-minutes"), out var minutes) || minutes <= 0)
            yield return "no time limit";
        if (!job.TryGetValue("permissions", out var permissions))
            yield return "no permissions of its own";
        else if (
            Map(permissions)
                .Any(p => (p.Key, p.Value.ToString()) is not (("contents", "read") or ("packages", "write")))
        )
            yield return "permissions that nobody asked for";
        foreach (var need in Needs(job).Where(need => !jobs.ContainsKey(need)))
            yield return $"needs {need}, which is not there";
        var environment = job.GetValueOrDefault("environment");
        var isGate = environment is YamlMappingNode named && named.Children.ContainsKey("deployment");
        var isRescue = job.ContainsKey("if");
        if ((environment is not null && !isGate && !isRescue) != job.ContainsKey("concurrency"))
            yield return "a queue in a job that does not deploy, or a deploy without one";
        if (job.TryGetValue("concurrency", out var queue) && Text(Map(queue), "cancel-in-progress") != "false")
            yield return "a deploy that is cancelled";
        foreach (var broken in Order(id, job, jobs, graph))
            yield return broken;
        var steps = ((YamlSequenceNode)job["steps"]).Select(Map).ToArray();
        var runs = steps.Where(step => step.ContainsKey("run")).ToArray();
        if (runs.Length != 1)
            yield return $"{runs.Length} steps that run something";
        foreach (var step in steps)
        foreach (var broken in Step(step, Targets(job), graph))
            yield return broken;
        foreach (var broken in Carried(id, job, jobs, steps))
            yield return broken;
        foreach (var (output, value) in Map(job.GetValueOrDefault("outputs")).Where(output => output.Key != "_build"))
            if (
                value.ToString() != $"${{{{ steps.{Text(runs[0], "id")}.outputs.{output} }}}}"
                || !graph.Targets.Any(t => Targets(job).Contains(t.Name) && t.Outputs.Contains(output))
            )
                yield return $"an output {output} that no target sets";
    }

    /// <summary>
    /// The compiled build: handed on by the first job only, taken by its number from a job that is waited for, missed
    /// by nobody; a deploy takes none that a cache had a part in.
    /// </summary>
    private static IEnumerable<string> Carried(
        string id,
        Dictionary<string, YamlNode> job,
        Dictionary<string, YamlNode> jobs,
        Dictionary<string, YamlNode>[] steps
    )
    {
        var kept = Array.Find(steps, step => Text(step, "id") == "_build");
        if (
            kept is not null
            && (
                id != "workflows"
                || Text(kept, "continue-on-error") != "true"
                || Map(job["outputs"])["_build"].ToString() != "${{ steps._build.outputs.artifact-id }}"
            )
        )
            yield return "hands on a build that it should not, or that nobody can name";
        var taken = Array.Find(steps, step => Map(step.GetValueOrDefault("with")).ContainsKey("artifact-ids"));
        if (steps.Any(step => Text(Map(step.GetValueOrDefault("with")), "name") == "_build" && step != kept))
            yield return "takes a build by what can be made anew";
        if (taken is null)
            yield break;
        if (!Needs(job).Contains("workflows"))
            yield return "takes the build of a job that it does not wait for";
        if (
            Text(taken, "continue-on-error") != "true"
            || Text(taken, "if") != "${{ needs.workflows.outputs._build != '' }}"
        )
            yield return "fails without a build that was handed to it";
        if (Text(Map(taken["with"]), "artifact-ids") != "${{ needs.workflows.outputs._build }}")
            yield return "takes a build by what can be made anew";
        if (
            job.ContainsKey("environment")
            && ((YamlSequenceNode)Map(jobs["workflows"])["steps"])
                .Select(Map)
                .Any(step => Text(step, "uses")?.StartsWith("actions/cache@", StringComparison.Ordinal) == true)
        )
            yield return "a deploy runs what a cache had a part in";
    }

    /// <summary>A target's dependencies are in the same job, or in one that has ended.</summary>
    private static IEnumerable<string> Order(
        string id,
        Dictionary<string, YamlNode> job,
        Dictionary<string, YamlNode> jobs,
        BuildGraph graph
    )
    {
        var before = Before(id, jobs);
        if (before.Contains(id))
            yield return "waits for itself";
        if (job.ContainsKey("if"))
            yield break;
        foreach (var target in graph.Targets.Where(t => Targets(job).Contains(t.Name)))
        foreach (var dependency in target.DependsOn)
            if (
                !Targets(job).Contains(dependency)
                && !before.Any(other => Targets(Map(jobs[other])).Contains(dependency))
            )
                yield return $"{target.Name} does not wait for {dependency}";
    }

    private static IEnumerable<string> Step(Dictionary<string, YamlNode> step, string[] targets, BuildGraph graph)
    {
        foreach (var key in step.Keys.Except(StepKeys))
            yield return $"unknown key {key} in a step";
        if (Text(step, "uses") is { } uses && !Pinned().IsMatch(uses))
            yield return $"{uses} is not pinned";
        foreach (
            var input in Map(step.GetValueOrDefault("with"))
                .Keys.Except(Inputs.GetValueOrDefault(Text(step, "uses")?.Split('@')[0] ?? "", []))
        )
            yield return $"the input {input}, which the action does not have";
        if (Text(step, "run") is { } run && !Command().IsMatch(run))
            yield return $"'{run}' is not one command that is the process itself";
        var required = graph
            .Targets.Where(t => targets.Contains(t.Name))
            .SelectMany(t => t.Requires)
            .Where(p => p.IsSecret)
            .Select(p => p.Variable)
            .ToHashSet();
        foreach (var (key, value) in step.Values.OfType<YamlMappingNode>().SelectMany(map => Map(map)))
        foreach (Match secret in Secret().Matches(value.ToString()))
            if (secret.Groups[1].Value != key || (!required.Contains(key) && key != "SLACK_WEBHOOK"))
                yield return $"the secret {secret.Groups[1].Value} in a job that does not need it";
        foreach (
            var missing in required.Where(name =>
                Text(step, "run") is not null && !Map(step.GetValueOrDefault("env")).ContainsKey(name)
            )
        )
            yield return $"without the secret {missing}";
    }

    private static string[] Targets(Dictionary<string, YamlNode> job) =>
        ((YamlSequenceNode)job["steps"])
            .Select(Map)
            .Select(step => Text(step, "run"))
            .OfType<string>()
            .SelectMany(run => run.Split(' ').Skip(2).TakeWhile(word => !word.StartsWith('-')))
            .ToArray();

    private static HashSet<string> Before(string id, Dictionary<string, YamlNode> jobs)
    {
        var seen = new HashSet<string>();
        var due = new Stack<string>([id]);
        while (due.TryPop(out var next))
            foreach (var need in Needs(Map(jobs[next])).Where(jobs.ContainsKey))
                if (seen.Add(need))
                    due.Push(need);
        return seen;
    }

    private static string[] Needs(Dictionary<string, YamlNode> job) =>
        job.GetValueOrDefault("needs") switch
        {
            YamlSequenceNode list => [.. list.Select(item => item.ToString())],
            YamlScalarNode one => [one.Value!],
            _ => [],
        };

    private static Dictionary<string, YamlNode> Map(YamlNode? node) =>
        node is YamlMappingNode map
            ? map.Children.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value)
            : [];

    private static string? Text(Dictionary<string, YamlNode> map, string key) =>
        (map.GetValueOrDefault(key) as YamlScalarNode)?.Value;

    [GeneratedRegex("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^exec \./build\.sh [A-Za-z0-9 ./:=_-]+$")]
    private static partial Regex Command();

    [GeneratedRegex(@"secrets\.(\w+)")]
    private static partial Regex Secret();
}
