using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker.Databases;

/// <summary>
/// Pure: the docker commands that dump and restore. The programs are the server's own, so their versions fit; they go by
/// its local socket and have the container's own variables: no password is on a command line.
/// </summary>
internal static class DatabaseCommands
{
    public const string Role = "backup-check";

    /// <summary>What a database or a role is set to, such as a short time for each statement, ends no backup.</summary>
    private const string Options =
        "PGOPTIONS=-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c default_transaction_read_only=off";

    public static IEnumerable<string> Psql(string container, string user, string database) =>
        [
            "exec",
            "--interactive",
            "--env",
            Options,
            container,
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--no-password",
            "--set=ON_ERROR_STOP=1",
            $"--username={user}",
            $"--dbname={database}",
        ];

    /// <summary>Level 1 of its gzip: three times as fast as the usual one, for a file some tenth larger.</summary>
    public static IEnumerable<string> Dump(string container, string user, string database, string snapshot) =>
        [
            "exec",
            "--env",
            Options,
            container,
            "pg_dump",
            "--format=custom",
            "--compress=1",
            "--lock-wait-timeout=30000",
            "--no-password",
            $"--snapshot={snapshot}",
            $"--username={user}",
            $"--dbname={database}",
        ];

    /// <param name="creates">Whether it makes the dump's own database, with what belongs to it.</param>
    public static IEnumerable<string> Restore(string container, string user, string database, bool creates) =>
        [
            "exec",
            "--interactive",
            "--env",
            Options,
            container,
            "pg_restore",
            "--exit-on-error",
            "--no-tablespaces",
            "--no-password",
            .. creates ? ["--create"] : Array.Empty<string>(),
            $"--username={user}",
            $"--dbname={database}",
        ];

    /// <summary>Asked by TCP: while an image makes its first database, the server listens on its socket alone.</summary>
    public static IEnumerable<string> IsReady(string container, string user) =>
        ["exec", container, "pg_isready", "--quiet", "--host=127.0.0.1", "--timeout=5", $"--username={user}"];

    /// <summary>A server that nobody reaches: it has no network, and its data goes with it.</summary>
    public static IEnumerable<string> CreateTryOut(
        string app,
        string image,
        string user,
        string passwordVariable,
        string mark
    ) =>
        [
            "create",
            "--pull",
            "never",
            "--network",
            "none",
            "--shm-size",
            "256m",
            "--label",
            $"{Naming.AppLabel}={app}",
            "--label",
            $"{Naming.RoleLabel}={Role}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
            "--env",
            $"POSTGRES_USER={user}",
            "--env",
            $"POSTGRES_DB={TryOutDatabase}",
            "--env",
            passwordVariable,
            image,
        ];

    /// <summary>Each server has it.</summary>
    public const string TryOutDatabase = "postgres";
}
