using System.Collections.Immutable;

namespace Recyclic.Build.Versions;

/// <summary>A commit with its parents, the first one first, and the tags on it.</summary>
internal sealed record TaggedCommit(string Id, ImmutableArray<string> Parents, ImmutableArray<string> Tags);

/// <summary>From commits and tags to a version, by MinVer's rules. Pure.</summary>
/// <remarks>
/// From the commit back, first parents first, up to the first version tag on each way; of those the highest version
/// counts, of equal ones the one found first. A way without a tag ends at a root, as 0.0.0. After a pre-release its
/// number of commits is appended; after a release the next one is begun, with <c>alpha.0</c>.
/// </remarks>
internal static class TagHistory
{
    private const string Log = "tag: refs/tags/";

    /// <summary>
    /// Reads <c>git log --format=%H%x09%P%x09%D --decorate=full</c>, of which the first commit is the one in question.
    /// </summary>
    public static ImmutableArray<TaggedCommit> Parse(string log) =>
        [
            .. from line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let parts = line.TrimEnd('\r').Split('\t')
            where parts.Length == 3
            select new TaggedCommit(
                parts[0],
                [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                [
                    .. parts[2]
                        .Split(", ")
                        .Where(name => name.StartsWith(Log, StringComparison.Ordinal))
                        .Select(name => name[Log.Length..]),
                ]
            ),
        ];

    /// <param name="commits">The commit in question first; empty: there is none yet.</param>
    /// <param name="prefix">What tags of versions begin with.</param>
    /// <param name="raised">What is raised after a release.</param>
    /// <param name="preRelease">What a version begins with that no tag names: <c>alpha</c>, <c>0</c>.</param>
    /// <param name="least">The least major and minor number.</param>
    public static TagVersion VersionOf(
        ImmutableArray<TaggedCommit> commits,
        string prefix,
        VersionPart raised,
        ImmutableArray<string> preRelease,
        (int Major, int Minor) least
    )
    {
        if (commits.IsEmpty)
            return TagVersion.None(preRelease).AtLeast(least, preRelease);
        var found = Candidates(commits, prefix, preRelease);
        var (version, height) = found.Aggregate((best, next) => next.Version.CompareTo(best.Version) > 0 ? next : best);
        return version.After(height, raised, preRelease).AtLeast(least, preRelease);
    }

    private static List<(TagVersion Version, int Height)> Candidates(
        ImmutableArray<TaggedCommit> commits,
        string prefix,
        ImmutableArray<string> preRelease
    )
    {
        var byId = commits.ToDictionary(commit => commit.Id);
        var found = new List<(TagVersion, int)>();
        var seen = new HashSet<string>();
        var open = new Stack<(string Id, int Height)>([(commits[0].Id, 0)]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next.Id))
                continue;
            // One that a shallow clone has cut off is as good as a root.
            var commit = byId.GetValueOrDefault(next.Id);
            TagVersion[] versions =
            [
                .. (commit?.Tags ?? []).Select(tag => TagVersion.Of(tag, prefix)).OfType<TagVersion>(),
            ];
            if (versions.Length > 0)
                found.AddRange(versions.Select(version => (version, next.Height)));
            else if (commit is null || commit.Parents.IsEmpty)
                found.Add((TagVersion.None(preRelease), next.Height));
            else
                foreach (var parent in commit.Parents.Reverse())
                    open.Push((parent, next.Height + 1));
        }
        return found;
    }
}
