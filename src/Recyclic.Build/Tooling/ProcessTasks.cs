using System.Collections.Immutable;
using Recyclic.Build.Running;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Build.Tooling;

/// <summary>
/// Runs programs from a target. All go through the host's <see cref="ICommandRunner"/>: no shell, arguments as a list.
/// </summary>
public static class ProcessTasks
{
    /// <summary>Starts a program; it is stopped when the build is cancelled.</summary>
    /// <param name="toolPath">A path, or a name found on PATH.</param>
    /// <param name="arguments">The arguments as one line, in which values are never split.</param>
    /// <param name="workingDirectory">Where it runs; default: where the caller of the build stands.</param>
    /// <param name="environmentVariables">Variables on top of those of the build, of which it has no secret one;
    /// default: none.</param>
    /// <param name="timeout">Milliseconds until it is stopped; default: none.</param>
    /// <param name="logOutput">Whether its lines are printed; default: true.</param>
    /// <param name="logInvocation">Whether the command itself is printed; default: true.</param>
    /// <param name="logger">Gets the lines in place of the log; default: the log.</param>
    /// <param name="outputFilter">Changes each line before it is printed or kept; default: none.</param>
    /// <param name="standardInput">Text for its standard input, where secrets belong; default: none.</param>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static IProcess StartProcess(
        string toolPath,
        ArgumentStringHandler arguments = default,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string>? logger = null,
        Func<string, string>? outputFilter = null,
        string? standardInput = null
    )
    {
        var session = BuildSession.Current;
        var command = new Command(toolPath, [.. arguments.Arguments])
        {
            WorkingDirectory = workingDirectory ?? session.Host.WorkingDirectory,
            Environment = environmentVariables?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty,
            Timeout = timeout is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Timeout.InfiniteTimeSpan,
            Secrets = [.. arguments.Secrets],
            StandardInput = standardInput ?? "",
        };
        foreach (var secret in arguments.Secrets)
            session.Output.Redactor.Add(secret);
        if (logInvocation ?? true)
            Log.Information("> {Command:l}", command);
        var print = logOutput ?? true ? logger ?? Print : null;
        return RunningProcess.Start(session.CommandRunner, command, outputFilter, print, TargetToken.Current);
    }

    /// <summary>Runs a command to its end, prints its lines, and expects the exit code 0.</summary>
    /// <returns>Its lines.</returns>
    /// <exception cref="CommandFailedException">It could not be started, ended with another code than 0, or outran its
    /// timeout.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the program has been stopped.</exception>
    internal static IReadOnlyCollection<Output> Run(Command command, CancellationToken cancellationToken)
    {
        Log.Information("> {Command:l}", command);
        using var process = RunningProcess.Start(
            BuildSession.Current.CommandRunner,
            command,
            filter: null,
            Print,
            cancellationToken
        );
        return process.AssertZeroExitCode().Output;
    }

    /// <summary>Runs a command with the host's runner and prints its lines; any exit code is a result.</summary>
    /// <exception cref="CommandFailedException">It could not be started or outran its timeout.</exception>
    public static Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        Log.Information("> {Command:l}", command);
        return BuildSession.Current.CommandRunner.RunAsync(
            command with
            {
                OnLine = command.OnLine ?? (line => Print(OutputType.Std, line)),
            },
            cancellationToken
        );
    }

    /// <summary>A program as a function.</summary>
    internal static Tool ToolOf(string program) =>
        (
            arguments,
            workingDirectory,
            environmentVariables,
            timeout,
            logOutput,
            logInvocation,
            logger,
            exitHandler,
            standardInput
        ) =>
        {
            using var process = StartProcess(
                program,
                arguments,
                workingDirectory,
                environmentVariables,
                timeout,
                logOutput,
                logInvocation,
                logger,
                standardInput: standardInput
            );
            process.AssertWaitForExit();
            if (exitHandler is null)
                process.AssertZeroExitCode();
            else
                exitHandler(process);
            return process.Output;
        };

    /// <summary>Standard error is no error: many programs report progress there.</summary>
    private static void Print(OutputType type, string line) => Log.Information("{Line:l}", line);
}
