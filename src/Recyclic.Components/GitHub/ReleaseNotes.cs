using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Recyclic.Components.GitHub;

/// <summary>One commit by the Conventional Commits convention.</summary>
/// <param name="Type">For example `feat`; empty: the message does not follow the convention.</param>
internal sealed partial record ConventionalCommit(string Type, string? Scope, bool IsBreaking, string Subject)
{
    /// <summary>What breaks, in the footer's words; null: the subject says it, or nothing does.</summary>
    public string? Breaking { get; init; }

    public static ConventionalCommit Parse(string message)
    {
        var lines = message.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var footer = lines
            .Skip(1)
            .Select(line => Footer().Match(line))
            .FirstOrDefault(match => match.Success)
            ?.Groups[1]
            .Value;
        return Header().Match(lines[0]) is { Success: true } match
            ? new ConventionalCommit(
                match.Groups[1].Value.ToLowerInvariant(),
                match.Groups[2] is { Success: true } scope ? scope.Value : null,
                match.Groups[3].Success || footer is not null,
                match.Groups[4].Value.Trim()
            )
            {
                Breaking = footer,
            }
            : new ConventionalCommit("", null, footer is not null, lines[0].Trim()) { Breaking = footer };
    }

    [GeneratedRegex(@"\A([A-Za-z]+)(?:\(([^()]+)\))?(!)?: (.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    [GeneratedRegex(@"\ABREAKING[ -]CHANGE: (.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Footer();
}

/// <summary>Pure: what is new in a release, for people, from its commits' messages.</summary>
internal static partial class ReleaseNotes
{
    private const int LongestLine = 300;

    private static readonly (string Heading, Func<ConventionalCommit, bool> Has)[] Sections =
    [
        ("Breaking changes", commit => commit.IsBreaking),
        ("Features", commit => commit.Type == "feat"),
        ("Fixes", commit => commit.Type == "fix"),
        ("Performance", commit => commit.Type == "perf"),
        (
            "Migrations",
            commit => commit.Type is "migration" or "migrate" || commit.Scope is "migration" or "migrations" or "db"
        ),
    ];

    /// <param name="messages">Newest first, as `git log` has them.</param>
    /// <param name="since">The release before; null: this is the first.</param>
    public static string From(IEnumerable<string> messages, string? since)
    {
        var commits = messages.Where(message => message.Length > 0).Select(ConventionalCommit.Parse).ToImmutableArray();
        var text = new StringBuilder();
        foreach (var (heading, has) in Sections)
        {
            var own = commits
                .Where(has)
                .Select(commit => Line(commit, heading == "Breaking changes"))
                .Distinct()
                .ToList();
            if (own.Count > 0)
                text.Append($"## {heading}\n\n{string.Join('\n', own)}\n\n");
        }
        var others = commits.Count(commit => !Sections.Any(section => section.Has(commit)));
        if (others > 0)
            text.Append(
                text.Length == 0
                    ? $"{others} {Changes(others)} without a note for users.\n\n"
                    : $"And {others} other {Changes(others)}.\n\n"
            );
        text.Append(since is null ? "The first release." : $"Since {since}.");
        return text.ToString();
    }

    private static string Changes(int count) => count == 1 ? "change" : "changes";

    private static string Line(ConventionalCommit commit, bool breaking)
    {
        var words = breaking ? commit.Breaking ?? commit.Subject : commit.Subject;
        if (words.Length > LongestLine)
            words = words[..LongestLine] + "…";
        return $"- {(commit.Scope is { } scope ? $"**{Plain(scope)}**: " : "")}{Plain(words)}";
    }

    /// <summary>A message cannot wake anybody by a mention, nor bring markup of its own.</summary>
    private static string Plain(string text) =>
        Mention().Replace(PrintableText.Of(text).Replace("<", "&lt;", StringComparison.Ordinal), "@\u200b$1");

    [GeneratedRegex("@([A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();
}
