using System.Collections.Immutable;

namespace Recyclic.Build.Changes;

/// <summary>What a target was made of: each thing that may change, with a fingerprint of it. Pure.</summary>
/// <param name="Files">Of each input, its path relative to the root and a hash of its content.</param>
/// <param name="Parameters">Of each parameter that was given, its name and a hash of its value; secrets are left
/// out.</param>
/// <param name="Definition">Changes whenever the definition of the build may have changed.</param>
internal sealed record InputState(
    ImmutableSortedDictionary<string, string> Files,
    ImmutableSortedDictionary<string, string> Parameters,
    string Definition
)
{
    /// <summary>
    /// The first thing that is not as it was, in words, and how many more there are; null: nothing has changed.
    /// </summary>
    public string? ChangeSince(InputState before)
    {
        string[] changes =
        [
            .. Differences(
                before.Files,
                Files,
                name => $"{name} is new",
                name => $"{name} is gone",
                name => $"{name} has changed"
            ),
            .. Differences(
                before.Parameters,
                Parameters,
                name => $"--{name} is given now",
                name => $"--{name} is no longer given",
                name => $"--{name} has changed"
            ),
        ];
        if (changes is [var first, ..])
            return changes.Length > 1 ? $"{first} (and {changes.Length - 1} more)" : first;
        return Definition == before.Definition ? null : "the build itself has changed";
    }

    private static IEnumerable<string> Differences(
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> now,
        Func<string, string> added,
        Func<string, string> removed,
        Func<string, string> changed
    ) =>
        from name in before.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
        let was = before.GetValueOrDefault(name)
        let isNow = now.GetValueOrDefault(name)
        where was != isNow
        select was is null ? added(name)
        : isNow is null ? removed(name)
        : changed(name);
}
