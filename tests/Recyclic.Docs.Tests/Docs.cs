using System.Text.RegularExpressions;

namespace Recyclic.Docs.Tests;

/// <summary>The repository and its prose.</summary>
internal static partial class Docs
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every page that a reader may open, relative to the root.</summary>
    public static IEnumerable<string> Pages =>
        Directory
            .GetFiles(Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal);

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    /// <summary>The fenced block that follows an HTML comment of this name.</summary>
    public static string Block(string page, string name)
    {
        var match = Regex.Match(
            Read(page),
            $"<!-- {Regex.Escape(name)} -->\\s*```[a-z]*\n(.*?)```",
            RegexOptions.Singleline
        );
        match.Success.ShouldBeTrue($"{page} has no block after <!-- {name} -->");
        return match.Groups[1].Value;
    }

    /// <summary>A section of a page, from its headline to the next one of the same level.</summary>
    public static string Section(string page, string headline)
    {
        var match = Regex.Match(
            Read(page),
            $"^## {Regex.Escape(headline)}\n(.*?)(?=^## |\\z)",
            RegexOptions.Singleline | RegexOptions.Multiline
        );
        match.Success.ShouldBeTrue($"{page} has no section '{headline}'");
        return match.Groups[1].Value;
    }

    /// <summary>What stands in backticks in the first column of a section's tables.</summary>
    public static IEnumerable<string> FirstColumn(string section) =>
        section
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Backticks().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value));

    private static string FindRoot()
    {
        var directory = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(directory, "Recyclic.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return directory;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticks();
}
