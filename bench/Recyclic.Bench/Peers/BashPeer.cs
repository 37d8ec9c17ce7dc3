using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>Our own blue-green script with HAProxy, as a careful team would write it.</summary>
internal sealed class BashPeer(Workshop workshop) : IPeer
{
    private const string Project = "bench-bash";

    public string Name => "bash";

    public string Title => "bash: green project, poll 1 s, HAProxy's runtime API";

    public async Task SetUpAsync(Work work, CancellationToken cancellationToken)
    {
        (await ScriptAsync(work, ["setup"], cancellationToken)).EnsureSuccess();
        (await DeployAsync(work, cancellationToken)).EnsureSuccess();
    }

    public Task<CommandResult> DeployAsync(Work work, CancellationToken cancellationToken) =>
        ScriptAsync(work, ["deploy", work.Tag], cancellationToken);

    public Task<CommandResult> RollbackAsync(Work work, CancellationToken cancellationToken) =>
        DeployAsync(work, cancellationToken);

    public Task TearDownAsync(CancellationToken cancellationToken) =>
        workshop.RemoveByPrefixAsync(Project, cancellationToken);

    private Task<CommandResult> ScriptAsync(
        Work work,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) => workshop.RunAsync(work, workshop.Path("peers/bluegreen.sh"), arguments, cancellationToken);
}
