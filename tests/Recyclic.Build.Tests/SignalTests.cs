namespace Recyclic.Build.Tests;

/// <summary>
/// Interrupt, terminate and hang-up, as a build without a terminal gets them and as one on a terminal does.
/// </summary>
[TestFixture(false), TestFixture(true)]
[Platform("Linux"), CancelAfter(60_000)]
public class SignalTests(bool onTerminal)
{
    private DirectoryInfo _root = null!;

    /// <summary>The build's own root, so that its report does not take the place of the repository's.</summary>
    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-");

    [TearDown]
    public void TearDown() => _root.Delete(recursive: true);

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    public async Task A_signal_cancels_undoes_and_sums_up(
        string signal,
        int exitCode,
        CancellationToken cancellationToken
    )
    {
        await using var build = await StartAsync("", cancellationToken, "NeverReached", "Clean");
        await build.UntilAsync("ready", cancellationToken);
        await build.SignalAsync(signal, cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBe(exitCode, build.Text);

        build.Text.ShouldContain($"SIG{signal}: cancelling");
        build.Text.ShouldContain("undone");
        build.Text.ShouldContain("cleaned");
        build.Text.ShouldContain("Wait               Aborted");
        build.Text.ShouldContain("NeverReached       NotRun");
        build.Text.ShouldContain("Build cancelled on");
        build.Text.ShouldNotContain("reached\n");
    }

    [Test]
    public async Task A_build_that_has_used_the_console_before_it_began_can_be_cancelled(
        CancellationToken cancellationToken
    )
    {
        await using var build = await StartAsync("export RECYCLIC_TEST_CONSOLE_FIRST=1;", cancellationToken, "Wait");
        await build.UntilAsync("ready", cancellationToken);
        await build.SignalAsync("INT", cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBe(130, build.Text);
        build.Text.ShouldContain("undone");
    }

    [TestCase("", "INT", 130)]
    [TestCase("export RECYCLIC_TEST_CONSOLE_FIRST=1; ", "INT", 130)]
    [TestCase("", "TERM", 143)]
    public async Task A_background_job_of_a_script_can_be_cancelled(
        string before,
        string signal,
        int exitCode,
        CancellationToken cancellationToken
    )
    {
        await using var build = await StartAsync(before + "trap '' INT TERM;", cancellationToken, "Wait");
        await build.UntilAsync("ready", cancellationToken);
        await build.SignalAsync(signal, cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBe(exitCode, build.Text);
        build.Text.ShouldContain("undone");
    }

    /// <summary>Under <c>nohup</c>, with its output where nohup puts it or not.</summary>
    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public async Task A_hang_up_that_was_ignored_at_the_start_stays_ignored_and_all_else_cancels(
        string signal,
        int exitCode,
        CancellationToken cancellationToken
    )
    {
        await using var build = await StartAsync("trap '' HUP;", cancellationToken, "Wait");
        await build.UntilAsync("ready", cancellationToken);
        await build.SignalAsync("HUP", cancellationToken);
        await build.SignalAsync(signal, cancellationToken);
        (await build.EndAsync(cancellationToken)).ShouldBe(exitCode, build.Text);
        build.Text.ShouldNotContain("SIGHUP");
    }

    [Test]
    public async Task A_second_signal_says_what_a_third_would_leave_and_ends_nothing(
        CancellationToken cancellationToken
    )
    {
        await using var build = await StartAsync("", cancellationToken, "SlowUndo");
        await build.UntilAsync("ready", cancellationToken);
        await build.SignalAsync("INT", cancellationToken);
        await build.UntilAsync("undoing", cancellationToken);
        await build.SignalAsync("INT", cancellationToken);
        await build.UntilAsync("half a wall", cancellationToken);
        File.WriteAllText(Path.Combine(_root.FullName, "go-on"), "");
        (await build.EndAsync(cancellationToken)).ShouldBe(130, build.Text);
        build.Text.ShouldContain(
            "SIGINT again: still waiting for SlowUndo. A third signal would end it where it is and leave:\n  half a wall\n"
        );
        build.Text.ShouldContain("undone");
        build.Text.ShouldContain("Build cancelled on");
    }

    [Test]
    public async Task A_third_signal_stops_the_wait(CancellationToken cancellationToken)
    {
        await using var build = await StartAsync("", cancellationToken, "Stubborn");
        await build.UntilAsync("ready", cancellationToken);
        // Two of a kind that come before the first is seen are one, and of two that are pending the later may be handed
        // over first.
        foreach (var signal in new[] { "INT", "TERM", "INT", "TERM", "INT", "TERM" })
        {
            try
            {
                await build.SignalAsync(signal, cancellationToken);
            }
            catch (Exception exception)
                when (exception is Recyclic.Processes.CommandFailedException or ShouldAssertException)
            {
                // It has ended already.
                break;
            }
            await Task.Delay(50, cancellationToken);
        }
        (await build.EndAsync(cancellationToken)).ShouldBeOneOf([130, 143], build.Text);
        build.Text.ShouldContain("not waiting any longer");
    }

    private Task<SignalledBuild> StartAsync(
        string before,
        CancellationToken cancellationToken,
        params string[] arguments
    ) => SignalledBuild.StartAsync(onTerminal, before, _root.FullName, cancellationToken, arguments);
}
