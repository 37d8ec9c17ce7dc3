using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>The docker command line, set to one engine.</summary>
/// <param name="variables">What sets it: `DOCKER_HOST` and whatever that needs; none: this machine's own
/// engine.</param>
internal sealed class DockerCommand(IReadOnlyDictionary<string, string> variables)
{
    public IReadOnlyDictionary<string, string> Variables { get; } = variables;

    public Command Of(params IEnumerable<string> arguments) =>
        Command.Of("docker", arguments) with
        {
            Environment = Variables.ToImmutableDictionary(),
        };

    public Task<CommandResult> TryAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        DockerHere.Runner.RunAsync(Of(arguments), cancellationToken);

    /// <summary>Runs a command that must succeed; gives what it printed, without the last line's end.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        (await TryAsync(arguments, cancellationToken)).EnsureSuccess().StandardOutput.Trim();

    public async Task<string[]> LinesAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        (await RunAsync(cancellationToken, arguments)).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
}

/// <summary>The docker command line of this machine's own engine.</summary>
internal static class DockerHere
{
    public static ProcessCommandRunner Runner { get; } = new();

    public static DockerCommand Own { get; } = new(ImmutableDictionary<string, string>.Empty);

    public static Task<CommandResult> TryAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Own.TryAsync(arguments, cancellationToken);

    /// <inheritdoc cref="DockerCommand.RunAsync"/>
    public static Task<string> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        Own.RunAsync(cancellationToken, arguments);

    public static Task<string[]> LinesAsync(
        CancellationToken cancellationToken,
        params IEnumerable<string> arguments
    ) => Own.LinesAsync(cancellationToken, arguments);
}
