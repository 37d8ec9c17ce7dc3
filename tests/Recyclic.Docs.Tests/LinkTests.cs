using System.Text.RegularExpressions;

namespace Recyclic.Docs.Tests;

public partial class LinkTests
{
    /// <summary>Written by a run, or by the reader: no checkout has them.</summary>
    private static readonly string[] MadeLater = [".nuke/temp", ".nuke/parameters.", "logs/"];

    [TestCaseSource(typeof(Docs), nameof(Docs.Pages))]
    public void Every_relative_link_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Docs.Root, page))!;
        var broken = Link()
            .Matches(Docs.Read(page))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#'))
            .Where(link => !Path.Exists(Path.Combine(folder, link.Split('#')[0])));
        broken.ShouldBeEmpty();
    }

    [TestCaseSource(typeof(Docs), nameof(Docs.Pages))]
    public void Every_anchor_is_a_headline(string page)
    {
        var folder = Path.GetDirectoryName(page)!;
        var broken =
            from match in Link().Matches(Docs.Read(page))
            let link = match.Groups[1].Value
            where link.Contains('#') && !link.Contains("://", StringComparison.Ordinal)
            let target = link.StartsWith('#')
                ? page
                : Path.GetRelativePath(Docs.Root, Path.GetFullPath(Path.Combine(Docs.Root, folder, link.Split('#')[0])))
            where target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(target).Contains(link.Split('#')[1])
            select link;
        broken.ShouldBeEmpty();
    }

    [TestCaseSource(typeof(Docs), nameof(Docs.Pages))]
    public void Every_file_named_in_backticks_exists(string page)
    {
        var missing = RepositoryPath()
            .Matches(Docs.Read(page))
            .Select(match => match.Groups[1].Value)
            .Where(path => !MadeLater.Any(later => path.StartsWith(later, StringComparison.Ordinal)))
            .Where(path => !Path.Exists(Path.Combine(Docs.Root, path)));
        missing.ShouldBeEmpty();
    }

    private static HashSet<string> Anchors(string page) =>
        [
            .. Headline()
                .Matches(Docs.Read(page))
                .Select(match =>
                    NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')
                ),
        ];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|build|tests|docs|samples|bench|\.ci|\.github|\.nuke)/[^`\s]*)`")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headline();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
