using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Processes;
using Recyclic.Terminals;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>A build of 500 targets in a directory of its own, started as its users start it.</summary>
[Platform("Linux"), CancelAfter(300_000)]
public partial class BuildScriptTests
{
    private static readonly TimeSpan PublishTime = TimeSpan.FromMinutes(4);
    private static readonly ImmutableDictionary<string, string> NotOnABuildServer = ImmutableDictionary<
        string,
        string
    >.Empty.Add("CI", "");

    /// <summary>A target that says when it waits, and when it was told to stop.</summary>
    private const string Wait = """
            Target Wait => _ => _.Executes(async cancellationToken =>
            {
                WriteLine("waiting");
                await ((Task)Task.Delay(-1, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                WriteLine("undone");
                cancellationToken.ThrowIfCancellationRequested();
            });


        """;

    private readonly ProcessCommandRunner _runner = new();
    private AbsolutePath _root = null!;
    private string _second = "";

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _root = Directory.CreateTempSubdirectory("recyclic-").FullName;
        (
            await _runner.RunAsync(
                Command.Of(Path.Combine(TestPrograms.Repository, "bench", "startup", "generate.sh"), _root, "500"),
                CancellationToken.None
            )
        ).EnsureSuccess();
        var source = _root / "build" / "Build.cs";
        source.WriteAllText(
            source.ReadAllText().Replace("    Target Nop", Wait + "    Target Nop", StringComparison.Ordinal)
        );
        (await RunAsync("Nop", "--greeting=first")).ShouldContain("first");
        _second = (await StartAsync("Nop")).StandardError;
    }

    [OneTimeTearDown]
    public void TearDown() => _root.DeleteDirectory();

    [Test]
    public void The_lock_file_that_the_first_start_leaves_is_no_reason_to_build_again()
    {
        (_root / "build" / "packages.lock.json").FileExists().ShouldBeTrue();
        _second.ShouldBe("");
    }

    [Test]
    public async Task A_start_writes_nothing_when_nothing_has_changed()
    {
        await RunAsync("Nop");
        var before = Listing();
        before.ShouldContain("build.schema.json");
        (await RunAsync("Nop", "--greeting=again")).ShouldContain("again");
        await RunAsync("--help");
        Listing().ShouldBe(before);
    }

    [Test]
    public async Task A_start_opens_no_file_to_write_and_no_connection()
    {
        if (!File.Exists("/usr/bin/strace"))
            Assert.Ignore("strace is not installed");
        await RunAsync("Nop");
        var traces = _root / "traces";
        // A file for each thread: in a common one the lines of a call may be torn apart.
        string[] options =
        [
            "-ff",
            "-qq",
            "-e",
            "trace=openat,open,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,connect",
            "-o",
            traces.CreateDirectory() / "thread",
        ];
        var run = await _runner.RunAsync(
            Command.Of("strace", [.. options, _root / "build.sh", "Nop"]) with
            {
                Timeout = TimeSpan.FromMinutes(1),
            },
            CancellationToken.None
        );
        var calls = traces.GlobFiles("*").SelectMany(file => file.ReadAllLines()).ToArray();
        traces.DeleteDirectory();
        if (!calls.Any(call => call.Contains("/build.dll\"", StringComparison.Ordinal)))
            Assert.Ignore("strace may not trace here: " + run.StandardError.Trim());
        run.EnsureSuccess();
        calls.Where(call => Writing().IsMatch(call) && !Harmless().IsMatch(call)).ShouldBeEmpty();
    }

    /// <summary>
    /// The next file that a program opens takes the place of one that is closed: a secret would be read from it, or
    /// output written to it.
    /// </summary>
    [TestCase("<&-")]
    [TestCase(">&-")]
    [TestCase("2>&-")]
    [TestCase("<&- >&- 2>&-")]
    public async Task A_stream_that_is_closed_is_an_empty_one_to_the_build(string closed)
    {
        await RunAsync("Nop");
        var seen = _root / "seen";
        var dotnet = (_root / "stand-in" / "dotnet").WriteAllText(
            $"#!/bin/sh\n(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2) >'{seen}'\nexit 0\n"
        );
        (await _runner.RunAsync(Command.Of("chmod", "+x", dotnet), CancellationToken.None)).EnsureSuccess();
        var command = Command.Of(
            "bash",
            "-c",
            $"PATH=\"$1:$PATH\" exec \"$2\" Nop {closed}",
            "bash",
            dotnet.Parent!,
            _root / "build.sh"
        );
        (
            await _runner.RunAsync(command with { Environment = NotOnABuildServer }, CancellationToken.None)
        ).EnsureSuccess();
        var streams = seen.ReadAllLines();
        seen.DeleteFile();
        dotnet.Parent!.DeleteDirectory();
        foreach (var (stream, which) in new[] { (0, "<&-"), (1, ">&-"), (2, "2>&-") })
            (streams[stream] == "/dev/null").ShouldBe(closed.Split(' ').Contains(which), string.Join(", ", streams));
    }

    [Test]
    public async Task The_shell_gets_its_completion_and_a_script_that_is_sourced()
    {
        (await RunAsync(":complete", "./build.sh step49"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Length.ShouldBe(11);
        var script = $"source <({_root / "build.sh"} :completion bash) && complete -p build.sh";
        (await _runner.RunAsync(Command.Of("bash", "-c", script), CancellationToken.None))
            .EnsureSuccess()
            .StandardOutput.ShouldContain("_recyclic_build");
    }

    [Test]
    public async Task A_changed_source_is_built_before_it_runs_but_not_to_complete_a_line()
    {
        var source = _root / "build" / "Build.cs";
        source.WriteAllText(
            source
                .ReadAllText()
                .Replace(
                    "Target Nop",
                    "Target Renamed => _ => _.Executes(() => WriteLine(\"changed\"));\n\n    Target Nop",
                    StringComparison.Ordinal
                )
        );
        (await RunAsync(":complete", "./build.sh Ren")).ShouldBe("");
        (await RunAsync("Renamed")).ShouldContain("changed");
        (await RunAsync(":complete", "./build.sh Ren")).ShouldBe("Renamed\n");
        (_root / ".nuke" / "build.schema.json").ReadAllText().ShouldContain("\"Renamed\"");
    }

    [Test]
    public async Task Only_a_start_that_builds_first_says_so_and_its_compiler_ends_with_it()
    {
        var source = _root / "build" / "Build.cs";
        source.WriteAllText(source.ReadAllText() + "\n// changed");
        (await StartAsync("Nop")).StandardError.ShouldStartWith("Building the build project first");
        Directory.GetDirectories("/proc", "*").Where(IsOfThisBuild).ShouldBeEmpty();
        (await StartAsync("Nop")).StandardError.ShouldBe("");
    }

    [Test]
    public async Task A_publish_of_the_same_content_holds_in_another_clone_and_after_a_change_that_was_taken_back()
    {
        var source = _root / "build" / "Build.cs";
        var original = source.ReadAllText();
        await RunAsync("Nop");
        source.WriteAllText(original + "\n// changed");
        (await StartAsync("Nop")).StandardError.ShouldStartWith("Building the build project first");
        source.WriteAllText(original);
        (await StartAsync("Nop")).StandardError.ShouldBe("");
        (await StartAsync("Nop")).StandardError.ShouldBe("");

        AbsolutePath clone = Directory.CreateTempSubdirectory("recyclic-").FullName;
        try
        {
            foreach (
                var file in Directory
                    .GetFileSystemEntries(_root)
                    .Where(path => Path.GetFileName(path) is not (".nuke" or "hello"))
            )
                (await _runner.RunAsync(Command.Of("cp", "-R", file, clone), CancellationToken.None)).EnsureSuccess();
            var published = new DirectoryInfo(_root / ".nuke" / "temp" / "build")
                .GetFiles("*.content")
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .ToList();
            foreach (
                var file in published.SelectMany(record =>
                    Directory
                        .GetFiles(Path.ChangeExtension(record.FullName, null), "*", SearchOption.AllDirectories)
                        .Prepend(record.FullName)
                )
            )
            {
                var copy = clone / Path.GetRelativePath(_root, file);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            (await StartInAsync(clone, "Nop", "--greeting=carried")).ShouldSatisfyAllConditions(
                ended => ended.StandardError.ShouldBe(""),
                ended => ended.StandardOutput.ShouldContain("carried")
            );
            // One that came in part is not run.
            var current = clone / ".nuke" / "temp" / "build";
            foreach (var record in Directory.GetFiles(current, "*.content"))
                File.Delete(Path.Combine(Path.ChangeExtension(record, null), "Serilog.dll"));
            foreach (var list in Directory.GetFiles(current, "*.inputs"))
                File.Delete(list);
            (await StartInAsync(clone, "Nop", "--greeting=mended")).ShouldSatisfyAllConditions(
                ended => ended.StandardError.ShouldStartWith("Building the build project first"),
                ended => ended.StandardOutput.ShouldContain("mended")
            );
        }
        finally
        {
            clone.DeleteDirectory();
        }
    }

    [Test]
    public async Task An_application_beside_the_build_is_no_input_of_it()
    {
        (_root / "src").DirectoryExists().ShouldBeFalse();
        await StartAsync("Nop");
        (_root / "src" / "Application.cs").WriteAllText("// not of the build");
        (await StartAsync("Nop")).StandardError.ShouldBe("");
        (_root / "src").DeleteDirectory();
    }

    [TestCase("Ctrl-C", 130)]
    [TestCase("TERM", 143)]
    [TestCase("a closed window", 129)]
    public async Task A_first_build_that_is_cancelled_leaves_nothing(string how, int exitCode)
    {
        var source = _root / "build" / "Build.cs";
        var original = source.ReadAllText();
        source.WriteAllText(original + $"\n// changed before {how}");
        using var limit = new CancellationTokenSource(PublishTime);
        var cache = _root / ".nuke" / "temp" / "build";
        var before = Directory.GetFileSystemEntries(cache);
        await using (var terminal = PseudoTerminal.Start([_root / "build.sh", "Nop"], directory: _root))
        {
            await terminal.UntilAsync("Building the build project first", limit.Token);
            while (!Directory.GetDirectories("/proc", "*").Any(process => IsOfThisBuild(process) && IsDotnet(process)))
                await Task.Delay(20, limit.Token);
            if (how == "Ctrl-C")
                terminal.Type(PseudoTerminal.CtrlC);
            else if (how == "TERM")
                (
                    await _runner.RunAsync(Command.Of("kill", "-TERM", $"{terminal.ProcessId}"), limit.Token)
                ).EnsureSuccess();
            else
                await terminal.HangUpAsync();
            (await terminal.Ended.WaitAsync(limit.Token)).ShouldBe(exitCode, terminal.Screen);
            if (how != "a closed window")
                terminal.Screen.ShouldContain("Cancelled while the build project was being built; nothing was run.");
        }
        Directory.GetDirectories("/proc", "*").Where(IsOfThisBuild).ShouldBeEmpty();
        Directory.GetFileSystemEntries(cache).ShouldBe(before, ignoreOrder: true);
        // What follows finds the build that it expects.
        source.WriteAllText(original);
        await RunAsync("Nop");
    }

    private static bool IsDotnet(string process)
    {
        try
        {
            return File.ReadAllText(process + "/comm").Trim() == "dotnet";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<string> RunAsync(params string[] arguments) => (await StartAsync(arguments)).StandardOutput;

    private Task<CommandResult> StartAsync(params string[] arguments) => StartInAsync(_root, arguments);

    private async Task<CommandResult> StartInAsync(AbsolutePath root, params string[] arguments)
    {
        var command = Command.Of(root / "build.sh", arguments) with
        {
            Timeout = PublishTime,
            WorkingDirectory = root,
            Environment = NotOnABuildServer,
        };
        return (await _runner.RunAsync(command, CancellationToken.None)).EnsureSuccess();
    }

    /// <summary>
    /// A process keeps the directory of the script that started it in its environment, wherever it works itself.
    /// </summary>
    private bool IsOfThisBuild(string process)
    {
        try
        {
            return File.ReadAllText(process + "/environ").Contains("PWD=" + _root, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>All that is there with its time; the reports of runs are no part of a start.</summary>
    private string Listing() =>
        string.Join(
            '\n',
            Directory
                .GetFileSystemEntries(_root, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Where(path => !Report().IsMatch(path) && path != _root / ".nuke" / "temp")
                .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")
        );

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT|creat\\(|unlink|rename|mkdir|connect\\(")]
    private static partial Regex Writing();

    /// <summary>What failed, devices, and the runtime's own ports for debuggers.</summary>
    [GeneratedRegex("= -1 |\"/dev/|\"/proc/|/dotnet-diagnostic-|/clr-debug-pipe-|/\\.nuke/temp/run")]
    private static partial Regex Harmless();

    [GeneratedRegex("/\\.nuke/temp/run")]
    private static partial Regex Report();
}
