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

    /// <summary>Test classes of a project that are run once more after a failure, at most.</summary>
    private const int MostTriedAgain = 12;

    /// <summary>Test projects that drive a real engine, in the order in which they come after all others.</summary>
    private static readonly string[] Slow = [".Compose.Tests.csproj", ".EndToEnd.Tests.csproj"];
    private readonly List<TestEnding> _endings = [];
    private bool _hasTested;

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
        if (!_hasTested) return;
        foreach (var line in _endings.SelectMany(ending => ending.Lines())) WriteLine(line);
        WriteLine(Counts.ToString());
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
        _hasTested = true;
        ImmutableArray<ImmutableArray<AbsolutePath>> turns = [[.. projects.Where(project => !IsSlow(project))], .. projects.Where(IsSlow).Select(project => ImmutableArray.Create(project))];
        foreach (var together in turns)
        {
            await Parallel.ForEachAsync(together, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken }, async (project, token) =>
            {
                var began = Stopwatch.GetTimestamp();
                var run = await RunTestsAsync(project, "", TestFilter, token);
                lock (_endings) _endings.Add(new(project.NameWithoutExtension, run, null, Stopwatch.GetElapsedTime(began)));
            });
            foreach (var project in together) await TryAgainAsync(project, cancellationToken);
        }
        ReportSummary("Tests", Counts.ToString());
        var broken = _endings.Where(ending => ending.Counts.Failed > 0).Select(ending => ending.Project).Order(StringComparer.Ordinal).ToList();
        if (broken.Count > 0) throw new TargetFailedException($"tests failed in {string.Join(", ", broken)}");
        if (Counts.Passed == 0) throw new TargetFailedException("no test ran");
    }

    private TestCounts Counts => _endings.Aggregate(new TestCounts(0, 0, 0), (sum, ending) => sum + ending.Counts);

    /// <summary>
    /// Whole classes, since a test may go on from where another ended. Where much has failed, it is not for the
    /// machine's sake.
    /// </summary>
    private async Task TryAgainAsync(AbsolutePath project, CancellationToken cancellationToken)
    {
        var at = _endings.FindIndex(ending => ending.Project == project.NameWithoutExtension);
        var classes = _endings[at].First.Failed.Select(failed => failed.Class).Where(name => name.Length > 0).Distinct().ToList();
        if (classes.Count is 0 or > MostTriedAgain) return;
        Log.Warning("{Failed} of {Project:l} failed; {Classes:l} run once more", _endings[at].First.Failed.Length, _endings[at].Project, string.Join(", ", classes));
        _endings[at] = _endings[at] with { Again = await RunTestsAsync(project, "-again", string.Join('|', classes.Select(name => $"FullyQualifiedName~{name}")), cancellationToken) };
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

    private async Task<TestRunFile> RunTestsAsync(AbsolutePath project, string suffix, string? wanted, CancellationToken cancellationToken)
    {
        var results = TestResults / $"{project.NameWithoutExtension}{suffix}.trx";
        string[] filter = wanted is null ? [] : ["--filter", wanted];
        var name = IsSlow(project) ? "" : $"{project.NameWithoutExtension.Split('.')[^2]}: ";
        var test = await DotNetAsync(["test", project, "-c", "Release", "--no-build", "--logger", $"trx;LogFileName={results.Name}",
            "--results-directory", TestResults, .. filter], cancellationToken, name);
        var run = TestRunFile.Read(results);
        return test.Succeeded || !run.Failed.IsEmpty ? run
            : run with { Results = run.Results.Add(new("", project.NameWithoutExtension, "Failed", "outside of its tests, for example in a tear-down; the reason is above", TimeSpan.Zero)) };
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
