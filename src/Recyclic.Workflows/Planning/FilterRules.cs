using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>What the filters of a trigger must be. Pure.</summary>
internal static class FilterRules
{
    private static readonly string[] Kinds = ["branches", "tags", "paths"];
    private static readonly string[] WithPaths = ["push", "pull_request", "pull_request_target"];
    private static readonly string[] WithBranches = [.. WithPaths, "workflow_run", "merge_group"];

    public static IEnumerable<string> Mistakes(Trigger trigger)
    {
        var name = trigger.Event;
        foreach (
            var (key, value) in trigger.Filter.Entries.Where(entry => entry.Value is YamlList { Items.IsEmpty: true })
        )
            yield return $"the trigger {name} filters by {key} and names none: name some, or leave the filter out";
        foreach (
            var kind in Kinds.Where(kind =>
                trigger.Filter.Find(kind) is not null && trigger.Filter.Find(kind + "-ignore") is not null
            )
        )
            yield return $"the trigger {name} has both {kind} and {kind}-ignore, of which GitHub takes one: write what to leave out as a pattern with ! in front, behind the others";
        foreach (
            var kind in Kinds.Where(kind =>
                trigger.Filter.Find(kind) is YamlList { Items.IsEmpty: false } list
                && list.Items.All(item => item is YamlText { Value: var text } && text.StartsWith('!'))
            )
        )
            yield return $"the trigger {name} has {kind} that only exclude, and so nothing would match: name what counts first, or say Except…";
        if (!WithPaths.Contains(name) && trigger.Filter.Entries.Any(entry => entry.Key is "paths" or "paths-ignore"))
            yield return $"the trigger {name} filters by paths, which only a push and a pull request have: leave that out";
        if (
            !WithBranches.Contains(name)
            && trigger.Filter.Entries.Any(entry => entry.Key is "branches" or "branches-ignore")
        )
            yield return $"the trigger {name} filters by branches, which it does not have: leave that out";
        if (name != "push" && trigger.Filter.Entries.Any(entry => entry.Key is "tags" or "tags-ignore"))
            yield return $"the trigger {name} filters by tags, which only a push has: leave that out";
        if (name == "push" && trigger.Filter.Find("types") is not null)
            yield return "the trigger push filters by types, of which a push has none: leave that out";
    }
}
