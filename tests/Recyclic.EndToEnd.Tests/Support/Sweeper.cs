using System.Diagnostics;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// Removes what a test run leaves behind that is stopped or killed: it has no tear-down. A shell of a session of its
/// own reads the names of what is made; when its input closes, because the test host is gone, it removes all that bears
/// those still in its list. On Linux only. </summary>
internal sealed class Sweeper : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP QUIT
        exec >/dev/null 2>&1
        set -f
        names=' '
        while read -r verb name; do
          case $verb in
            +) names="$names$name " ;;
            -) case $names in *" $name "*) names="${names%%" $name "*} ${names#*" $name "}" ;; esac ;;
          esac
        done
        filters=
        for name in $names; do
          filters="$filters --filter name=^(zz[.])?$name([-_.]|\$)"
          [ -e "/var/run/netns/$name" ] || continue
          ip netns pids "$name" | xargs -r kill -s KILL
          ip link delete "${name}o"
          ip netns delete "$name"
        done
        [ -n "$filters" ] || exit
        # Twice, because of what a deployer that was killed had just asked the engine for.
        for pause in 0 3; do
          sleep $pause
          timeout 60 docker ps --all --quiet $filters | xargs -r timeout 60 docker rm --force --volumes
          timeout 60 docker network ls --quiet $filters | xargs -r timeout 60 docker network rm --force
          timeout 60 docker volume ls --quiet $filters | xargs -r timeout 60 docker volume rm --force
        done
        """;

    // Forked, it is nobody's child: a runner that kills the test host kills its children too.
    private readonly Process? _shell = OperatingSystem.IsLinux()
        ? Process.Start(new ProcessStartInfo("setsid", ["--fork", "sh", "-c", Script]) { RedirectStandardInput = true })
        : null;

    /// <summary>That of this test run.</summary>
    public static Sweeper Own { get; } = new();

    /// <param name="name">An application's, a container's or a network namespace's.</param>
    public void Add(string name) => Tell("+ " + name);

    /// <summary>It has been removed, by who made it.</summary>
    public void Forget(string name) => Tell("- " + name);

    /// <summary>The end of the test host, as the shell sees it.</summary>
    public void Dispose()
    {
        _shell?.StandardInput.Close();
        _shell?.Dispose();
    }

    private void Tell(string line)
    {
        if (_shell is null)
            return;
        lock (_shell)
        {
            _shell.StandardInput.WriteLine(line);
            _shell.StandardInput.Flush();
        }
    }
}
