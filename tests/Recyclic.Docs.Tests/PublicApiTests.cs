using System.Reflection;
using PublicApiGenerator;

namespace Recyclic.Docs.Tests;

/// <summary>
/// What a library offers is a promise. It stands in the folder <c>PublicApi</c> beside this test and changes by a
/// commit that a reviewer sees, never by accident.
/// </summary>
public class PublicApiTests
{
    private const string Accept = "RECYCLIC_ACCEPT_API";
    private static readonly string Folder = Path.Combine(Docs.Root, "tests", "Recyclic.Docs.Tests", "PublicApi");

    public static IEnumerable<string> Libraries =>
        Directory
            .GetFiles(Path.Combine(Docs.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Libraries))]
    public void A_public_API_is_the_one_that_was_approved(string library)
    {
        var file = Path.Combine(Folder, library + ".txt");
        var now =
            Assembly
                .Load(library)
                .GeneratePublicApi(new() { IncludeAssemblyAttributes = false })
                .ReplaceLineEndings("\n")
                .TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(file, now);
        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (now == approved)
            return;
        var changes = string.Join(
            '\n',
            ApiDifference.Between(approved, now).DefaultIfEmpty("only the order of its lines")
        );
        Assert.Fail(
            $"The public API of {library} is not the one in {Path.GetRelativePath(Docs.Root, file)}:\n{changes}\n\nIs it meant? Then accept it, and say so in the commit:\n"
                + $"  {Accept}=1 ./build.sh Test --test-project Recyclic.Docs.Tests --test-filter Name~approved"
        );
    }

    [Test]
    public void Every_approved_API_has_its_library() =>
        Directory
            .GetFiles(Folder)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)
            .ShouldBe(Libraries);

    [Test]
    public void A_difference_names_what_went_and_what_came_with_the_type_that_it_is_of()
    {
        const string Before = """
            namespace Shop
            {
                public class Cart
                {
                    public int Count { get; }
                    public void Clear() { }
                }
                public class Till
                {
                    public int Count { get; }
                }
            }
            """;
        var after = Before
            .Replace(
                "        public void Clear() { }\n",
                "        public void Clear(bool all) { }\n",
                StringComparison.Ordinal
            )
            .Replace("class Till", "sealed class Till", StringComparison.Ordinal);
        ApiDifference
            .Between(Before, after)
            .ShouldBe([
                "- namespace Shop › public class Cart › public void Clear() { }",
                "- namespace Shop › public class Till",
                "- namespace Shop › public class Till › public int Count { get; }",
                "+ namespace Shop › public class Cart › public void Clear(bool all) { }",
                "+ namespace Shop › public sealed class Till",
                "+ namespace Shop › public sealed class Till › public int Count { get; }",
            ]);
    }
}

/// <summary>Pure: compares two texts of an API line by line, each line with those that it stands in.</summary>
internal static class ApiDifference
{
    private const int Indent = 4;

    public static IEnumerable<string> Between(string before, string after)
    {
        string[] old = [.. Lines(before)],
            now = [.. Lines(after)];
        return [.. old.Except(now).Select(line => "- " + line), .. now.Except(old).Select(line => "+ " + line)];
    }

    private static IEnumerable<string> Lines(string text)
    {
        var around = new List<string>();
        foreach (var line in text.Split('\n').Where(line => line.Trim() is not ("" or "{" or "}")))
        {
            var depth = (line.Length - line.TrimStart().Length) / Indent;
            around.RemoveRange(Math.Min(depth, around.Count), Math.Max(0, around.Count - depth));
            around.Add(line.Trim());
            yield return string.Join(" › ", around);
        }
    }
}
