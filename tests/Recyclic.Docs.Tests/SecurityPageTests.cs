using System.Text.RegularExpressions;

namespace Recyclic.Docs.Tests;

/// <summary>What the page about security claims, a test shows: each claim names one, and each that is named is there.</summary>
public partial class SecurityPageTests
{
    private const string Page = "SECURITY.md";

    /// <summary>The tests of the repository by the name of their class.</summary>
    private static readonly Lazy<ILookup<string, string>> Tests = new(() =>
        (
            from file in Directory.EnumerateFiles(Path.Combine(Docs.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
            let text = File.ReadAllText(file)
            from type in TypeName().Matches(text)
            from method in TestMethod().Matches(text)
            select (Type: type.Groups[1].Value, Method: method.Groups[1].Value)
        ).ToLookup(test => test.Type, test => test.Method)
    );

    private static HashSet<string> Methods => [.. Tests.Value.SelectMany(type => type)];

    [Test]
    public void Every_test_that_is_named_there_exists()
    {
        var named = Named(Docs.Read(Page)).ToList();
        named.Count.ShouldBeGreaterThan(50);
        named.Where(name => !Exists(name)).ShouldBeEmpty();
    }

    [Test]
    public void A_test_that_is_not_there_would_be_found()
    {
        Exists("SecurityPageTests.A_test_that_is_not_there_would_be_found").ShouldBeTrue();
        Exists("A_test_that_is_not_there_would_be_found").ShouldBeTrue();
        Exists("SecurityPageTests.A_test_that_never_was").ShouldBeFalse();
        Exists("A_test_that_never_was").ShouldBeFalse();
        Exists("LinkTests.A_test_that_is_not_there_would_be_found").ShouldBeFalse();
    }

    [Test]
    public void Every_claim_names_a_test()
    {
        var claims = new[]
        {
            "What is done about it",
            "What Setup may do, and never does",
            "What a deploy may touch",
        }.SelectMany(section => Bullets(Docs.Section(Page, section)));
        claims.Where(claim => !Named(claim).Any()).ShouldBeEmpty();
        Rows(Docs.Section(Page, "Approvals and gates"))
            .Concat(Rows(Docs.Section(Page, "What a stolen token or machine can do")))
            .Where(row => !Named(row).Any())
            .ShouldBeEmpty();
    }

    [Test]
    public void Dependencies_are_locked_and_CI_restores_by_the_lock_alone()
    {
        var properties = File.ReadAllText(Path.Combine(Docs.Root, "Directory.Build.props"));
        properties.ShouldContain("<RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>");
        properties.ShouldContain("<RestoreLockedMode Condition=\"'$(CI)' == 'true'\">true</RestoreLockedMode>");
        foreach (
            var project in new[] { "src", "build", "tests" }.SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Docs.Root, folder), "*.csproj", SearchOption.AllDirectories)
            )
        )
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))
                .ShouldContain("\"dependencies\"", customMessage: project);
    }

    private static bool Exists(string name) =>
        name.Split('.') is [var type, var method] ? Tests.Value[type].Contains(method) : Methods.Contains(name);

    /// <summary>`Class.Method`, or `Method` alone, which is a sentence.</summary>
    private static IEnumerable<string> Named(string text) =>
        InBackticks().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>Each entry of a list with the lines that belong to it; one that has entries of its own is judged by them.</summary>
    private static IEnumerable<string> Bullets(string section)
    {
        var entry = "";
        foreach (var line in section.Split('\n'))
        {
            var begins = line.TrimStart().StartsWith("- ", StringComparison.Ordinal);
            if ((begins || line.Length == 0) && entry.Length > 0)
            {
                if (!entry.TrimEnd().EndsWith(':'))
                    yield return entry;
                entry = "";
            }
            if (begins || entry.Length > 0)
                entry += line + "\n";
        }
        if (entry.Length > 0)
            yield return entry;
    }

    private static IEnumerable<string> Rows(string section) =>
        section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1);

    [GeneratedRegex(
        @"^\s*(?:public|internal)\s+(?:sealed\s+|abstract\s+|partial\s+)*class\s+(\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeName();

    [GeneratedRegex(@"public\s+(?:async\s+)?(?:Task|void)\s+([A-Z]\w*_\w+)\s*\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`((?:[A-Z]\w*Tests\.|[A-Z]\w*Scenarios\.)?[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]*[a-z][A-Za-z0-9_]*)`")]
    private static partial Regex InBackticks();
}
