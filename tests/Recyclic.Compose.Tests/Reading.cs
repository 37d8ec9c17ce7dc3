using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Reads compose files through the real `docker compose config`, in a directory of their own. Nothing is deployed.
/// </summary>
internal sealed class Reading : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cmp reading ");

    public string Root => _directory.FullName;

    public string File => Path.Combine(Root, "docker-compose.yml");

    public bool EngineIsLocal { get; init; } = true;

    public ComposeSettings Settings { get; set; } = new();

    public ImmutableDictionary<string, string> Variables { get; set; } = ImmutableDictionary<string, string>.Empty;

    public string? Registry { get; set; }

    public DeclaredSecrets Secrets { get; set; } = DeclaredSecrets.None;

    /// <summary>Reads services, each as a block of YAML indented by two; `name: test` is put in front.</summary>
    public Task<Application> ServicesAsync(string services, CancellationToken cancellationToken) =>
        TextAsync(
            "name: test\nservices:\n" + string.Join('\n', services.Split('\n').Select(line => "  " + line)) + "\n",
            cancellationToken
        );

    public async Task<Application> TextAsync(string text, CancellationToken cancellationToken, string? project = null)
    {
        await System.IO.File.WriteAllTextAsync(File, text, cancellationToken);
        return await ReadAsync(File, cancellationToken, project);
    }

    public async Task<Application> ReadAsync(string file, CancellationToken cancellationToken, string? project = null)
    {
        return ComposeReader.Read(await ModelAsync(file, "t1", cancellationToken, project), EngineIsLocal);
    }

    public async Task<ComposeModel> ModelAsync(
        string file,
        string? tag,
        CancellationToken cancellationToken,
        string? project = null
    )
    {
        using var engine = new DockerEngine(
            new DockerCli(new ProcessCommandRunner(), variables: Variables, secrets: Secrets),
            Settings
        );
        return await engine.ReadComposeAsync(
            file,
            project,
            tag is null ? null : ReleaseTag.Parse(tag),
            Registry,
            cancellationToken
        );
    }

    public Task WriteAsync(string name, string text) =>
        System.IO.File.WriteAllTextAsync(Path.Combine(Root, name), text);

    /// <summary>What reading these services is refused for.</summary>
    public async Task<ImmutableArray<ConfigurationProblem>> ProblemsAsync(
        string services,
        CancellationToken cancellationToken
    ) => (await Should.ThrowAsync<ConfigurationException>(() => ServicesAsync(services, cancellationToken))).Problems;

    public void Dispose() => _directory.Delete(recursive: true);
}
