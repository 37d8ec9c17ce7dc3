using System.Collections;
using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Workflows.Adapters;

/// <summary>Runs the script of a step as GitHub does, with the variables that it declares and nothing of the caller's but what finds programs.</summary>
internal sealed class CleanShell(ICommandRunner runner, Action<string> say)
{
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "DOTNET_ROOT", "DOTNET_CLI_TELEMETRY_OPTOUT", "NUGET_PACKAGES",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    };

    /// <param name="script">A file.</param>
    /// <param name="variables">The whole environment but for what finds programs.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string script, string directory, ImmutableDictionary<string, string> variables, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // Names alone are on the command line; values go through the environment.
        var others = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key).Where(name => !Kept.Contains(name) && !variables.ContainsKey(name)).Order(StringComparer.Ordinal);
        var command = Command.Of("env", [.. others.SelectMany(name => new[] { "-u", name }), "bash", "--noprofile", "--norc", "-eo", "pipefail", script]) with
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
