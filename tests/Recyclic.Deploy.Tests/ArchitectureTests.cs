using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Tests;

/// <summary>Deciding is pure, doing is in one place: the sources say so.</summary>
internal sealed class ArchitectureTests
{
    private static readonly Regex Effects = new(
        @"\bSystem\.(Diagnostics\.Process|IO)\b|\bSystem\.Net\.\w|\bDns\.|\bProcess\.(Start|Get)|\b(File|Directory|Console)\.[A-Z]\w*\(|\b(Socket|TcpClient|TcpListener|HttpClient)\b|\bEnvironment\.|\bDateTime(Offset)?\.(Utc)?Now\b|\bnew Random\b|\bRandom\.Shared\b",
        RegexOptions.CultureInvariant
    );

    /// <summary>The repository's folder.</summary>
    internal static string Root { get; } = FindRoot();

    [Test]
    public void Only_the_adapters_reach_outside()
    {
        var sources = Sources().Where(file => !file.Contains("/Adapters/", StringComparison.Ordinal)).ToList();
        sources.Count.ShouldBeGreaterThan(20);
        Offences(sources, Effects).ShouldBeEmpty();
    }

    [Test]
    public void Model_planning_and_judging_wait_for_nothing_and_know_no_port() =>
        Offences(
                Sources()
                    .Where(file =>
                        file.Contains("/Model/", StringComparison.Ordinal)
                        || file.Contains("/Planning/", StringComparison.Ordinal)
                        || file.Contains("/Judging/", StringComparison.Ordinal)
                    ),
                new Regex(
                    @"\basync\b|\bawait\b|\bTask\b|Recyclic\.Deploy\.(Ports|Running|Adapters)|\bTimeProvider\b",
                    RegexOptions.CultureInvariant
                )
            )
            .ShouldBeEmpty();

    [Test]
    public void What_runs_a_deploy_knows_no_adapter() =>
        Offences(
                Sources().Where(file => !file.Contains("/Adapters/", StringComparison.Ordinal)),
                new Regex(@"Recyclic\.Deploy\.Adapters", RegexOptions.CultureInvariant)
            )
            .ShouldBeEmpty();

    [Test]
    public void Every_delay_outside_the_adapters_asks_the_time_provider() =>
        Offences(
                Sources().Where(file => !file.Contains("/Adapters/", StringComparison.Ordinal)),
                new Regex(@"Task\.Delay\((?![^)]*\btime\b)|Thread\.Sleep|Stopwatch", RegexOptions.CultureInvariant)
            )
            .ShouldBeEmpty();

    [Test]
    public void No_file_is_longer_than_400_lines() =>
        Sources().Where(file => File.ReadLines(file).Count() > 400).ShouldBeEmpty();

    [Test]
    public void Few_files_are_longer_than_250_lines() =>
        Sources().Count(file => File.ReadLines(file).Count() > 250).ShouldBeLessThanOrEqualTo(10);

    private static List<string> Offences(IEnumerable<string> files, Regex offence) =>
        [
            .. from file in files
            from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
            let code = line.text.Split("//")[0]
            where offence.IsMatch(code)
            select $"{Path.GetFileName(file)}:{line.number}: {code.Trim()}",
        ];

    internal static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "src", "Recyclic.Deploy"), "*.cs", SearchOption.AllDirectories)
            .Select(file => file.Replace('\\', '/'))
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
            );

    /// <summary>Not by the compiler's file path: a deterministic build hides it.</summary>
    private static string FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Recyclic.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("No Recyclic.sln above the tests.");
        return root.FullName;
    }
}
