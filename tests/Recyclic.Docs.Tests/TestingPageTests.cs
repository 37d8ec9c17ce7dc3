using System.Text.RegularExpressions;

namespace Recyclic.Docs.Tests;

public partial class TestingPageTests
{
    private const string Page = "docs/testing.md";
    private static readonly string Tests = Path.Combine(Docs.Root, "tests");

    [Test]
    public void Every_test_project_is_on_the_page()
    {
        var projects = Directory
            .GetFiles(Tests, "*.Tests.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);
        Docs.FirstColumn(Docs.Section(Page, "What there is")).ShouldBe(projects);
    }

    [Test]
    public void Every_variable_that_the_tests_read_is_on_the_page_and_no_other()
    {
        var read = Directory
            .GetFiles(Tests, "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains(
                    $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal
                )
            )
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Distinct()
            .Order(StringComparer.Ordinal);
        Docs.FirstColumn(Docs.Section(Page, "How to run them"))
            .Select(text => text.Split('=')[0])
            .Order(StringComparer.Ordinal)
            .ShouldBe(read);
    }

    /// <summary>Not those by which a test talks to the program that it starts.</summary>
    [GeneratedRegex("\"(RECYCLIC_(?:ACCEPT|E2E|FUZZ|MODEL|SETUP)_[A-Z_]+)\"")]
    private static partial Regex Variable();
}
