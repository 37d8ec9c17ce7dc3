using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>
/// A build takes what it is started with, and passes it on to its programs. Signals: <see cref="SignalTests"/>; closed
/// streams: <see cref="BuildScriptTests"/>.
/// </summary>
[Platform("Linux"), CancelAfter(60_000)]
public class InheritedTests
{
    private static readonly string TestProgram = typeof(InheritedTests).Assembly.Location;
    private DirectoryInfo _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-");

    [TearDown]
    public void TearDown() => _root.Delete(recursive: true);

    /// <summary>Two targets side by side: the output of each waits in the folder for temporary files.</summary>
    [TestCase(
        "umask 022",
        "0022",
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
    )]
    [TestCase("umask 077", "0077", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    public async Task Files_are_for_those_whom_the_umask_names_and_text_is_UTF_8_in_every_language(
        string umask,
        string ofProgram,
        UnixFileMode mode,
        CancellationToken cancellationToken
    )
    {
        var temporary = _root.CreateSubdirectory("temporary files").FullName;
        const string Script = "; unset LANG LC_ALL; export TMPDIR=\"$1\"; shift; exec dotnet \"$@\"";
        var command = Command.Of(
            "bash",
            "-c",
            umask + Script,
            "bash",
            temporary,
            TestProgram,
            "Inherits",
            "Clean",
            "--parallel=2",
            "--root",
            _root.FullName
        );
        var build = (await new ProcessCommandRunner().RunAsync(command, cancellationToken)).EnsureSuccess();
        foreach (var line in new[] { ofProgram, temporary, "grüße → 日本", "end" })
            build.StandardOutput.ShouldContain($"[INF] {line}\n");
        var written = new DirectoryInfo(Path.Combine(_root.FullName, ".nuke", "temp")).GetFiles();
        written.Select(file => file.Name).ShouldContain("run.json");
        foreach (var file in written)
            file.UnixFileMode.ShouldBe(mode, file.FullName);
    }
}
