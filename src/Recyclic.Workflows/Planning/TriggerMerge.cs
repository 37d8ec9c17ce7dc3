using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>Several triggers of one event are one entry of the file, which says each key once. Pure.</summary>
internal static class TriggerMerge
{
    /// <summary>Lists of which GitHub takes each item as a further reason to run.</summary>
    private static readonly ImmutableArray<string> Reasons = ["branches", "tags", "types"];

    /// <summary>What the entry of the event says; null: no entry can mean what these triggers mean together.</summary>
    public static YamlMap? Of(string name, IReadOnlyCollection<Trigger> same)
    {
        if (same.Count == 1)
            return same.First().Filter;
        // One that has no filter is for every event of its kind, and so leaves nothing to add.
        if (same.Any(trigger => trigger.Filter.Entries.IsEmpty))
            return new();
        var keys = same.SelectMany(trigger => trigger.Filter.Entries.Select(entry => entry.Key)).Distinct().ToArray();
        if (same.Any(trigger => trigger.Filter.Entries.Any(entry => !IsMergeable(entry))))
            return null;
        // Of a push, GitHub takes branches and tags as two reasons; any other two keys it takes as conditions that must
        // both hold.
        if (keys.Length > 1 && !(name == "push" && keys.All(key => key is "branches" or "tags")))
            return null;
        return new([
            .. keys.Select(key =>
                (
                    key,
                    (YamlNode)
                        new YamlList([
                            .. same.Select(trigger => trigger.Filter.Find(key))
                                .OfType<YamlList>()
                                .SelectMany(list => list.Items)
                                .Distinct(),
                        ])
                )
            ),
        ]);
    }

    /// <summary>A pattern that excludes takes away from what stands before it, of whichever trigger that is.</summary>
    private static bool IsMergeable((string Key, YamlNode Value) entry) =>
        Reasons.Contains(entry.Key)
        && entry.Value is YamlList list
        && list.Items.All(item => item is YamlText { Value: var text } && !text.StartsWith('!'));
}
