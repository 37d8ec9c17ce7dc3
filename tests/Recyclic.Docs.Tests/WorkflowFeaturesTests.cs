using System.Reflection;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Workflows;

namespace Recyclic.Docs.Tests;

/// <summary>
/// The table of what others write in their workflows: what is said to be typed is a member that is there.
/// </summary>
public partial class WorkflowFeaturesTests
{
    private const double LeastTyped = 0.95;
    private static readonly string Section = Docs.Section("docs/workflows.md", "Twelve workflows of others");
    private static readonly ILookup<string, Type> Types = new[]
    {
        typeof(Workflow).Assembly,
        typeof(RecyclicBuild).Assembly,
    }
        .SelectMany(assembly => assembly.GetExportedTypes())
        .ToLookup(type => type.Name);

    private static readonly (string Feature, string In, string TypedAs)[] Rows =
    [
        .. Section
            .Split('\n')
            .Where(line =>
                line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| feature |", StringComparison.Ordinal)
            )
            .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())
            .Select(cells => (cells[1], cells[2], cells[3])),
    ];

    public static IEnumerable<TestCaseData> Features() =>
        Rows.Select(row => new TestCaseData(row.TypedAs).SetArgDisplayNames(row.Feature));

    [TestCaseSource(nameof(Features))]
    public void A_feature_is_a_public_member_or_says_why_not(string typedAs)
    {
        if (typedAs.StartsWith("not: ", StringComparison.Ordinal))
            return;
        var members = Member().Matches(typedAs).ToArray();
        members.ShouldNotBeEmpty(typedAs);
        foreach (var member in members)
            Types[member.Groups[1].Value]
                .SelectMany(type =>
                    type.GetMember(
                        member.Groups[2].Value,
                        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
                    )
                )
                .ShouldNotBeEmpty(member.Value);
    }

    [Test]
    public void Nearly_all_of_them_are_typed_and_the_page_counts_them_rightly()
    {
        var typed = Rows.Count(row => !row.TypedAs.StartsWith("not: ", StringComparison.Ordinal));
        (typed / (double)Rows.Length).ShouldBeGreaterThanOrEqualTo(LeastTyped);
        Section.ShouldContain($"{typed} of {Rows.Length} features can be said typed");
    }

    [Test]
    public void They_are_of_twelve_repositories_each_of_which_has_some()
    {
        string[] named = [.. Repository().Matches(Section).Select(match => match.Groups[1].Value)];
        named.Length.ShouldBe(12);
        foreach (var letter in named)
            Rows.Count(row => row.In.Split(' ').Contains(letter)).ShouldBeGreaterThan(5, letter);
        Rows.SelectMany(row => row.In.Split(' ')).Distinct().Except(named).ShouldBeEmpty();
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+)\\.([A-Z][A-Za-z]+)`")]
    private static partial Regex Member();

    [GeneratedRegex(@"\*\*([a-l])\*\*\s+[A-Za-z-]+/[A-Za-z.-]+\s+\(")]
    private static partial Regex Repository();
}
