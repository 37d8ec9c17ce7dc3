using System.Collections;
using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Workflows.Adapters;

/// <summary>
/// Runs the script of a step as GitHub does, with the variables that it declares and nothing of the caller's but what
/// finds programs.
/// </summary>
internal sealed class CleanShell(ICommandRunner runner, Action<string> say)
{
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "TZ",
        "TMPDIR",
        "DOTNET_ROOT",
        "DOTNET_CLI_TELEMETRY_OPTOUT",
        "NUGET_PACKAGES",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    };

    private static readonly Dictionary<string, string[]> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
        ["sh"] = ["sh", "-e"],
        ["python"] = ["python3"],
    };

    /// <summary>Whether it can run scripts of a shell; those of Windows and PowerShell it does not.</summary>
    public static bool Knows(string shell) => Shells.ContainsKey(shell);

    /// <param name="script">A file.</param>
    /// <param name="variables">The whole environment but for what finds programs.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        string script,
        string directory,
        ImmutableDictionary<string, string> variables,
        TimeSpan timeout,
        CancellationToken cancellationToken,
        string shell = "bash"
    )
    {
        // Names alone are on the command line; values go through the environment.
        var others = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(entry => (string)entry.Key)
            .Where(name => !Kept.Contains(name) && !variables.ContainsKey(name))
            .Order(StringComparer.Ordinal);
        var command = Command.Of(
            "env",
            [.. others.SelectMany(name => new[] { "-u", name }), .. Shells[shell], script]
        ) with
        {
            WorkingDirectory = directory,
            Environment = variables,
            Timeout = timeout,
            StopPatience = TimeSpan.FromSeconds(10),
            OnLine = say,
        };
        return (await runner.RunAsync(command, cancellationToken)).ExitCode;
    }
}
