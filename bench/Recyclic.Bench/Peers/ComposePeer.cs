using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary><c>docker compose up -d</c>, which stops the old containers and then starts the new ones.</summary>
internal sealed class ComposePeer(Workshop workshop) : IPeer
{
    private const string Project = "bench-compose";

    public string Name => "compose";

    public string Title => "`docker compose up -d` recreate";

    public async Task SetUpAsync(Work work, CancellationToken cancellationToken) =>
        (await DeployAsync(work, cancellationToken)).EnsureSuccess();

    public Task<CommandResult> DeployAsync(Work work, CancellationToken cancellationToken) =>
        workshop.RunAsync(
            work,
            "docker",
            ["compose", "-p", Project, "-f", workshop.Path("stack/docker-compose.yml"), "up", "-d"],
            cancellationToken
        );

    public Task<CommandResult> RollbackAsync(Work work, CancellationToken cancellationToken) =>
        DeployAsync(work, cancellationToken);

    public Task TearDownAsync(CancellationToken cancellationToken) =>
        workshop.RemoveByPrefixAsync(Project, cancellationToken);
}
