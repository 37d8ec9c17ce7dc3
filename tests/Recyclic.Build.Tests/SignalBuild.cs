using System.Diagnostics;
using Serilog;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>The build that the signal tests start as a process of its own.</summary>
public class SignalBuild : RecyclicBuild
{
    /// <summary>A program that ignores every signal but one, as does what it starts; it says the ids of both.</summary>
    private const string Deaf = "trap '' INT TERM HUP; sleep 600 & echo child $$ $!; while :; do wait; done";

    [Parameter, Secret]
    public string? RegistryPassword { get; set; }

    public Target Wait =>
        _ =>
            _.Executes(async cancellationToken =>
            {
                Log.Information("ready");
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                }
                finally
                {
                    Log.Information("undone");
                }
            });

    /// <summary>Undoes its work until there is a file named <c>go-on</c>.</summary>
    public Target SlowUndo =>
        _ =>
            _.Executes(async cancellationToken =>
            {
                using var left = WhileUnfinished(() => "half a wall");
                Log.Information("ready");
                await ((Task)Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken)).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing
                );
                Log.Information("undoing");
                while (!(RootDirectory / "go-on").FileExists())
                    await Task.Delay(10, CancellationToken.None);
                Log.Information("undone");
                (RootDirectory / "undone").WriteAllText("");
                cancellationToken.ThrowIfCancellationRequested();
            });

    /// <summary>Goes on until there is a file named <c>go-on</c>.</summary>
    public Target LongWork =>
        _ =>
            _.Executes(async cancellationToken =>
            {
                Log.Information("ready");
                while (!(RootDirectory / "go-on").FileExists())
                    await Task.Delay(10, cancellationToken);
            });

    /// <summary>
    /// Its program has the terminal, as an editor would, and hears no Ctrl-C; in a group of its own it is alone in the
    /// foreground.
    /// </summary>
    public Target Editor =>
        _ =>
            _.Executes(cancellationToken =>
                EditAsync("trap '' INT; echo child $$; while :; do sleep 1; done", cancellationToken)
            );

    public Target EditorInFront =>
        _ =>
            _.Executes(cancellationToken =>
                EditAsync("set -m; bash -c 'echo child $$; while :; do sleep 1; done'", cancellationToken)
            );

    public Target Stubborn =>
        _ =>
            _.Executes(async _ =>
            {
                Log.Information("ready");
                await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
            });

    public Target NeverReached => _ => _.DependsOn(Wait).Executes(() => Log.Information("reached"));

    public Target Clean =>
        _ => _.After(NeverReached).AssuredAfterFailure().Executes(ct => Task.Run(() => Log.Information("cleaned"), ct));

    public Target Child => _ => _.Executes(cancellationToken => CommandRunner.RunAsync(DeafChild(), cancellationToken));

    /// <summary>Its program runs on while the target ignores its token.</summary>
    public Target StubbornChild =>
        _ => _.Executes(async _ => await CommandRunner.RunAsync(DeafChild(), CancellationToken.None));

    public Target ForgottenChild =>
        _ =>
            _.Executes(async cancellationToken =>
            {
                await foreach (var line in CommandRunner.Start(DeafChild()).ReadLinesAsync(cancellationToken))
                {
                    Log.Information("{Line:l}", line);
                    break;
                }
            });

    public Target Hang =>
        _ =>
            _.Executes(() =>
            {
                Log.Information("ready");
                // Far longer than any test waits for its end, and not for ever should the test itself be killed.
                Thread.Sleep(TimeSpan.FromMinutes(10));
            });

    /// <summary>A program says what it inherited, and a file is written.</summary>
    public Target Inherits =>
        _ =>
            _.Executes(async cancellationToken =>
            {
                (TemporaryDirectory / "written").WriteAllText("");
                var program = Command.Of("sh", "-c", "umask; echo \"$TMPDIR\"; echo 'grüße → 日本'; cat; echo end") with
                {
                    OnLine = line => Log.Information("{Line:l}", line),
                };
                (await CommandRunner.RunAsync(program, cancellationToken)).EnsureSuccess();
            });

    public Target Exits => _ => _.Executes(() => System.Environment.Exit(0));

    public Target ExitsWith7 => _ => _.Executes(() => System.Environment.Exit(7));

    public Target Crashes =>
        _ =>
            _.Executes(async cancellationToken =>
            {
                new Thread(() => throw new InvalidOperationException($"no login with {RegistryPassword}")).Start();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            });

    public Target Prints =>
        _ =>
            _.Executes(() =>
            {
                Console.Write("password ");
                Console.Write(RegistryPassword![..5]);
                Console.Out.Flush();
                Console.WriteLine(RegistryPassword[5..]);
                Console.Error.WriteLine("error {0}", RegistryPassword);
                Console.Write("no end");
            });

    public Target Floods =>
        _ =>
            _.Executes(() =>
            {
                var line = new string('x', 1023);
                for (var i = 0; i < 50_000; i++)
                    Console.WriteLine(line);
                for (var i = 0; i < 50_000; i++)
                    WriteLine(line);
                using var process = Process.GetCurrentProcess();
                Console.Error.WriteLine($"peak {process.PeakWorkingSet64 / (1 << 20)}");
            });

    public static int Run() => Execute<SignalBuild>(x => x.Wait);

    private static async Task EditAsync(string script, CancellationToken cancellationToken)
    {
        using var editor = Process.Start(new ProcessStartInfo("bash", ["-c", script]))!;
        try
        {
            await editor.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            editor.Kill(entireProcessTree: true);
            await editor.WaitForExitAsync(CancellationToken.None);
            Log.Information("undone");
        }
    }

    private static Command DeafChild() =>
        Command.Of("bash", "-c", Deaf) with
        {
            OnLine = line => Log.Information("{Line:l}", line),
            Timeout = TimeSpan.FromMinutes(9),
        };
}
