using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Xml.Linq;
using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Processes;
using Serilog;

/// <summary>Our own build. Each further concern is a partial in a file of its own that adds its components.</summary>
partial class Build : RecyclicBuild
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromMinutes(60);

    /// <summary>Test projects at once, of those that leave the engine alone or use it as any stranger does.</summary>
    private static readonly int SideBySide = Math.Min(2, Environment.ProcessorCount);

    /// <summary>Test projects that drive a real engine, in the order in which they come after all others.</summary>
    private static readonly string[] Slow = [".Compose.Tests.csproj", ".EndToEnd.Tests.csproj"];
    private readonly Lock _counting = new();
    private readonly List<string> _endings = [];
    private TestCounts? _counts;

    [Parameter("Runs only the tests that match, as dotnet test --filter does")]
    string? TestFilter { get; set; }

    [Parameter("Runs only these test projects; default: all in tests/, end-to-end last")]
    string[] TestProject { get; set; } = [];

    AbsolutePath TestResults => TemporaryDirectory / "test-results";

    Target Test => _ => _
        .Description("Builds and runs the tests, end-to-end ones last")
        .DependsOn<ISetup>(build => build.Setup)
        .DependsOn(SetupTests)
        .Executes(TestAsync);

    public static int Main() => Execute<Build>(x => x.Test);

    protected override void OnBuildFinished()
    {
        if (_counts is not { } counts) return;
        foreach (var ending in _endings) WriteLine(ending);
        WriteLine(counts.ToString());
    }

    private async Task TestAsync(CancellationToken cancellationToken)
    {
        var projects = TestProjects();
        if (DryRun)
        {
            foreach (var project in projects) WriteLine($"would test {project.NameWithoutExtension}");
            return;
        }
        if (Directory.Exists(TestResults)) Directory.Delete(TestResults, recursive: true);
        await BuildTestsAsync(projects, cancellationToken);
        _counts = new(0, 0, 0);
        var broken = new ConcurrentBag<string>();
        ImmutableArray<ImmutableArray<AbsolutePath>> turns = [[.. projects.Where(project => !IsSlow(project))], .. projects.Where(IsSlow).Select(project => ImmutableArray.Create(project))];
        foreach (var together in turns)
            await Parallel.ForEachAsync(together, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken }, async (project, token) =>
            {
                if (!await RunTestsAsync(project, token)) broken.Add(project.NameWithoutExtension);
            });
        ReportSummary("Tests", _counts.ToString());
        if (!broken.IsEmpty) throw new TargetFailedException($"tests failed in {string.Join(", ", broken.Order(StringComparer.Ordinal))}");
        if (_counts.Passed == 0) throw new TargetFailedException("no test ran");
    }

    private ImmutableArray<AbsolutePath> TestProjects()
    {
        var all = Directory.GetFiles(RootDirectory / "tests", "*.Tests.csproj", SearchOption.AllDirectories)
            .Select(path => new AbsolutePath(path))
            .OrderBy(path => Array.FindIndex(Slow, slow => path.Name.EndsWith(slow, StringComparison.Ordinal)))
            .ThenBy(path => path.Name, StringComparer.Ordinal)
            .ToImmutableArray();
        var names = all.Select(path => path.NameWithoutExtension).ToArray();
        if (TestProject.FirstOrDefault(wanted => !names.Contains(wanted, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new TargetFailedException($"there is no test project {unknown}, only {string.Join(", ", names)}", exitCode: 2);
        return TestProject.Length == 0 ? all : [.. all.Where(path => TestProject.Contains(path.NameWithoutExtension, StringComparer.OrdinalIgnoreCase))];
    }

    /// <summary>One invocation for all projects, so that what they share is evaluated and compiled once.</summary>
    private async Task BuildTestsAsync(ImmutableArray<AbsolutePath> projects, CancellationToken cancellationToken)
    {
        var solution = TemporaryDirectory.CreateDirectory() / "tests.slnx";
        var content = new XElement("Solution", projects.Select(path => new XElement("Project", new XAttribute("Path", path.ToString()))));
        await File.WriteAllTextAsync(solution, content.ToString(), cancellationToken);
        var build = await DotNetAsync(["build", solution, "-c", "Release", "-v:quiet", "-clp:NoSummary", "-nodeReuse:false",
            "-p:ShouldUnsetParentConfigurationAndPlatform=false"], cancellationToken);
        if (!build.Succeeded) throw new TargetFailedException("the tests do not build; the errors are above");
    }

    private async Task<bool> RunTestsAsync(AbsolutePath project, CancellationToken cancellationToken)
    {
        var results = TestResults / $"{project.NameWithoutExtension}.trx";
        string[] filter = TestFilter is null ? [] : ["--filter", TestFilter];
        var name = IsSlow(project) ? "" : $"{project.NameWithoutExtension.Split('.')[^2]}: ";
        var began = Stopwatch.GetTimestamp();
        var test = await DotNetAsync(["test", project, "-c", "Release", "--no-build", "--logger", $"trx;LogFileName={results.Name}",
            "--results-directory", TestResults, .. filter], cancellationToken, name);
        var counts = results.FileExists() ? TestCounts.Read(results) : new(0, 0, 0);
        if (!test.Succeeded && counts.Failed == 0)
        {
            Log.Error("{Project:l} failed outside of its tests, for example in a tear-down; the reason is above. It counts as one that failed", project.NameWithoutExtension);
            counts = counts with { Failed = 1 };
        }
        lock (_counting)
        {
            _counts = _counts! + counts;
            _endings.AddRange(TestEnding.Of(project.NameWithoutExtension, counts, results, Stopwatch.GetElapsedTime(began)));
        }
        return counts.Failed == 0;
    }

    private static bool IsSlow(AbsolutePath project) => Slow.Any(slow => project.Name.EndsWith(slow, StringComparison.Ordinal));

    /// <param name="name">Of whom the lines are, where several speak at once.</param>
    private Task<CommandResult> DotNetAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string name = "") =>
        CommandRunner.RunAsync(
            Command.Of("dotnet", arguments) with
            {
                WorkingDirectory = RootDirectory,
                Timeout = TestTimeout,
                OnLine = line => Log.Information("{Name:l}{Line:l}", name, line),
            },
            cancellationToken);
}

/// <summary>How many tests of a run passed, failed and were skipped.</summary>
sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static TestCounts operator +(TestCounts a, TestCounts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

    /// <summary>Counts the results in a TRX file one by one: its own counters leave skipped tests out.</summary>
    public static TestCounts Read(AbsolutePath file)
    {
        var outcomes = XDocument.Load(file).Descendants().Where(e => e.Name.LocalName == "UnitTestResult").Select(e => e.Attribute("outcome")?.Value).ToArray();
        var passed = outcomes.Count(outcome => outcome == "Passed");
        var skipped = outcomes.Count(outcome => outcome is "NotExecuted" or "Inconclusive");
        return new(passed, outcomes.Length - passed - skipped, skipped);
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");
}
