using System.Text.RegularExpressions;
using Recyclic.Build;

namespace Recyclic.Docs.Tests;

/// <summary>The code in docs/targets.md is code that compiles, and its plans are plans of it.</summary>
public partial class TargetsPageTests
{
    private const string Page = "docs/targets.md";
    private const string Source = "tests/Recyclic.Docs.Tests/TargetsSnippets.cs";

    public static IEnumerable<string> Names() =>
        Snippet().Matches(Docs.Read(Source)).Select(match => match.Groups[2].Value);

    [Test]
    public void There_are_snippets() => Names().Count().ShouldBeGreaterThan(2);

    [TestCaseSource(nameof(Names))]
    public void A_snippet_is_as_in_the_source(string name)
    {
        var match = Snippet().Matches(Docs.Read(Source)).Single(match => match.Groups[2].Value == name);
        var code = Regex.Replace(match.Groups[3].Value, $"^{match.Groups[1].Value}", "", RegexOptions.Multiline);
        Docs.Block(Page, "snippet: " + name).ShouldBe(code);
    }

    [TestCase("plan: push", "Push", "Clean", "Test")]
    [TestCase("plan: skipped", "Push", "--skip", "Compile")]
    [TestCase("plan: flowchart", "Test", "Clean", "--plan", "mermaid")]
    public async Task A_plan_is_as_shown(string block, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new AbsolutePath(Docs.Root);
        var host = new BuildHost
        {
            Output = output,
            Error = error,
            WorkingDirectory = root,
            RootDirectory = root,
        };
        string[] all = arguments.Contains("--plan") ? arguments : [.. arguments, "--plan"];
        (await RecyclicBuild.RunAsync<Shop>(all, host, CancellationToken.None)).ShouldBe(0, error.ToString());
        Docs.Block(Page, block).ShouldBe(output.ToString());
    }

    [GeneratedRegex(@"^( *)// snippet: (\w+)\n(.*?)^ *// end$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
