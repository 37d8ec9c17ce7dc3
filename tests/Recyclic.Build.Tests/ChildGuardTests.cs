using System.Diagnostics;
using System.Globalization;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>Whom the guard of a build kills when the build is gone, and whom it must not.</summary>
[Platform("Unix"), CancelAfter(60_000)]
public class ChildGuardTests
{
    private const string LastNumber = "/proc/sys/kernel/ns_last_pid";
    private const int Tries = 300;
    private readonly List<Process> _started = [];

    [TearDown]
    public void EndAll()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.Dispose();
        }
        _started.Clear();
    }

    [Test]
    public async Task A_program_that_still_runs_is_killed(CancellationToken cancellationToken)
    {
        var program = Sleep();
        await GuardAsync([$"+ {program.Id}"], cancellationToken);
        await program.WaitForExitAsync(cancellationToken);
    }

    [Test]
    public async Task A_program_that_was_let_go_lives_on_and_its_neighbours_in_the_list_do_not(
        CancellationToken cancellationToken
    )
    {
        var (first, letGo, last) = (Sleep(), Sleep(), Sleep());
        await GuardAsync([$"+ {first.Id}", $"+ {letGo.Id}", $"+ {last.Id}", $"- {letGo.Id}"], cancellationToken);
        await first.WaitForExitAsync(cancellationToken);
        await last.WaitForExitAsync(cancellationToken);
        letGo.HasExited.ShouldBeFalse();
    }

    [Test]
    public async Task Who_has_the_number_of_a_program_that_ended_is_left_alone(CancellationToken cancellationToken)
    {
        OrIgnore();
        var program = Sleep();
        var guard = Guard();
        await HaveReadAsync(guard, $"+ {program.Id}", cancellationToken);
        program.Kill();
        await program.WaitForExitAsync(cancellationToken);
        var other = SleepAs(program.Id);
        guard.StandardInput.Close();
        await guard.WaitForExitAsync(cancellationToken);
        other.HasExited.ShouldBeFalse();
    }

    [Test]
    public async Task Who_has_the_number_of_a_program_that_ended_is_left_alone_at_its_timeout_too(
        CancellationToken cancellationToken
    )
    {
        OrIgnore();
        var number = new TaskCompletionSource<int>();
        // What it leaves behind holds its output open, so that it is waited for beyond its end.
        var command = Command.Of("sh", "-c", "setsid sleep 5 & echo $$") with
        {
            Timeout = TimeSpan.FromSeconds(2),
            OnLine = line => number.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture)),
        };
        var run = new ProcessCommandRunner().RunAsync(command, cancellationToken);
        var program = await number.Task.WaitAsync(cancellationToken);
        while (Directory.Exists($"/proc/{program}"))
            await Task.Delay(10, cancellationToken);
        var other = SleepAs(program);
        await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        other.HasExited.ShouldBeFalse();
    }

    [Test]
    public async Task A_program_that_has_ended_is_watched_no_more(CancellationToken cancellationToken)
    {
        var runner = new ProcessCommandRunner();
        await runner.RunAsync(Command.Of("true"), cancellationToken);
        await Should.ThrowAsync<CommandFailedException>(() =>
            runner.RunAsync(
                Command.Of("sleep", "30") with
                {
                    Timeout = TimeSpan.FromMilliseconds(50),
                },
                cancellationToken
            )
        );
        var running = runner.Start(Command.Of("cat"));
        var watched = ChildGuard.Watched;
        await running.DisposeAsync();
        watched.Except(ChildGuard.Watched).Count().ShouldBe(1);
        ChildGuard.Watched.ShouldBeSubsetOf(watched);
    }

    private async Task GuardAsync(IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        var guard = Guard();
        foreach (var line in lines)
            await guard.StandardInput.WriteLineAsync(line);
        guard.StandardInput.Close();
        await guard.WaitForExitAsync(cancellationToken);
    }

    /// <summary>
    /// The guard notes the start time of a program when it reads the line; this waits until it waits for the next one.
    /// That it waits is not enough to know: it still seems to when the line is there and it has not been woken yet.
    /// </summary>
    private static async Task HaveReadAsync(Process guard, string line, CancellationToken cancellationToken)
    {
        while (!await IsWaitingAsync(guard, cancellationToken))
            await Task.Delay(10, cancellationToken);
        var until = await ReadCharactersAsync(guard, cancellationToken) + line.Length + 1;
        await guard.StandardInput.WriteAsync(line + "\n");
        await guard.StandardInput.FlushAsync(cancellationToken);
        while (
            await ReadCharactersAsync(guard, cancellationToken) < until
            || !await IsWaitingAsync(guard, cancellationToken)
        )
            await Task.Delay(10, cancellationToken);
    }

    private static async Task<bool> IsWaitingAsync(Process guard, CancellationToken cancellationToken) =>
        (await File.ReadAllTextAsync($"/proc/{guard.Id}/wchan", cancellationToken)).Contains(
            "pipe",
            StringComparison.Ordinal
        );

    private static async Task<long> ReadCharactersAsync(Process guard, CancellationToken cancellationToken) =>
        long.Parse(
            (await File.ReadAllLinesAsync($"/proc/{guard.Id}/io", cancellationToken)).First(line =>
                line.StartsWith("rchar: ", StringComparison.Ordinal)
            )[7..],
            CultureInfo.InvariantCulture
        );

    private Process Guard()
    {
        var info = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            ArgumentList = { "-c", ChildGuard.Script },
        };
        return Started(Process.Start(info)!);
    }

    private Process Sleep() => Started(Process.Start("setsid", ["sleep", "60"]));

    private static void OrIgnore()
    {
        if (!File.Exists(LastNumber) || Environment.UserName != "root")
            Assert.Ignore("no process can be given a number here: it takes root on Linux");
    }

    private Process SleepAs(int number)
    {
        for (var times = 0; times < Tries; times++)
        {
            File.WriteAllText(LastNumber, (number - 1).ToString(CultureInfo.InvariantCulture));
            if (Sleep() is { } other && other.Id == number)
                return other;
        }
        throw new IgnoreException($"in {Tries} tries no process was given the number: others took it");
    }

    private Process Started(Process process)
    {
        _started.Add(process);
        return process;
    }
}
