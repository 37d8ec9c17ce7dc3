using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>A person as a commit names one: anybody may write anything there.</summary>
internal sealed record WrittenName(string Name, string Email);

/// <summary>A commit and who had a hand in it, as it says.</summary>
internal sealed partial record WrittenCommit(string Hash, WrittenName Author, WrittenName Committer, string Message)
{
    /// <summary>By `Co-authored-by`, wherever it stands in the message: rather one too many.</summary>
    public IEnumerable<WrittenName> CoAuthors =>
        CoAuthored()
            .Matches(Message)
            .Select(match => new WrittenName(match.Groups[1].Value.Trim(), match.Groups[2].Value.Trim()));

    [GeneratedRegex(
        @"^[ \t>]*co[- ]?authored[- ]by[ \t]*:[ \t]*([^<\r\n]*)<?([^>\r\n]*)>?",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex CoAuthored();
}

/// <summary>Who had a hand in a release.</summary>
/// <param name="Names">The author of the newest commit first.</param>
/// <param name="Problem">Why they are not known; null: they are.</param>
internal sealed record Hands(ImmutableArray<string> Names, string? Problem)
{
    /// <summary>More commits than these nobody has looked at who approves them.</summary>
    public const int MostCommits = 5000;

    private const int MostNames = 1000;

    public static Hands Unknown(string problem) => new([], problem);

    /// <summary>Pure: by what commits say, where nobody vouches for it.</summary>
    /// <param name="commits">The newest first.</param>
    public static Hands Of(IReadOnlyCollection<WrittenCommit> commits)
    {
        var names = commits
            .SelectMany(commit =>
                new[] { commit.Author, commit.Committer }
                    .Concat(commit.CoAuthors)
                    .SelectMany(person => new[] { person.Name, person.Email })
            )
            .Where(name => name.Length > 0)
            .Distinct()
            .ToImmutableArray();
        return names.FirstOrDefault(name => name.Length > PersonName.Longest) is { } endless
                ? Unknown($"a commit names somebody by {endless.Length} characters")
            : names.Length > MostNames ? Unknown($"more than {MostNames} names")
            : new Hands(names, null);
    }
}
