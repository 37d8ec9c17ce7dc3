using Recyclic.Build;
using Recyclic.Build.Testing;

namespace Recyclic.Workflows.Tests;

/// <summary>The target Workflows on files.</summary>
[CancelAfter(60_000)]
public class CheckTests
{
    private AbsolutePath _root = null!;

    private string Ci => Path.Combine(_root, ".github", "workflows", "ci.yml");

    [SetUp]
    public async Task GenerateAsync()
    {
        _root = Directory.CreateTempSubdirectory("recyclic-workflows-").FullName;
        (await RunAsync()).ExitCode.ShouldBe(0);
    }

    [TearDown]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task Files_as_defined_pass()
    {
        var run = await RunAsync("--check");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("5 workflows are as the build defines them.");
    }

    [Test]
    public async Task A_changed_definition_fails_with_the_difference_and_writes_nothing()
    {
        var before = File.ReadAllText(Ci);
        var run = await RunAsync(
            b => [.. b.All.Select(w => w.Name == "ci" ? w with { Timeout = TimeSpan.FromMinutes(7) } : w)],
            "--check"
        );
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("-    timeout-minutes: 30\n+    timeout-minutes: 7\n");
        run.Output.ShouldContain("ci.yml is older than its definition");
        File.ReadAllText(Ci).ShouldBe(before);
    }

    [Test]
    public async Task A_file_edited_by_hand_fails_the_check()
    {
        File.WriteAllText(
            Ci,
            File.ReadAllText(Ci).Replace("timeout-minutes: 30", "timeout-minutes: 300", StringComparison.Ordinal)
        );
        var run = await RunAsync("--check");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("ci.yml was generated, and edited by hand afterwards");
    }

    [Test]
    public async Task A_file_edited_by_hand_is_overwritten_only_when_that_is_asked_for()
    {
        File.AppendAllText(Ci, "# mine\n");
        var run = await RunAsync();
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldContain("-# mine");
        run.Output.ShouldContain("--overwrite");
        File.ReadAllText(Ci).ShouldEndWith("# mine\n");
        (await RunAsync("--overwrite")).ExitCode.ShouldBe(0);
        File.ReadAllText(Ci).ShouldBe(Shop.Text("ci"));
    }

    [Test]
    public async Task A_file_that_nobody_generated_is_overwritten_only_when_that_is_asked_for()
    {
        File.WriteAllText(Ci, "name: ci\non: push\n");
        (await RunAsync()).ExitCode.ShouldBe(2);
        File.ReadAllText(Ci).ShouldBe("name: ci\non: push\n");
    }

    [Test]
    public async Task Other_peoples_files_are_left_alone()
    {
        File.WriteAllText(Path.Combine(_root, ".github", "workflows", "other.yml"), "name: other\n");
        (await RunAsync("--check")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_file_whose_workflow_is_gone_fails_the_check_and_is_deleted()
    {
        (await RunAsync(b => [b.Ci], "--check")).ExitCode.ShouldBe(1);
        var run = await RunAsync(b => [b.Ci]);
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("production.yml was generated from a workflow that the build no longer defines");
        Directory.GetFiles(Path.GetDirectoryName(Ci)!).ShouldBe([Ci]);
    }

    [Test]
    public async Task A_checkout_with_other_line_ends_is_the_same_file()
    {
        File.WriteAllText(Ci, File.ReadAllText(Ci).ReplaceLineEndings("\r\n"));
        (await RunAsync("--check")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_dry_run_writes_nothing()
    {
        File.Delete(Ci);
        var run = await RunAsync("--dry-run");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("ci.yml is missing");
        File.Exists(Ci).ShouldBeFalse();
    }

    private Task<BuildTestRun> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    private async Task<BuildTestRun> RunAsync(
        Func<ShopBuild, IEnumerable<Workflow>>? definitions,
        params string[] arguments
    )
    {
        ShopBuild.Definitions.Value = definitions;
        return await new BuildTester { RootDirectory = _root }.RunAsync<ShopBuild>(["Workflows", .. arguments]);
    }
}
