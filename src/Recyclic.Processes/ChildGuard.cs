using System.ComponentModel;
using System.Diagnostics;

namespace Recyclic.Processes;

/// <summary>
/// Ends the programs that still run when this process ends, however it ends. A shell of its own session reads from us which programs
/// there are; when its input closes, because we have closed it or because we were killed, it kills those that are left. Not on
/// Windows; and a program is not watched in the instant between its start and our note of it.
/// </summary>
internal static class ChildGuard
{
    private const string Script = """
        trap '' INT TERM HUP QUIT
        exec >/dev/null 2>&1
        live=' '
        while read -r verb id; do
          case $verb in
            +) live="$live$id " ;;
            -) case $live in *" $id "*) live="${live%%" $id "*} ${live#*" $id "}" ;; esac ;;
          esac
        done
        [ "$live" = ' ' ] && exit
        for id in $live; do kill -s KILL -- "-$id" || kill -s KILL "$id"; done
        ps -e -o pid= -o sess= | while read -r id session; do
          case $live in *" $session "*) kill -s KILL "$id" ;; esac
        done
        """;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);
    private static readonly Lock Lock = new();
    private static Process? _guard;
    private static bool _isStarted;

    /// <summary>Watches a program until its object is disposed of.</summary>
    public static void Watch(Process program)
    {
        var id = program.Id;
        Tell($"+ {id}");
        program.Disposed += (_, _) => Tell($"- {id}");
    }

    /// <summary>To be called before the first program starts, so that the guard is there when it does.</summary>
    public static void Start()
    {
        lock (Lock)
        {
            if (_isStarted) return;
            _isStarted = true;
            if (OperatingSystem.IsWindows()) return;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
            try
            {
                _guard = Process.Start(StartInfo());
            }
            catch (Win32Exception)
            {
                // Without a shell there is no guard; programs are still ended on a cancellation and a timeout.
            }
        }
    }

    private static ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(ProcessCommandRunner.Setsid ?? "/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        if (ProcessCommandRunner.Setsid is not null) info.ArgumentList.Add("/bin/sh");
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add(Script);
        return info;
    }

    private static void Tell(string line)
    {
        lock (Lock)
        {
            try
            {
                _guard?.StandardInput.WriteLine(line);
                _guard?.StandardInput.Flush();
            }
            catch (IOException)
            {
                // Somebody killed the guard.
                _guard = null;
            }
        }
    }

    private static void End()
    {
        lock (Lock)
        {
            try
            {
                _guard?.StandardInput.Close();
                _guard?.WaitForExit(EndPatience);
            }
            catch (IOException)
            {
                // Somebody killed the guard.
            }
            _guard = null;
        }
    }
}
