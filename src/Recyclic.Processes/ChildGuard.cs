using System.ComponentModel;
using System.Diagnostics;

namespace Recyclic.Processes;

/// <summary>
/// Ends the programs that still run when this process ends, however it ends. A shell of its own session reads from us
/// which programs there are; when its input closes, because we have closed it or because we were killed, it kills those
/// that are left. Not on Windows; and a program is not watched in the instant between its start and our note of it.
/// Numbers of processes are used again, and on Linux the number of a thread stands for its process: what does not bear
/// the start time of the program is left alone. </summary>
internal static class ChildGuard
{
    internal const string Script = """
        trap '' INT TERM HUP QUIT
        exec >/dev/null 2>&1
        set -f
        # The start time is the 22nd field of a process's stat, the 20th after the name in brackets.
        read_born() {
          born= stat=
          read -r stat < "/proc/$1/stat"
          set -- ${stat##*) }
          [ $# -lt 20 ] || { shift 19; born=$1; }
        }
        live=' '
        while read -r verb id; do
          case $verb in
            +) read_born "$id"; live="$live$id:$born " ;;
            -) case $live in *" $id:"*) rest="${live#*" $id:"}"; live="${live%%" $id:"*} ${rest#* }" ;; esac ;;
          esac
        done
        [ "$live" = ' ' ] && exit
        ours=' '
        for program in $live; do
          id=${program%%:*}
          read_born "$id"
          [ -z "$born" ] || [ "$born" = "${program#*:}" ] || continue
          ours="$ours$id "
          kill -s KILL -- "-$id" && continue
          [ -z "$born" ] && [ -d /proc/self ] || kill -s KILL "$id"
        done
        ps -e -o pid= -o sess= | while read -r id session; do
          case $ours in *" $session "*) kill -s KILL "$id" ;; esac
        done
        """;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);
    private static readonly Lock Lock = new();
    private static readonly HashSet<int> Ids = [];
    private static Process? _guard;
    private static bool _isStarted;

    /// <summary>The programs that are watched.</summary>
    internal static IReadOnlyCollection<int> Watched
    {
        get
        {
            lock (Lock)
                return [.. Ids];
        }
    }

    /// <summary>Watches a program until it is told to <see cref="Forget"/> it.</summary>
    public static void Watch(int id)
    {
        lock (Lock)
        {
            Ids.Add(id);
            Tell($"+ {id}");
        }
    }

    /// <summary>
    /// Leaves a program alone from now on. To be called as soon as it has ended: its number may soon be another's.
    /// </summary>
    public static void Forget(int id)
    {
        lock (Lock)
        {
            Ids.Remove(id);
            Tell($"- {id}");
        }
    }

    /// <summary>To be called before the first program starts, so that the guard is there when it does.</summary>
    public static void Start()
    {
        lock (Lock)
        {
            if (_isStarted)
                return;
            _isStarted = true;
            if (OperatingSystem.IsWindows())
                return;
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
        var info = new ProcessStartInfo(ChildProcess.Setsid ?? "/bin/sh")
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        if (ChildProcess.Setsid is not null)
            info.ArgumentList.Add("/bin/sh");
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add(Script);
        // It lives as long as we do, and anything of this user can read what it was started with.
        foreach (var name in info.Environment.Keys.Where(name => name != "PATH").ToList())
            info.Environment.Remove(name);
        return info;
    }

    private static void Tell(string line)
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
