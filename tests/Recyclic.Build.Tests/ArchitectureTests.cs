using System.Text.RegularExpressions;

namespace Recyclic.Build.Tests;

public class ArchitectureTests
{
    [Test]
    public void Only_adapters_touch_console_files_environment_processes_and_clock()
    {
        var library = Library();
        var outside = Directory
            .GetFiles(library, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Regex.IsMatch(Path.GetRelativePath(library, file), "^(Adapters|bin|obj)[/\\\\]"))
            .SelectMany(file =>
                File.ReadLines(file)
                    .Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal))
                    .Select(line => (file, line))
            )
            .Where(found =>
                Regex.IsMatch(
                    found.line,
                    @"(?<![.\w])(Console|File|Directory|Environment|Process|DateTime|DateTimeOffset|Stopwatch)\."
                )
            )
            .Select(found => $"{Path.GetFileName(found.file)}: {found.line.Trim()}");
        outside.ShouldBeEmpty();
    }

    internal static string Library()
    {
        var directory = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(directory, "src", "Recyclic.Build")))
            directory = Path.GetDirectoryName(directory)!;
        return Path.Combine(directory, "src", "Recyclic.Build");
    }
}
