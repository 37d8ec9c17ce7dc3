using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.GitLab;

/// <summary>A condition under which the jobs of a workflow are in a pipeline.</summary>
/// <param name="If">In GitLab's language of rules.</param>
/// <param name="Changes">Patterns of which one has changed; empty: whatever has changed.</param>
/// <param name="Comment">What the project has to set up besides; null: nothing.</param>
internal sealed record GitLabRule(string If, ImmutableArray<string> Changes, string? Comment = null);

/// <summary>From reasons to run to GitLab's rules. Pure.</summary>
internal static partial class GitLabTriggers
{
    /// <summary>The variable by which a person or a schedule chooses the workflow.</summary>
    public const string WorkflowVariable = "RUN_WORKFLOW";

    /// <summary>Whoever gives a pipeline its variables.</summary>
    public const string ByHand = "$CI_PIPELINE_SOURCE =~ /^(web|api)$/";

    public static IEnumerable<GitLabRule> Of(NamedWorkflow workflow, BuildGraph graph) =>
        workflow.Source.On.SelectMany(trigger => Of(trigger, workflow.Source.Name, graph)).Distinct();

    public static IEnumerable<string> Mistakes(NamedWorkflow workflow)
    {
        foreach (var trigger in workflow.Source.On)
        {
            string[] known = trigger.Event switch
            {
                "push" => ["branches", "tags", "paths"],
                "pull_request" => ["branches", "paths"],
                "schedule" => ["cron"],
                "workflow_dispatch" => [],
                _ => ["*"],
            };
            if (known is ["*"])
                yield return $"there is no event {trigger.Event}: run the workflow for a push, a merge request, a tag, a schedule or by hand, or leave it to GitHub alone";
            else
                foreach (var (key, _) in trigger.Filter.Entries.Where(entry => !known.Contains(entry.Key)))
                    yield return $"the trigger {trigger.Event} filters by {key}, which has no counterpart: use {(known.Length == 0 ? "none" : string.Join(", ", known))}";
            foreach (
                var pattern in Texts(trigger, "branches")
                    .Concat(Texts(trigger, "tags"))
                    .Where(pattern => !Pattern().IsMatch(pattern))
            )
                yield return $"the pattern '{pattern}' of the trigger {trigger.Event} has more than letters, digits, - _ . / * and **: name the branches or tags, or give them a prefix";
            foreach (
                var path in Texts(trigger, "paths")
                    .Where(path => path.StartsWith('!') || path.Contains('$', StringComparison.Ordinal))
            )
                yield return $"the path '{path}' of the trigger {trigger.Event} excludes files or has a $: name the paths that count";
        }
    }

    private static IEnumerable<GitLabRule> Of(Trigger trigger, string workflow, BuildGraph graph)
    {
        var changes = Texts(trigger, "paths");
        switch (trigger.Event)
        {
            case "push":
                var (branches, tags) = (Texts(trigger, "branches"), Texts(trigger, "tags"));
                if (branches.IsEmpty && tags.IsEmpty)
                    yield return new("$CI_PIPELINE_SOURCE == \"push\"", changes);
                if (!branches.IsEmpty)
                    yield return new(
                        $"$CI_PIPELINE_SOURCE == \"push\" && {Matches("CI_COMMIT_BRANCH", branches)}",
                        changes
                    );
                if (!tags.IsEmpty)
                    yield return new($"$CI_PIPELINE_SOURCE == \"push\" && {Matches("CI_COMMIT_TAG", tags)}", []);
                break;
            case "pull_request":
                var into = Texts(trigger, "branches");
                yield return new(
                    $"$CI_PIPELINE_SOURCE == \"merge_request_event\"{(into.IsEmpty ? "" : $" && {Matches("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", into)}")}",
                    changes
                );
                break;
            case "schedule":
                yield return new(
                    $"$CI_PIPELINE_SOURCE == \"schedule\" && {Chosen(workflow)}",
                    [],
                    $"a schedule of the project: {(trigger.Filter.Find("cron") as YamlText)?.Value} UTC, with {WorkflowVariable}={workflow}"
                );
                break;
            default:
                var required = trigger
                    .Inputs.Where(input => input.IsRequired)
                    .Select(input => $" && ${Parameters.Find(graph, input.Parameter)!.Variable}");
                yield return new($"{ByHand} && {Chosen(workflow)}{string.Concat(required)}", []);
                break;
        }
    }

    private static string Chosen(string workflow) => $"${WorkflowVariable} == \"{workflow}\"";

    private static string Matches(string variable, ImmutableArray<string> patterns) =>
        patterns is [var only] && !only.Contains('*', StringComparison.Ordinal)
            ? $"${variable} == \"{only}\""
            : $"${variable} =~ /^({string.Join('|', patterns.Select(Expression))})$/";

    /// <summary>A star is anything but a slash, two are anything.</summary>
    private static string Expression(string pattern)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
            if (pattern[i] == '*' && pattern.ElementAtOrDefault(i + 1) == '*')
                (_, i) = (text.Append(".*"), i + 1);
            else
                text.Append(
                    pattern[i] switch
                    {
                        '*' => @"[^\/]*",
                        '/' => @"\/",
                        '.' => @"\.",
                        var c => c.ToString(),
                    }
                );
        return text.ToString();
    }

    private static ImmutableArray<string> Texts(Trigger trigger, string key) =>
        trigger.Filter.Find(key) is YamlList list ? [.. list.Items.OfType<YamlText>().Select(text => text.Value)] : [];

    [GeneratedRegex(@"\A[A-Za-z0-9_./*-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
