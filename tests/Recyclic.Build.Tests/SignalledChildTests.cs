using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>
/// What becomes of the programs that a build has started when it gets a signal, on a terminal and without one.
/// </summary>
[TestFixture(false), TestFixture(true)]
[Platform("Linux"), CancelAfter(60_000)]
public class SignalledChildTests(bool onTerminal)
{
    private DirectoryInfo _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-");

    [TearDown]
    public void TearDown() => _root.Delete(recursive: true);

    [TestCase("INT", "Child", 130)]
    [TestCase("TERM", "Child", 143)]
    [TestCase("KILL", "Child", 137)]
    [TestCase("KILL", "StubbornChild", 137)]
    public async Task A_signal_to_the_build_alone_leaves_no_program_behind(
        string signal,
        string target,
        int exitCode,
        CancellationToken cancellationToken
    )
    {
        await using var build = await StartAsync(cancellationToken, target);
        var children = (await build.UntilAsync("child ", cancellationToken)).Split(' ');
        await build.SignalAsync(signal, cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBe(exitCode, build.Text);
        if (signal != "KILL")
        {
            build.Text.ShouldContain("Child              Aborted");
            build.Text.ShouldContain("Build cancelled on");
        }
        foreach (var child in children)
            await ShouldEndAsync(child, cancellationToken);
    }

    [Test]
    public async Task A_third_signal_leaves_no_program_behind(CancellationToken cancellationToken)
    {
        await using var build = await StartAsync(cancellationToken, "StubbornChild");
        var children = (await build.UntilAsync("child ", cancellationToken)).Split(' ');
        await build.SignalAsync("TERM", cancellationToken);
        await build.SignalAsync("INT", cancellationToken);
        await build.SignalAsync("TERM", cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBeOneOf(143, 130);
        foreach (var child in children)
            await ShouldEndAsync(child, cancellationToken);
    }

    [Test]
    public async Task A_target_that_blocks_for_ever_is_left_behind_after_a_signal(CancellationToken cancellationToken)
    {
        await using var build = await StartAsync(cancellationToken, "Hang", "Clean", "--cancel-timeout", "0.2");
        await build.UntilAsync("ready", cancellationToken);
        await build.SignalAsync("TERM", cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBe(143, build.Text);
        build.Text.ShouldContain("left behind: it ignored its cancellation for 0.2 s");
        build.Text.ShouldContain("cleaned");
    }

    private Task<SignalledBuild> StartAsync(CancellationToken cancellationToken, params string[] arguments) =>
        SignalledBuild.StartAsync(onTerminal, "", _root.FullName, cancellationToken, arguments);

    /// <summary>After a kill the guard takes an instant.</summary>
    private static async Task ShouldEndAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = (
                await new ProcessCommandRunner().RunAsync(Command.Of("ps", "-o", "stat=", "-p", id), cancellationToken)
            ).StandardOutput.Trim();
            if (state.Length == 0 || state[0] == 'Z')
                return;
            await Task.Delay(20, cancellationToken);
        }
    }
}
