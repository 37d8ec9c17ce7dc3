using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Commands that a person asks for.</summary>
internal static partial class DockerCommands
{
    /// <summary>The variable by which what a command has started is found again.</summary>
    public const string MarkVariable = "RECYCLIC_COMMAND";

    /// <summary>What it was started with names the command that a process belongs to; children have it too.</summary>
    private const string SignalScript = """
        for process in /proc/[0-9]*; do
          id=${process#/proc/}
          [ "$id" = 1 ] && continue
          tr '\0' '\n' < "$process/environ" 2>/dev/null | grep -Fqx -- "$1" && kill -s "$2" "$id" 2>/dev/null
        done
        exit 0
        """;

    public static IEnumerable<string> Exec(string id, IEnumerable<string> command, bool terminal, string mark) =>
        [
            "exec",
            "--interactive",
            .. terminal ? new[] { "--tty" } : [],
            "--env",
            $"{MarkVariable}={mark}",
            id,
            .. command,
        ];

    /// <summary>In a container that goes with it, and sees nothing but the other one's processes.</summary>
    public static IEnumerable<string> Signal(string id, string image, string mark, string signal) =>
        [
            "run",
            "--rm",
            "--pull",
            "never",
            "--network",
            "none",
            "--pid",
            $"container:{id}",
            "--user",
            "0:0",
            "--cap-drop",
            "ALL",
            "--cap-add",
            "KILL",
            "--cap-add",
            "SYS_PTRACE",
            "--label",
            $"{Naming.RoleLabel}=signal",
            "--entrypoint",
            "/bin/sh",
            image,
            "-c",
            SignalScript,
            "sh",
            $"{MarkVariable}={mark}",
            signal,
        ];
}
