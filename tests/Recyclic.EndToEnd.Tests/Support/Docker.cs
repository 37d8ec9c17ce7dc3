using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>The docker command line.</summary>
internal static class Docker
{
    public static ProcessCommandRunner Runner { get; } = new();

    public static Task<CommandResult> TryAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Runner.RunAsync(Command.Of("docker", arguments), cancellationToken);

    /// <summary>Runs a command that must succeed; gives what it printed, without the last line's end.</summary>
    public static async Task<string> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        (await TryAsync(arguments, cancellationToken)).EnsureSuccess().StandardOutput.Trim();

    public static async Task<string[]> LinesAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        (await RunAsync(cancellationToken, arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
