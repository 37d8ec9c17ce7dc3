using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary><c>AtomicDeploy</c> and <c>Rollback</c> of a version of Recyclic, by its command line.</summary>
/// <param name="workshop">Where the work is.</param>
/// <param name="root">The repository of the version that deploys; null: this one.</param>
internal sealed class RecyclicPeer(Workshop workshop, string? root = null) : IPeer
{
    private const string Project = "recyclicbench";

    public string Name => root is null ? "recyclic" : "before";

    public string Title => $"Recyclic `AtomicDeploy`{(root is null ? "" : ", the version of `--before`")}";

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
            Path.Combine(root ?? workshop.Root, "build.sh"),
            [
                .. arguments,
                "--compose-file",
                workshop.Path("stack/docker-compose.yml"),
                "--project",
                Project,
                "--no-logo",
            ],
            cancellationToken
        );
}
