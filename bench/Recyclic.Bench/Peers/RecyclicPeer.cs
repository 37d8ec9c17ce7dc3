using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>This repository's own <c>AtomicDeploy</c> and <c>Rollback</c>, by its command line.</summary>
internal sealed class RecyclicPeer(Workshop workshop) : IPeer
{
    private const string Project = "recyclicbench";

    public string Name => "recyclic";

    public string Title => "Recyclic `AtomicDeploy`";

    public async Task SetUpAsync(Work work, CancellationToken cancellationToken) =>
        (await DeployAsync(work, cancellationToken)).EnsureSuccess();

    public Task<CommandResult> DeployAsync(Work work, CancellationToken cancellationToken) =>
        BuildAsync(work, ["AtomicDeploy", "--tag", work.Tag], cancellationToken);

    public Task<CommandResult> RollbackAsync(Work work, CancellationToken cancellationToken) =>
        BuildAsync(work, ["Rollback", "--yes"], cancellationToken);

    public Task TearDownAsync(CancellationToken cancellationToken) =>
        workshop.RemoveByPrefixAsync(Project, cancellationToken);

    private Task<CommandResult> BuildAsync(
        Work work,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) =>
        workshop.RunAsync(
            work,
            Path.Combine(workshop.Root, "build.sh"),
            [.. arguments, "--compose-file", "bench/stack/docker-compose.yml", "--project", Project, "--no-logo"],
            cancellationToken
        );
}
