using Recyclic.Processes;

namespace Recyclic.Build.Running;

/// <summary>Counts the tests that the programs of one attempt of a target say they have run.</summary>
internal sealed class TestTally
{
    private static readonly AsyncLocal<TestTally?> Ambient = new();
    private int _ran;
    private volatile string? _closing;

    /// <summary>Of the target that runs; null where it runs no tests.</summary>
    public static TestTally? Current => Ambient.Value;

    /// <summary>Begins one for what is called from here on.</summary>
    public static TestTally Begin() => Ambient.Value = new();

    public void Take(string line)
    {
        if (TestSummary.Ran(line) is not { } ran)
            return;
        Interlocked.Add(ref _ran, ran);
        if (ran == 0)
            _closing = line.Trim();
    }

    /// <exception cref="TargetFailedException">No closing line has said that a test ran.</exception>
    public void Check(string target)
    {
        if (Volatile.Read(ref _ran) > 0)
            return;
        throw new TargetFailedException(
            $"no test ran: {target} says RunsTests, and {(_closing is { } closing ? $"its programs said '{closing}'" : "none of its programs printed the closing line of a test runner")}\n"
                + "  next    build the tests first where --no-build leaves that out, mend the filter, and let dotnet test print its last line (verbosity minimal or above)"
        );
    }
}

/// <summary>Shows the lines of programs to the tally of the target that starts them.</summary>
internal sealed class TallyingRunner(ICommandRunner runner) : ICommandRunner
{
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        TestTally.Current is { } tally
            ? RunAsync(command, tally, cancellationToken)
            : runner.RunAsync(command, cancellationToken);

    private async Task<CommandResult> RunAsync(Command command, TestTally tally, CancellationToken cancellationToken)
    {
        var lines = 0;
        var result = await runner.RunAsync(
            command with
            {
                OnLine = Seen(command.OnLine),
                OnErrorLine = Seen(command.OnErrorLine ?? command.OnLine),
            },
            cancellationToken
        );
        // A stand-in may have no lines but a text.
        if (Volatile.Read(ref lines) == 0)
            foreach (var line in result.StandardOutput.Split('\n'))
                tally.Take(line.TrimEnd('\r'));
        return result;

        Action<string> Seen(Action<string>? next) =>
            line =>
            {
                Interlocked.Increment(ref lines);
                tally.Take(line);
                next?.Invoke(line);
            };
    }

    public IRunningCommand Start(Command command) => runner.Start(command);
}
