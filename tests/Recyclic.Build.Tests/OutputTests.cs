using System.Text.Json;
using Recyclic.Build.Output;
using Serilog;

namespace Recyclic.Build.Tests;

/// <summary>The log of a workflow, its summary page, and the log for programs.</summary>
[CancelAfter(20_000)]
public class OutputTests
{
    private TestHost _host = null!;

    private AbsolutePath Summary => _host.Root / "summary.md";

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task A_workflow_gets_a_group_for_each_target_and_annotations_with_the_place()
    {
        OnGitHub();
        var run = await _host.RunAsync<Noisy>("Compile", "Empty", "Fail");
        run.Output.ShouldContain("::group::Compile\n");
        run.Output.ShouldContain("::endgroup::\n::group::Fail");
        run.Output.ShouldNotContain("::group::Empty");
        run.Output.ShouldNotContain("╬═════════════\n║ Compile");
        // Where sources are mapped, as builds on a server do, their root is that of the repository.
        run.Output.ShouldMatch(@"::error file=(tests/)?src/A\.cs,line=3,col=14,title=CS1002::; expected\n");
        run.Output.ShouldContain("::warning file=/elsewhere/B.cs,line=7,title=CS0168::unused\n");
        run.Output.ShouldContain("::warning title=Compile::100%25 sure\n");
        run.Output.ShouldMatch(
            @"::error file=[^\n]*OutputTests\.cs,line=\d+,col=\d+,title=Fail::InvalidOperationException: it broke\n"
        );
    }

    [Test]
    public async Task A_workflow_gets_a_summary_in_markdown()
    {
        OnGitHub();
        System.IO.File.WriteAllText(Summary, "before\n");
        await _host.RunAsync<Noisy>("Compile", "Empty", "Fail");
        var text = System.IO.File.ReadAllText(Summary);
        text.ShouldStartWith("before\n### Build failed in ");
        text.ShouldContain("| Target | Status | Duration | Notes |\n");
        text.ShouldContain("| Compile | ✅ Succeeded | < 1sec | Files: a\\|b &lt;c> |\n");
        text.ShouldContain("| Fail | ❌ Failed | < 1sec | InvalidOperationException: it broke |\n");
        text.ShouldContain("- [WRN] Compile: 100% sure\n");
        text.ShouldNotContain("Empty");
    }

    [Test]
    public async Task A_summary_that_cannot_be_written_fails_no_build()
    {
        OnGitHub();
        _host.Environment["GITHUB_STEP_SUMMARY"] = _host.Root / "no" / "such" / "directory.md";
        var run = await _host.RunAsync<Noisy>("Compile");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("the step summary could not be written to");
    }

    [TestCase("src/A.cs(3,14): error CS1002: ; expected [/x/a.csproj]", "src/A.cs", 3, 14, "; expected")]
    [TestCase("  /x y/A.cs(3): warning CS1: m", "/x y/A.cs", 3, 0, "m")]
    [TestCase("A.cs(1,2,3,4): error X9: m", "A.cs", 1, 2, "m")]
    public void A_compilers_line_names_a_place(string line, string path, int row, int column, string message)
    {
        var place = SourcePlace.In(line).ShouldNotBeNull();
        (place.Path, place.Line, place.Column, place.Message).ShouldBe((path, row, column, message));
    }

    [TestCase("an error : error in it")]
    [TestCase("MSBUILD : error MSB1009: no project")]
    [TestCase("f(x): error of mine")]
    public void Any_other_line_names_none(string line) => SourcePlace.In(line).ShouldBeNull();

    [Test]
    public async Task The_log_for_programs_is_one_object_a_line()
    {
        var run = await _host.RunAsync<Noisy>("Compile", "Fail", "--log", "json");
        run.ExitCode.ShouldBe(1);
        var lines = run
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        lines.ShouldAllBe(line => line.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        lines
            .Select(line => line.GetProperty("event").GetString())
            .ShouldBe([
                "run-started",
                "target-started",
                "log",
                "output",
                "log",
                "output",
                "target-ended",
                "target-started",
                "log",
                "target-ended",
                "run-ended",
            ]);
        lines[4].GetProperty("level").GetString().ShouldBe("warning");
        lines[4].GetProperty("target").GetString().ShouldBe("Compile");
        lines[^1].GetProperty("outcome").GetString().ShouldBe("failed");
        lines[^1].GetProperty("exitCode").GetInt32().ShouldBe(1);
        lines[^1].GetProperty("targets")[1].GetProperty("status").GetString().ShouldBe("failed");
    }

    [Test]
    public async Task Help_and_plan_are_for_people_in_any_log()
    {
        (await _host.RunAsync<Noisy>("--help", "--log", "json")).Output.ShouldStartWith("Usage:");
        (await _host.RunAsync<Noisy>("Compile", "--plan", "--log", "json")).Output.ShouldStartWith("Plan:");
    }

    [Test]
    public async Task A_document_stands_alone_with_a_log_for_programs_too()
    {
        var run = await _host.RunAsync<Noisy>("Document", "--json", "--log", "json");
        run.Output.ShouldBe("{\"a\":1}\n");
        run.Error.ShouldContain("\"event\":\"run-ended\"");
    }

    private void OnGitHub()
    {
        _host.Environment["GITHUB_ACTIONS"] = "true";
        _host.Environment["GITHUB_WORKSPACE"] = Path.GetDirectoryName(Path.GetDirectoryName(Source()))!;
        _host.Environment["GITHUB_STEP_SUMMARY"] = Summary;
    }

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;

    public class Noisy : RecyclicBuild
    {
        private readonly string _workspace = Path.GetDirectoryName(Path.GetDirectoryName(Source()))!;

        public Target Compile =>
            _ =>
                _.Executes(() =>
                {
                    Log.Information("{Line:l}", $"{_workspace}/src/A.cs(3,14): error CS1002: ; expected [/x/a.csproj]");
                    WriteLine("/elsewhere/B.cs(7): warning CS0168: unused");
                    Log.Warning("100% sure");
                    WriteLine("a line");
                    ReportSummary("Files", "a|b <c>");
                });

        public Target Empty => _ => _.DependsOn(Compile);
        public Target Fail => _ => _.After(Compile).Executes(() => throw new InvalidOperationException("it broke"));
        public Target Document => _ => _.Executes(() => WriteDocument("{\"a\":1}"));
    }
}
