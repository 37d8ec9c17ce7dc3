using Recyclic.Workflows.Checking;

namespace Recyclic.Workflows.Tests;

/// <summary>What `Workflows --check` shows of a file that is not as the build defines it.</summary>
internal sealed class LineDiffTests
{
    private const string Head = "--- ci.yml\n+++ ci.yml, as the build defines it\n";

    [Test]
    public void Each_change_has_three_lines_around_it()
    {
        var before = Numbers(20);
        var after = before
            .Replace("5\n", "five\n", StringComparison.Ordinal)
            .Replace("\n16\n", "\n", StringComparison.Ordinal);
        Of(before, after)
            .ShouldBe(
                Head
                    + "@@ line 2 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ line 12 @@\n 12\n 13\n 14\n-15\n+1five\n-16\n 17\n 18\n 19\n"
            );
    }

    [TestCase("", "a\nb\n", "@@ line 1 @@\n+a\n+b\n")]
    [TestCase("a\nb\n", "", "@@ line 1 @@\n-a\n-b\n")]
    [TestCase("a\n", "a\n", "")]
    [TestCase("a\r\n", "a\n", "@@ line 1 @@\n-a\r\n+a\n")]
    [TestCase("a\n b\n", "a\nb\n", "@@ line 1 @@\n a\n- b\n+b\n")]
    public void Nothing_white_is_passed_over(string before, string after, string expected) =>
        Of(before, after).ShouldBe(Head + expected);

    [Test, CancelAfter(60_000)]
    public void A_file_of_any_length_has_a_difference() =>
        Of(Numbers(20_000), Numbers(20_001)).ShouldEndWith("@@ line 19998 @@\n 19998\n 19999\n 20000\n+20001\n");

    private static string Of(string before, string after) => LineDiff.Of("ci.yml", before, after);

    private static string Numbers(int count) =>
        string.Concat(Enumerable.Range(1, count).Select(number => $"{number}\n"));
}
