using System.Text.Json;
using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>
/// A target that only runs when its inputs have changed is left out when, and only when, nothing has.
/// </summary>
[CancelAfter(20_000)]
public class OnlyWhenChangedTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        Put("src/a.cs", "a").Put("src/deep/b.cs", "b").Put("src/obj/generated.cs", "1").Put("readme.md", "hello");
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [Test]
    public async Task It_runs_first_and_is_left_out_while_nothing_changes()
    {
        var first = await CompileAsync();
        first.StatusOf("Compile").ShouldBe(ExecutionStatus.Succeeded);
        NoteOf(first).ShouldBe("ran because it has not succeeded here before");
        var second = await CompileAsync();
        second.StatusOf("Compile").ShouldBe(ExecutionStatus.Skipped);
        NoteOf(second).ShouldStartWith("Skipped: nothing has changed since 20");
        second.StatusOf("Restore").ShouldBe(ExecutionStatus.Succeeded);
    }

    public static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("changed", "src/a.cs has changed", root => (root / "src/a.cs").WriteAllText("aa"));
        yield return Case("added", "src/c.cs is new", root => (root / "src/c.cs").WriteAllText("c"));
        yield return Case("removed", "src/deep/b.cs is gone", root => (root / "src/deep/b.cs").DeleteFile());
        yield return Case(
            "renamed",
            "src/deep/b.cs is gone (and 1 more)",
            root => File.Move(root / "src/deep/b.cs", root / "src/deep/z.cs")
        );
        yield return Case("emptied", "src/a.cs has changed", root => (root / "src/a.cs").WriteAllText(""));
        yield return Case("product", "output/*.dll is not there", root => (root / "output/shop.dll").DeleteFile());
        yield return Case(
            "record",
            "it has not succeeded here before",
            root => (root / ".nuke/temp/inputs/Compile").WriteAllText("spoilt")
        );

        static TestCaseData Case(string name, string reason, Action<AbsolutePath> change) =>
            new TestCaseData(reason, change).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Changes))]
    public async Task A_change_is_named_and_the_target_runs(string reason, Action<AbsolutePath> change)
    {
        await CompileAsync();
        change(_host.Root);
        var run = await CompileAsync();
        run.StatusOf("Compile").ShouldBe(ExecutionStatus.Succeeded);
        NoteOf(run).ShouldBe("ran because " + reason);
        (await CompileAsync()).StatusOf("Compile").ShouldBe(ExecutionStatus.Skipped);
    }

    [Test]
    public async Task What_is_left_out_of_the_inputs_and_the_time_of_a_file_do_not_count()
    {
        await CompileAsync();
        Put("src/obj/generated.cs", "2").Put("readme.md", "bye");
        File.SetLastWriteTimeUtc(_host.Root / "src/a.cs", DateTime.UtcNow.AddHours(1));
        (await CompileAsync()).StatusOf("Compile").ShouldBe(ExecutionStatus.Skipped);
    }

    [Test]
    public async Task A_parameter_that_is_given_otherwise_counts_and_a_secret_is_in_no_record()
    {
        await CompileAsync("--configuration", "Debug", "--key", "s3cr3t");
        NoteOf(await CompileAsync("--configuration", "Release", "--key", "s3cr3t"))
            .ShouldBe("ran because --configuration has changed");
        NoteOf(await CompileAsync()).ShouldBe("ran because --configuration is no longer given");
        (await CompileAsync("--key", "other")).StatusOf("Compile").ShouldBe(ExecutionStatus.Skipped);
        (_host.Root / ".nuke/temp/inputs/Compile").ReadAllText().ShouldNotContain("key");
    }

    [Test]
    public async Task Another_build_class_is_another_definition()
    {
        await CompileAsync();
        var state = (_host.Root / ".nuke/temp/inputs/Compile");
        var lines = state.ReadAllLines();
        lines[1] = "0 0";
        state.WriteAllLines(lines);
        NoteOf(await CompileAsync()).ShouldBe("ran because the build itself has changed");
    }

    [Test]
    public async Task After_a_failure_it_runs_again_although_the_inputs_are_as_at_the_last_success()
    {
        await CompileAsync();
        Put("src/a.cs", "broken");
        (await CompileAsync()).ExitCode.ShouldBe(1);
        Put("src/a.cs", "a");
        var run = await CompileAsync();
        run.StatusOf("Compile").ShouldBe(ExecutionStatus.Succeeded);
        NoteOf(run).ShouldBe("ran because it has not succeeded here before");
    }

    [Test]
    public async Task An_input_that_changes_while_the_target_runs_counts_the_next_time()
    {
        await CompileAsync();
        Put("src/a.cs", "touch b");
        (await CompileAsync()).ExitCode.ShouldBe(0);
        NoteOf(await CompileAsync()).ShouldBe("ran because src/deep/b.cs has changed");
    }

    [Test]
    public async Task The_plan_says_what_has_changed_and_that_nothing_has()
    {
        (await CompileAsync("--plan")).Output.ShouldContain(
            "Compile  -> Restore  // it has not succeeded here before\n"
        );
        await CompileAsync();
        (await CompileAsync("--plan")).Output.ShouldContain(
            "Compile  -> Restore  // skipped when its turn comes: nothing has changed since 20"
        );
        var json = JsonDocument.Parse((await CompileAsync("--plan", "json")).Output).RootElement.GetProperty("targets")[
            1
        ];
        json.GetProperty("unchanged").GetBoolean().ShouldBeTrue();
        json.GetProperty("changes").GetString()!.ShouldStartWith("nothing has changed since 20");
        json.GetProperty("inputs")[0].GetString().ShouldBe("src");
        Put("src/a.cs", "aa");
        (await CompileAsync("--plan")).Output.ShouldContain("// src/a.cs has changed\n");
    }

    [Test]
    public async Task A_dry_run_says_the_same_and_records_nothing()
    {
        NoteOf(await CompileAsync("--dry-run")).ShouldBe("ran because it has not succeeded here before");
        NoteOf(await CompileAsync()).ShouldBe("ran because it has not succeeded here before");
        Put("src/a.cs", "aa");
        NoteOf(await CompileAsync("--dry-run")).ShouldBe("ran because src/a.cs has changed");
        Put("src/a.cs", "a");
        (await CompileAsync("--dry-run")).StatusOf("Compile").ShouldBe(ExecutionStatus.Skipped);
    }

    [Test]
    public async Task An_input_that_matches_nothing_is_told_and_the_target_is_never_left_out()
    {
        (_host.Root / "src").DeleteDirectory();
        await CompileAsync();
        var run = await CompileAsync();
        run.StatusOf("Compile").ShouldBe(ExecutionStatus.Succeeded);
        run.Output.ShouldContain(
            "[WRN] no file matches the input src of Compile, so it cannot be left out: mend the pattern in OnlyWhenChanged"
        );
    }

    [Test]
    public async Task The_whole_repository_can_be_the_input_and_what_a_run_writes_there_is_none_of_it()
    {
        await _host.RunAsync<WholeBuild>("Check");
        (await _host.RunAsync<WholeBuild>("Check")).StatusOf("Check").ShouldBe(ExecutionStatus.Skipped);
    }

    [Test]
    public async Task A_pattern_that_leaves_the_root_or_is_none_is_a_mistake()
    {
        var run = await _host.RunAsync<MistakenBuild>("Nothing");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "target Nothing has OnlyWhenChanged without an input: write OnlyWhenChanged(\"src\", \"!**/obj/**\")"
        );
        run.Error.ShouldContain(
            $"target Outside has the input '../other': name files, directories or globs below {_host.Root}"
        );
        run.Error.ShouldContain("target Open has the input 'src/[a': name files");
        run = await _host.RunAsync<LosingBuild>("Image");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "target Image has OnlyWhenChanged and the output Digest, which nobody would set when it is left out: let a target of its own set it"
        );
    }

    private OnlyWhenChangedTests Put(string name, string text)
    {
        (_host.Root / name).WriteAllText(text);
        return this;
    }

    private Task<BuildTestRun> CompileAsync(params string[] options) =>
        _host.RunAsync<ChangingBuild>(["Compile", .. options]);

    private static string NoteOf(BuildTestRun run) => run.Targets.Single(target => target.Name == "Compile").Notes[0];

    public class ChangingBuild : RecyclicBuild
    {
        [Parameter]
        public string? Configuration { get; set; }

        [Parameter, Secret]
        public string? Key { get; set; }

        public Target Restore => _ => _.Executes(() => { });

        public Target Compile =>
            _ =>
                _.DependsOn(Restore)
                    .OnlyWhenChanged("src", "!**/obj/**")
                    .Produces("output/*.dll")
                    .Executes(() =>
                    {
                        if (
                            (RootDirectory / "src/a.cs") is var source
                            && source.FileExists()
                            && source.ReadAllText() is var text
                            && text == "broken"
                        )
                            throw new InvalidOperationException("it does not compile");
                        else if (source.FileExists() && source.ReadAllText() == "touch b")
                            (RootDirectory / "src/deep/b.cs").WriteAllText("touched");
                        if (!DryRun)
                            (RootDirectory / "output/shop.dll").WriteAllText("");
                    });
    }

    [Test]
    public async Task A_success_that_its_event_made_a_failure_is_not_recorded()
    {
        (await _host.RunAsync<UnluckyBuild>("Check")).ExitCode.ShouldBe(1);
        var run = await _host.RunAsync<UnluckyBuild>("Check");
        run.ExitCode.ShouldBe(1);
        run.Targets[0].Notes.ShouldContain("ran because it has not succeeded here before");
    }

    [Test]
    public async Task In_memory_nothing_is_written()
    {
        var tester = new BuildTester { RootDirectory = _host.Root };
        (await tester.RunAsync<WholeBuild>("Check")).ExitCode.ShouldBe(0);
        (_host.Root / ".nuke").Exists().ShouldBeFalse();
    }

    public class UnluckyBuild : RecyclicBuild
    {
        public Target Check => _ => _.OnlyWhenChanged("src").Executes(() => { });

        protected internal override void OnTargetSucceeded(string target) => throw new InvalidOperationException("oh");
    }

    public class WholeBuild : RecyclicBuild
    {
        public Target Check => _ => _.OnlyWhenChanged(RootDirectory).Executes(() => { });
    }

    public class LosingBuild : RecyclicBuild
    {
        public Output<string> Digest => GetOutput<string>();

        public Target Image => _ => _.OnlyWhenChanged("src").Outputs(Digest).Executes(() => Digest.Set("sha256:1"));
    }

    public class MistakenBuild : RecyclicBuild
    {
        public Target Nothing => _ => _.OnlyWhenChanged("!src").Executes(() => { });

        public Target Outside => _ => _.OnlyWhenChanged("../other").Executes(() => { });

        public Target Open => _ => _.OnlyWhenChanged("src/[a").Executes(() => { });
    }
}
