using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Testing;

/// <summary>A build's own compose files, by the docker command line. It needs no engine for that.</summary>
internal sealed class DockerComposeFiles(DockerCli docker, ComposeSettings settings) : IComposeFiles
{
    private readonly ComposeCli _compose = new(docker, settings);

    public Task<ComposeModel> ReadComposeAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    ) => _compose.ReadAsync(file, project, tag, registry, cancellationToken);

    public Task<string> ReadNameAsync(
        string file,
        string? project,
        string? registry,
        CancellationToken cancellationToken
    ) => _compose.ReadNameAsync(file, project, registry, cancellationToken);
}
