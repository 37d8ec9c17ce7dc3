using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The `docker` command line: contexts, `DOCKER_HOST=ssh://…` and credential helpers work as the user has them.
/// </summary>
/// <param name="onCommand">Told each command that changes something, as a person would type it; default:
/// nobody.</param>
/// <param name="variables">Set for every command, for example `DOCKER_HOST`; default: none.</param>
/// <param name="tunnel">By which the engine that they name is reached; default: each command finds its own way.</param>
public sealed class DockerCli(
    ICommandRunner runner,
    Action<string>? onCommand = null,
    ImmutableDictionary<string, string>? variables = null,
    EngineTunnel? tunnel = null
)
{
    /// <summary>Runs with the variables and the tunnel that were given.</summary>
    public ICommandRunner Runner { get; } = With(runner, variables, tunnel);

    /// <summary>Which engine is talked to, and where the command line keeps its files.</summary>
    public DockerSetting Setting { get; } =
        variables is { IsEmpty: false } || tunnel is not null
            ? new DockerSetting(variables ?? ImmutableDictionary<string, string>.Empty, tunnel?.Socket)
            : DockerSetting.Ambient;

    /// <summary>
    /// Whether compose's plugin is started as the program that it is, where it is found; default: true. Else each
    /// command is one of `docker`, whatever this machine has.
    /// </summary>
    public bool StartsPlugins { get; init; } = true;

    /// <summary>Runs a command that only reads.</summary>
    public Task<CommandResult> ReadAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        ImmutableDictionary<string, string>? environment = null
    ) =>
        RunAsync(
            Command.Of("docker", arguments) with
            {
                Environment = environment ?? ImmutableDictionary<string, string>.Empty,
                Timeout = TimeSpan.FromSeconds(30),
            },
            cancellationToken
        );

    /// <summary>Runs a command that changes something.</summary>
    /// <exception cref="CommandFailedException">It exited with a code other than 0.</exception>
    public async Task<CommandResult> ChangeAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        TimeSpan? timeout = null
    ) => (await TryChangeAsync(arguments, cancellationToken, input, timeout)).EnsureSuccess();

    /// <summary>Runs a command that changes something and may fail.</summary>
    public Task<CommandResult> TryChangeAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        TimeSpan? timeout = null
    )
    {
        return TryChangeAsync(
            Command.Of("docker", arguments) with
            {
                StandardInput = input,
                Timeout = timeout ?? TimeSpan.FromMinutes(5),
            },
            cancellationToken
        );
    }

    /// <inheritdoc cref="TryChangeAsync(IEnumerable{string}, CancellationToken, string, TimeSpan?)"/>
    public Task<CommandResult> TryChangeAsync(Command command, CancellationToken cancellationToken)
    {
        onCommand?.Invoke(command.ToString());
        return RunAsync(command, cancellationToken);
    }

    /// <summary>Runs a command that changes something and reads its standard input to the end.</summary>
    /// <exception cref="CommandFailedException">It exited with a code other than 0, or took too long.</exception>
    internal async Task PipeAsync(
        IEnumerable<string> arguments,
        Func<Stream, CancellationToken, Task> write,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of("docker", arguments);
        onCommand?.Invoke(command.ToString());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        await using var running = Runner.Start(command);
        try
        {
            await write(running.Input, deadline.Token);
            await running.Input.DisposeAsync();
            var result = await running.Ended.WaitAsync(deadline.Token);
            (
                result.Succeeded || tunnel is null
                    ? result
                    : result with
                    {
                        StandardError = tunnel.Explain(result.StandardError),
                    }
            ).EnsureSuccess();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException(
                command,
                $"was stopped after its timeout of {timeout.TotalSeconds:0} s",
                null
            );
        }
    }

    /// <summary>Starts a command that ends when its input is closed.</summary>
    public IRunningCommand StartTalk(params IEnumerable<string> arguments) =>
        Runner.Start(Command.Of("docker", arguments));

    /// <summary>Starts a command that goes on until it is killed.</summary>
    public IRunningCommand StartStream(params IEnumerable<string> arguments) =>
        Runner.Start(Command.Of("docker", arguments) with { EndPatience = TimeSpan.Zero });

    /// <summary>
    /// Runs a docker command. Compose's plugin is also a program of its own, the same to the letter; it is started
    /// without docker in between, which asks a plugin what it is before each use: two processes saved.
    /// </summary>
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        var result =
            StartsPlugins
            && command.Arguments is ["compose", .. var rest]
            && Setting.FindPlugin("docker-compose") is { } plugin
                ? await Runner.RunAsync(command with { Program = plugin, Arguments = rest }, cancellationToken) with
                {
                    Command = command,
                }
                : await Runner.RunAsync(command, cancellationToken);
        return result.Succeeded || tunnel is null
            ? result
            : result with
            {
                StandardError = tunnel.Explain(result.StandardError),
            };
    }

    private static ICommandRunner With(
        ICommandRunner runner,
        ImmutableDictionary<string, string>? variables,
        EngineTunnel? tunnel
    )
    {
        var all = (variables ?? ImmutableDictionary<string, string>.Empty).SetItems(
            tunnel?.Variables ?? ImmutableDictionary<string, string>.Empty
        );
        return all.IsEmpty ? runner : new VariablesRunner(runner, all);
    }
}
