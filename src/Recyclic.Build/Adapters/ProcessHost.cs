using System.Collections;
using System.Text;
using Recyclic.Build.Running;

namespace Recyclic.Build.Adapters;

/// <summary>The process a build runs in: its arguments, environment, console and signals.</summary>
internal static class ProcessHost
{
    public static int Execute(Func<IReadOnlyList<string>, BuildHost, CancellationToken, Task<int>> run)
    {
        var host = Create();
        using var signals = new ProcessSignals(text => Say(host, text), Left);
        using var ending = new ProcessEnding(() => signals.IsEnding);
        Console.SetOut(new ConsoleRelay(host.Output, isError: false));
        Console.SetError(new ConsoleRelay(host.Error, isError: true));
        var exitCode = run(
                Environment.GetCommandLineArgs()[1..],
                host with
                {
                    CancelledExitCode = () => signals.ExitCode,
                },
                signals.Token
            )
            .GetAwaiter()
            .GetResult();
        ending.IsExpected = true;
        // A target that was left behind may hold a thread for which the process would wait.
        if (BuildSession.Latest is { HasAbandoned: true })
            Environment.Exit(exitCode);
        return exitCode;
    }

    private static BuildHost Create()
    {
        var environment = EnvironmentVariables();
        AbsolutePath root =
            RootAbove(AppContext.BaseDirectory)
            ?? RootAbove(Environment.CurrentDirectory)
            ?? Environment.CurrentDirectory;
        return new BuildHost
        {
            Output = Writer(Console.OpenStandardOutput()),
            Error = Writer(Console.OpenStandardError()),
            Input = new StreamReader(Console.OpenStandardInput()),
            Ask = TerminalPrompt.IsPossible(environment) ? TerminalPrompt.AskAsync : null,
            WorkingDirectory = Environment.CurrentDirectory,
            RootDirectory = root,
            KeepsSchema = new AbsolutePath(AppContext.BaseDirectory).IsAtOrBelow(root / ".nuke"),
            Environment = environment,
            Processors = Environment.ProcessorCount,
            TerminalWidth =
                Console.IsErrorRedirected || environment.GetValueOrDefault("TERM") == "dumb" ? 0 : Console.WindowWidth,
            IsColoured =
                !Console.IsOutputRedirected
                && !environment.ContainsKey("NO_COLOR")
                && environment.GetValueOrDefault("TERM") != "dumb",
        };
    }

    private static Dictionary<string, string> EnvironmentVariables()
    {
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal
        );
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }

    private static AbsolutePath? RootAbove(string directory)
    {
        for (var candidate = directory; candidate is not null; candidate = Path.GetDirectoryName(candidate))
            if (Path.GetFileName(candidate) != ".nuke" && Directory.Exists(Path.Combine(candidate, ".nuke")))
                return candidate;
        return null;
    }

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false));

    private static string Left() =>
        BuildSession.Latest is { } session
            ? session.Unfinished.Describe(session.Progress.With(ExecutionStatus.Running).Select(target => target.Name))
            : new Unfinished().Describe([]);

    /// <summary>In the build's own output once there is one: a live line may be on the screen.</summary>
    private static void Say(BuildHost host, string text)
    {
        if (BuildSession.Latest is { } session)
        {
            session.Output.ErrorLine(text);
            return;
        }
        try
        {
            host.Error.Write(text + "\n");
            host.Error.Flush();
        }
        catch (IOException)
        {
            // A signal often means that the terminal has gone.
        }
    }
}
