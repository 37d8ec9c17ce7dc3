using System.Text.RegularExpressions;

namespace Recyclic.Docs.Tests;

public partial class GlossaryTests
{
    private static readonly Lazy<string> Source = new(() =>
        string.Join(
            '\n',
            Directory
                .GetFiles(Path.Combine(Docs.Root, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file =>
                    !file.Contains(
                        $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                        StringComparison.Ordinal
                    )
                )
                .Select(File.ReadAllText)
        )
    );

    public static IEnumerable<string> Words() =>
        Term()
            .Matches(Docs.Read("docs/glossary.md"))
            .SelectMany(match => match.Groups[1].Value.Split(", ").Select(word => word.Trim('*')));

    [Test]
    public void The_glossary_has_words() => Words().Count().ShouldBeGreaterThan(15);

    /// <summary>Spelled as words or as one name: `health gate` or `HealthGate`.</summary>
    [TestCaseSource(nameof(Words))]
    public void Every_word_of_the_glossary_is_used_in_the_code(string word) =>
        Regex
            .IsMatch(Source.Value, @"(?i)\b\w*" + string.Join("[ -]?", word.Split(' ').Select(Regex.Escape)))
            .ShouldBeTrue(word);

    [GeneratedRegex(@"^\| (\*\*[^|]+\*\*) \|", RegexOptions.Multiline)]
    private static partial Regex Term();
}
