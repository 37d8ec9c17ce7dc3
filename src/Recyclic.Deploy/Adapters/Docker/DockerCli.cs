using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The `docker` command line: contexts, `DOCKER_HOST=ssh://…` and credential helpers work as the user has them.
/// </summary>
/// <param name="onCommand">Told each command that changes something, as a person would type it; default:
/// nobody.</param>
/// <param name="variables">Set for every command, for example `DOCKER_HOST`; default: none.</param>
/// <param name="tunnel">By which the engine that they name is reached; default: each command finds its own way.</param>
/// <param name="secrets">Which variables compose does not get, and what it gets besides; default: nobody has declared
/// any.</param>
public sealed class DockerCli(
    ICommandRunner runner,
    Action<string>? onCommand = null,
    ImmutableDictionary<string, string>? variables = null,
    EngineTunnel? tunnel = null,
    DeclaredSecrets? secrets = null
)
{
    /// <summary>Runs with the variables and the tunnel that were given.</summary>
    public ICommandRunner Runner { get; } = With(runner, variables, tunnel);

    /// <summary>Which engine is talked to, and where the command line keeps its files.</summary>
    public DockerSetting Setting { get; } =
        variables is { IsEmpty: false } || tunnel is not null
            ? new DockerSetting(variables ?? ImmutableDictionary<string, string>.Empty, tunnel?.Socket)
            : DockerSetting.Ambient;

    /// <summary>What compose commands get of this machine's variables.</summary>
    internal ComposeEnvironment Compose =>
        _compose ??= new(secrets ?? DeclaredSecrets.None, All(variables, tunnel), Helpers);

    private ComposeEnvironment? _compose;

    /// <summary>
    /// Whether compose's plugin is started as the program that it is, where it is found; default: true. Else each
    /// command is one of `docker`, whatever this machine has.
    /// </summary>
    public bool StartsPlugins { get; init; } = true;

    /// <summary>How long a question may take.</summary>
    internal static readonly TimeSpan QuestionDeadline = TimeSpan.FromSeconds(30);

    /// <summary>How long a change may take, where nothing else is said.</summary>
    internal static readonly TimeSpan ChangeDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command that only reads.</summary>
    /// <exception cref="InvalidOperationException">It is not known to only read.</exception>
    public Task<CommandResult> ReadAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        ImmutableDictionary<string, string>? environment = null
    ) =>
        RunAsync(
            Command.Of("docker", arguments) with
            {
                Environment = environment ?? ImmutableDictionary<string, string>.Empty,
                Timeout = QuestionDeadline,
            },
            cancellationToken
        );

    /// <summary>Runs a command that only reads, as it is given.</summary>
    /// <exception cref="InvalidOperationException">It is not known to only read.</exception>
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        StartAsync(Question(command), cancellationToken);

    /// <summary>Starts a command that only reads, and goes on until it is killed.</summary>
    /// <exception cref="InvalidOperationException">It is not known to only read.</exception>
    public IRunningCommand StartStream(params IEnumerable<string> arguments) =>
        Runner.Start(Question(Command.Of("docker", arguments)) with { EndPatience = TimeSpan.Zero });

    /// <summary>Builds or pushes images.</summary>
    /// <exception cref="CommandFailedException">It exited with a code other than 0.</exception>
    /// <exception cref="InvalidOperationException">The command does something else.</exception>
    public async Task<CommandResult> BuildAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        TimeSpan? timeout = null
    ) => (await TryBuildAsync(arguments, cancellationToken, input, timeout)).EnsureSuccess();

    /// <summary>Builds or pushes images, which may fail.</summary>
    /// <exception cref="InvalidOperationException">The command does something else.</exception>
    public Task<CommandResult> TryBuildAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string input = "",
        TimeSpan? timeout = null
    ) =>
        TryBuildAsync(
            Command.Of("docker", arguments) with
            {
                StandardInput = input,
                Timeout = timeout ?? ChangeDeadline,
            },
            cancellationToken
        );

    /// <inheritdoc cref="TryBuildAsync(IEnumerable{string}, CancellationToken, string, TimeSpan?)"/>
    public Task<CommandResult> TryBuildAsync(Command command, CancellationToken cancellationToken) =>
        DockerQuestions.AreOfABuild(command.Arguments)
            ? ChangeAsync(command, cancellationToken)
            : throw new InvalidOperationException($"`{command}` is no build and no push.");

    /// <summary>Runs a command that changes something and may fail. For <see cref="HostChanges"/> alone.</summary>
    internal Task<CommandResult> ChangeAsync(Command command, CancellationToken cancellationToken)
    {
        onCommand?.Invoke(command.ToString());
        return StartAsync(command, cancellationToken);
    }

    /// <summary>Runs a command that changes something and reads its standard input to the end. For
    /// <see cref="HostChanges"/> alone.</summary>
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

    /// <summary>Starts a command that ends when its input is closed. For <see cref="HostChanges"/> alone.</summary>
    /// <param name="window">How much it may print ahead of who reads it, in bytes; null: any amount.</param>
    internal IRunningCommand StartTalk(IEnumerable<string> arguments, long? window = null) =>
        Runner.Start(Command.Of("docker", arguments) with { OutputWindow = window });

    /// <summary>Runs a question that a program in a container answers. For <see cref="HostChanges"/> alone.</summary>
    internal Task<CommandResult> AskInsideAsync(Command command, CancellationToken cancellationToken) =>
        StartAsync(command, cancellationToken);

    /// <summary>The same, started: it goes on until it is killed. For <see cref="HostChanges"/> alone.</summary>
    internal IRunningCommand StartInside(IEnumerable<string> arguments, Action<string>? onErrorLine = null) =>
        Runner.Start(Command.Of("docker", arguments) with { EndPatience = TimeSpan.Zero, OnErrorLine = onErrorLine });

    /// <summary>
    /// Runs a command that has this process's standard input, output and error. For <see cref="HostChanges"/> alone.
    /// </summary>
    internal Task<int> AttachAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var command = Command.Of("docker", arguments);
        onCommand?.Invoke(command.ToString());
        return AttachedProgram.RunAsync(
            command with
            {
                Inherits = Compose.OfDocker(),
                Environment = All(variables, tunnel),
            },
            cancellationToken
        );
    }

    private static Command Question(Command command) =>
        DockerQuestions.AreOnly(command.Arguments)
            ? command
            : throw new InvalidOperationException($"`{command}` may change the engine: HostChanges does that.");

    /// <summary>
    /// Runs a docker command. Compose's plugin is also a program of its own, the same to the letter; it is started
    /// without docker in between, which asks a plugin what it is before each use: two processes saved.
    /// </summary>
    private async Task<CommandResult> StartAsync(Command command, CancellationToken cancellationToken)
    {
        command = command.Arguments is ["compose", ..]
            ? Compose.Of(command)
            : command with
            {
                Inherits = Compose.OfDocker(),
            };
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

    /// <summary>The credential helpers that docker may start, by its configuration.</summary>
    private IEnumerable<string> Helpers()
    {
        var config = Setting.Configuration;
        return (config?["credHelpers"] as JsonObject ?? [])
            .Select(helper => helper.Value?.ToString())
            .Append(config?["credsStore"]?.ToString())
            .OfType<string>();
    }

    private static ImmutableDictionary<string, string> All(
        ImmutableDictionary<string, string>? variables,
        EngineTunnel? tunnel
    ) =>
        (variables ?? ImmutableDictionary<string, string>.Empty).SetItems(
            tunnel?.Variables ?? ImmutableDictionary<string, string>.Empty
        );

    private static ToolRunner With(
        ICommandRunner runner,
        ImmutableDictionary<string, string>? variables,
        EngineTunnel? tunnel
    )
    {
        var all = All(variables, tunnel);
        return new ToolRunner(all.IsEmpty ? runner : new VariablesRunner(runner, all));
    }
}
