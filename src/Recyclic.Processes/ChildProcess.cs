using System.ComponentModel;
using System.Diagnostics;
using CliWrap;

namespace Recyclic.Processes;

/// <summary>
/// One program that CliWrap has started. It is watched by <see cref="ChildGuard"/> until it is disposed of, which ends
/// it if it still runs.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly CancellationTokenSource _letGo = new();
    private readonly TaskCompletionSource _watched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process? _process;

    /// <param name="input">What it reads; its standard input is closed behind that.</param>
    /// <param name="output">Reads its standard output to the end.</param>
    /// <param name="error">Reads its standard error to the end.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public ChildProcess(
        Command command,
        PipeSource input,
        Func<Stream, CancellationToken, Task> output,
        Func<Stream, CancellationToken, Task> error
    )
    {
        var (program, arguments) = Setsid is null
            ? (command.Program, command.Arguments)
            : (Setsid, command.Arguments.Insert(0, command.Program));
        var wrapped = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithEnvironmentVariables(VariablesOf(command))
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(input)
            .WithStandardOutputPipe(PipeTarget.Create(WatchedFirst(output)))
            .WithStandardErrorPipe(PipeTarget.Create(WatchedFirst(error)));
        if (command.WorkingDirectory is { } directory)
            wrapped = wrapped.WithWorkingDirectory(directory);
        ChildGuard.Start();
        var running = wrapped.ExecuteAsync(_letGo.Token);
        Id = running.ProcessId;
        ChildGuard.Watch(Id);
        _watched.SetResult();
        _process = Find(Id);
        Ended = ExitCodeAsync(running.Task);
    }

    /// <summary>
    /// Where there is this program, children get a session of their own, and lead its group of processes.
    /// </summary>
    public static string? Setsid { get; } = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    public int Id { get; }

    /// <summary>Its exit code, once it has ended and all of its output was read.</summary>
    public Task<int> Ended { get; }

    /// <summary>Whether it has ended; somebody that it left behind may still hold its output.</summary>
    public bool HasExited => _process is null or { HasExited: true };

    /// <summary>Kills it with all that it has started.</summary>
    public void KillTree()
    {
        try
        {
            _process?.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself in the meantime.
        }
    }

    public void Dispose()
    {
        ChildGuard.Forget(Id);
        // Else the reading would go on for as long as anybody holds the output.
        _letGo.Cancel();
        _process?.Dispose();
    }

    /// <summary>Nobody hears of a program before it is certain that it ends with us.</summary>
    private Func<Stream, CancellationToken, Task> WatchedFirst(Func<Stream, CancellationToken, Task> read) =>
        async (stream, cancellationToken) =>
        {
            await _watched.Task;
            await read(stream, cancellationToken);
        };

    /// <summary>One without a value is taken away from what is inherited.</summary>
    internal static Dictionary<string, string?> VariablesOf(Command command)
    {
        var variables = command.Withheld.ToDictionary(name => name, _ => (string?)null);
        if (command.Inherits is { } rule)
            foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>())
                if (!rule.Admits(name))
                    variables[name] = null;
        foreach (var (name, value) in command.Environment)
            variables[name] = value;
        return variables;
    }

    private static async Task<int> ExitCodeAsync(Task<CliWrap.CommandResult> running) => (await running).ExitCode;

    private static Process? Find(int id)
    {
        try
        {
            var process = Process.GetProcessById(id);
            // From when it is first asked on, this is the program itself, not whoever has its number later.
            _ = process.HasExited;
            return process;
        }
        catch (ArgumentException)
        {
            // It has ended already.
            return null;
        }
    }
}
