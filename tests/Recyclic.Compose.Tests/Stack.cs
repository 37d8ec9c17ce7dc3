using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// One application on the real engine, driven through build.sh as a person drives it, and taken away in the end.
/// </summary>
internal sealed class Stack(string project, string composeFile) : IAsyncDisposable
{
    private static readonly ProcessCommandRunner Runner = new();

    public ImmutableDictionary<string, string> Environment { get; set; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>With a fault, those by which it is obeyed.</summary>
    public static ImmutableDictionary<string, string> Variables(params (string Name, string Value)[] variables)
    {
        var all = variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value);
        return Fault.Parse(all.GetValueOrDefault(Fault.Variable)) is { } fault
            ? all.SetItems(FaultPass.Grant(Passes.Value.FullName, fault))
            : all;
    }

    private static readonly Lazy<DirectoryInfo> Passes = new(() =>
    {
        var folder = PrivateFiles.CreateFolder("cmp-passes-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder;
    });

    public string ComposeFile { get; set; } = Path.Combine(Repository.Files, composeFile);

    /// <summary>Which application a command is for.</summary>
    public IEnumerable<string> Files =>
        ["--compose-file", ComposeFile, "--project", project, "--no-setup", "--no-logo"];

    public Task<CommandResult> DeployAsync(string tag, CancellationToken cancellationToken, params string[] more) =>
        BuildAsync(["AtomicDeploy", "--tag", tag, .. Files, .. more], cancellationToken);

    public Task<CommandResult> RollbackAsync(CancellationToken cancellationToken, params string[] more) =>
        BuildAsync(
            ["Rollback", "--compose-file", ComposeFile, "--project", project, "--yes", "--no-logo", .. more],
            cancellationToken
        );

    /// <summary>Runs build.sh in the repository.</summary>
    public Task<CommandResult> BuildAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Runner.RunAsync(
            Command.Of(Path.Combine(Repository.Root, "build.sh"), arguments) with
            {
                WorkingDirectory = Repository.Root,
                Environment = Environment,
                Timeout = TimeSpan.FromMinutes(3),
            },
            cancellationToken
        );

    public static async Task<string> DockerAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await Runner.RunAsync(Command.Of("docker", arguments), cancellationToken))
            .EnsureSuccess()
            .StandardOutput.Trim();

    /// <summary>Builds an image for which packages have to be brought, which a slow machine needs minutes for.</summary>
    public static async Task BuildImageAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (
            await Runner.RunAsync(
                Command.Of("docker", ["build", "--quiet", .. arguments]) with
                {
                    Timeout = TimeSpan.FromMinutes(8),
                },
                cancellationToken
            )
        ).EnsureSuccess();

    /// <summary>The one running container of a service.</summary>
    public async Task<string> ContainerOfAsync(string service, CancellationToken cancellationToken) =>
        await DockerAsync(
            cancellationToken,
            "ps",
            "--quiet",
            "--filter",
            $"label=recyclic.app={project}",
            "--filter",
            $"label=com.docker.compose.service={service}"
        );

    /// <summary>Names of all containers, networks and volumes of this application.</summary>
    public async Task<string[]> LeftoversAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(
            DockerAsync(cancellationToken, "ps", "--all", "--format", "{{.Names}}"),
            DockerAsync(cancellationToken, "network", "ls", "--format", "{{.Name}}"),
            DockerAsync(cancellationToken, "volume", "ls", "--format", "{{.Name}}")
        );
        return [.. lists.SelectMany(Lines).Where(Belongs)];
    }

    public ValueTask DisposeAsync() => RemoveAsync();

    /// <summary>
    /// Removes all that bears this application's name. To begin with too: a run that was killed has left it.
    /// </summary>
    public async ValueTask RemoveAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var kind in new[] { "container", "network", "volume" })
        {
            string[] all = kind == "container" ? ["--all"] : [];
            var names = Lines(
                    await DockerAsync(
                        deadline.Token,
                        [kind, "ls", .. all, "--format", kind == "container" ? "{{.Names}}" : "{{.Name}}"]
                    )
                )
                .Where(Belongs)
                .ToList();
            string[] force = kind == "network" ? [] : ["--force"];
            if (names.Count > 0)
                await Runner.RunAsync(Command.Of("docker", [kind, "rm", .. force, .. names]), deadline.Token);
        }
    }

    private bool Belongs(string name) =>
        new[] { $"{project}-", $"{project}_", $"{project}.", $"zz.{project}." }.Any(start =>
            name.StartsWith(start, StringComparison.Ordinal)
        );

    public static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
