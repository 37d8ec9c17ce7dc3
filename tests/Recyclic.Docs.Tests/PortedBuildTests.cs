using System.Globalization;
using System.Text.RegularExpressions;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Recyclic.Build;
using Recyclic.Build.Testing;

namespace Recyclic.Docs.Tests;

/// <summary>
/// A build of the usual kind, written for NUKE (<c>Snippets/NukeBuild.txt</c>), and what it is here
/// (<c>Snippets/PortedBuild.cs</c>): it compiles, does its work, and differs in as many lines as docs/from-nuke.md
/// says. </summary>
[CancelAfter(60_000)]
public partial class PortedBuildTests
{
    private const string Page = "docs/from-nuke.md";
    private const string Folder = "tests/Recyclic.Docs.Tests/Snippets/";
    private BuildTester _tester = null!;

    [SetUp]
    public void SetUp()
    {
        _tester = new BuildTester { RootDirectory = Directory.CreateTempSubdirectory("recyclic-port-").FullName };
        (_tester.RootDirectory / "Shop.slnx").WriteAllText(
            """
            <Solution>
              <Project Path="src/Shop/Shop.csproj" />
              <Project Path="tests/A.Tests/A.Tests.csproj" />
              <Project Path="tests/B.Tests/B.Tests.csproj" />
              <Project Path="tests/C.Tests/C.Tests.csproj" />
            </Solution>
            """
        );
        _tester.Commands.On("dotnet").Returns("done");
        _tester.Commands.On("git", "log").Returns("abc1234\t\ttag: refs/tags/1.2.3");
        _tester.Commands.On("git", "rev-parse", "--short", "HEAD").Returns("abc1234");
        _tester.Commands.On("git", "tag").Returns();
    }

    [TearDown]
    public void TearDown() => _tester.RootDirectory.DeleteDirectory();

    [Test]
    public void The_page_says_how_many_lines_change()
    {
        string[] before = Docs.Read(Folder + "NukeBuild.txt").TrimEnd().Split('\n'),
            after = Docs.Read(Folder + "PortedBuild.cs").TrimEnd().Split('\n');
        before.Length.ShouldBeGreaterThanOrEqualTo(150);
        var common = InlineDiffBuilder
            .Diff(string.Join('\n', before), string.Join('\n', after), ignoreWhiteSpace: false)
            .Lines.Count(line => line.Type == ChangeType.Unchanged);
        var figures = Figures().Match(Docs.Read(Page));
        figures.Success.ShouldBeTrue($"{Page} has no 'of its N lines N go, and N come'");
        figures
            .Groups.Values.Skip(1)
            .Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture))
            .ShouldBe(
                [before.Length, before.Length - common, after.Length - common],
                "lines, those that go, those that come"
            );
    }

    [Test]
    public void Nothing_of_NUKE_is_left() =>
        Docs.Read(Folder + "PortedBuild.cs").ShouldNotContain("Nuke", Case.Sensitive);

    [Test]
    public async Task It_compiles_and_tests_its_part()
    {
        var run = await _tester.RunAsync<PackagesBuild>("Test", "--test-partition", "1");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        var root = _tester.RootDirectory;
        run.CommandLines.Where(line => line.StartsWith("dotnet", StringComparison.Ordinal))
            .Order()
            .ShouldBe([
                $"dotnet build {root}/Shop.slnx --configuration Debug -p:AssemblyVersion=1.0.0.0 -p:FileVersion=1.2.3.0 -p:InformationalVersion=1.2.3+abc1234 -p:Deterministic=false -p:ContinuousIntegrationBuild=false --verbosity minimal --no-restore",
                $"dotnet restore {root}/Shop.slnx",
                $"dotnet test {root}/tests/A.Tests/A.Tests.csproj --configuration Debug --filter 'Category!=Slow' --results-directory {root}/artifacts/results --no-build --no-restore --logger 'trx;LogFileName=A.Tests.trx'",
                $"dotnet test {root}/tests/C.Tests/C.Tests.csproj --configuration Debug --filter 'Category!=Slow' --results-directory {root}/artifacts/results --no-build --no-restore --logger 'trx;LogFileName=C.Tests.trx'",
            ]);
        run.Output.ShouldMatch(@"\n  A\.Tests +Succeeded");
        run.Output.ShouldContain("Done with Shop");
    }

    [Test]
    public async Task On_a_build_server_it_releases()
    {
        _tester.Environment["GITHUB_ACTIONS"] = "true";
        _tester.Environment["GITHUB_RUN_NUMBER"] = "7";
        _tester.Environment["NUGET_API_KEY"] = "k3y-k3y-k3y";
        var run = await _tester.RunAsync<PackagesBuild>("Push");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        string.Join(' ', run.Targets.Select(target => target.Name)).ShouldBe("Restore Compile Test Pack Push Announce");
        run.Targets.ShouldAllBe(target => target.Status == ExecutionStatus.Succeeded);
        run.Output.ShouldContain("Released 1.2.3 in run 7");
        run.Targets.Single(target => target.Name == "Pack").Notes.ShouldBe(["Version: 1.2.3"]);
        run.CommandLines.ShouldContain("git tag --force released abc1234");
    }

    [Test]
    public async Task Tests_that_fail_let_the_packages_be_made_and_none_be_sent()
    {
        _tester.Environment["CI"] = "true";
        _tester.Commands.On("dotnet", "test").Fails(1, "Failed!");
        var run = await _tester.RunAsync<PackagesBuild>("Push", "--nuget-api-key", "k3y-k3y-k3y");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("[WRN] Test has failed at abc1234");
        run.StatusOf("Pack").ShouldBe(ExecutionStatus.Succeeded);
        run.StatusOf("Push").ShouldBe(ExecutionStatus.Skipped);
        run.Output.ShouldContain("// 3 of 3 failed: A.Tests, B.Tests, C.Tests");
    }

    [Test]
    public async Task What_it_requires_is_asked_for_before_anything_runs()
    {
        var run = await _tester.RunAsync<PackagesBuild>("Push");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("target Push requires --nuget-api-key");
        run.Error.ShouldContain("target Push requires Configuration == Configuration.Release");
    }

    [Test]
    public async Task Its_workflows_are_written_from_its_targets()
    {
        var run = await _tester.RunAsync<PackagesBuild>("Workflows");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        var files = _tester.RootDirectory / ".github" / "workflows";
        (files / "continuous.yml").ReadAllText().ShouldMatch("fetch-depth: ['\"]?0");
        (files / "release.yml").ReadAllText().ShouldContain("NUGET_API_KEY: ${{ secrets.NUGET_API_KEY }}");
    }

    [GeneratedRegex(@"of its (\d+) lines (\d+) go, and (\d+) come")]
    private static partial Regex Figures();
}
