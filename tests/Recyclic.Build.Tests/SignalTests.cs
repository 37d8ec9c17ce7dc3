using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

[Platform("Unix"), CancelAfter(30_000)]
public class SignalTests
{
    private static readonly string TestProgram = typeof(SignalTests).Assembly.Location;
    private readonly ProcessCommandRunner _runner = new();
    private DirectoryInfo _root = null!;

    /// <summary>The build's own root, so that its report does not take the place of the repository's.</summary>
    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-");

    [TearDown]
    public void TearDown() => _root.Delete(recursive: true);

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    public async Task A_signal_cancels_undoes_and_sums_up(string signal, int exitCode, CancellationToken cancellationToken)
    {
        await using var build = Start(["NeverReached", "Clean"]);
        var lines = build.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await ReadToAsync(lines, "ready");
        await SignalAsync(signal, build, cancellationToken);
        var rest = await RestAsync(lines);
        var ended = await build.Ended.WaitAsync(cancellationToken);

        ended.ExitCode.ShouldBe(exitCode);
        ended.StandardError.ShouldContain($"SIG{signal}: cancelling");
        rest.ShouldContain("undone");
        rest.ShouldContain("cleaned");
        rest.ShouldContain("Wait               Aborted");
        rest.ShouldContain("NeverReached       NotRun");
        rest.ShouldContain("Build cancelled on");
        rest.ShouldNotContain("reached\n");
    }

    [Test]
    public async Task A_second_signal_stops_the_wait(CancellationToken cancellationToken)
    {
        await using var build = Start(["Stubborn"]);
        var lines = build.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await ReadToAsync(lines, "ready");
        await SignalAsync("INT", build, cancellationToken);
        await SignalAsync("TERM", build, cancellationToken);
        var ended = await build.Ended.WaitAsync(cancellationToken);
        // Of two signals that are pending the system may hand over the later one first.
        ended.ExitCode.ShouldBeOneOf(130, 143);
        ended.StandardError.ShouldContain("not waiting any longer");
    }

    [Test]
    public async Task A_background_job_of_a_script_can_be_interrupted(CancellationToken cancellationToken)
    {
        await using var build = Start("trap '' INT; ", ["Wait"]);
        var lines = build.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await ReadToAsync(lines, "ready");
        await SignalAsync("INT", build, cancellationToken);
        (await build.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(130);
    }

    private IRunningCommand Start(string[] targets) => Start("", targets);

    private IRunningCommand Start(string before, string[] targets) =>
        _runner.Start(Command.Of("bash", ["-c", before + "echo $$; exec dotnet \"$@\"", "bash", TestProgram, .. targets, "--root", _root.FullName]));

    private int _processId;

    private async Task ReadToAsync(IAsyncEnumerator<string> lines, string end)
    {
        (await lines.MoveNextAsync()).ShouldBeTrue();
        _processId = int.Parse(lines.Current, System.Globalization.CultureInfo.InvariantCulture);
        while (await lines.MoveNextAsync())
            if (lines.Current.EndsWith(end, StringComparison.Ordinal))
                return;
        Assert.Fail($"the build ended without saying {end}");
    }

    private static async Task<string> RestAsync(IAsyncEnumerator<string> lines)
    {
        var text = new StringWriter();
        while (await lines.MoveNextAsync()) text.WriteLine(lines.Current);
        return text.ToString();
    }

    private async Task SignalAsync(string signal, IRunningCommand build, CancellationToken cancellationToken)
    {
        build.Ended.IsCompleted.ShouldBeFalse();
        (await _runner.RunAsync(Command.Of("kill", $"-{signal}", $"{_processId}"), cancellationToken)).EnsureSuccess();
    }
}
