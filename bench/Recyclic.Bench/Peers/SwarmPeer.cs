using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>
/// A Swarm stack with start-first updates. The machine joins a swarm of its own only if it is in none, and leaves it
/// again.
/// </summary>
internal sealed class SwarmPeer(Workshop workshop) : IPeer
{
    private const string Stack = "bench-swarm";
    private const string GatewayNetwork = "docker_gwbridge";
    private static readonly string[] Services = ["api", "frontend", "bot"];

    private bool _joined;
    private bool _gatewayExisted;

    public string Name => "swarm";

    public string Title => "Swarm, start-first";

    /// <exception cref="UsageException">Something else runs on the engine, which a swarm would harm.</exception>
    public async Task RefuseWhereOthersRunAsync(CancellationToken cancellationToken)
    {
        var running = (await workshop.DockerAsync(["ps", "--format", "{{.Names}}"], cancellationToken)).EnsureSuccess();
        var names = running.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (SwarmSafety.Refusal(await ReadStateAsync(cancellationToken), names) is { } refusal)
            throw new UsageException(refusal);
    }

    public async Task SetUpAsync(Work work, CancellationToken cancellationToken)
    {
        // Asked again: the comparison has been running for a while, and somebody may have started something.
        await RefuseWhereOthersRunAsync(cancellationToken);
        if (await ReadStateAsync(cancellationToken) == "inactive")
        {
            _gatewayExisted = (
                await workshop.DockerAsync(["network", "inspect", GatewayNetwork], cancellationToken)
            ).Succeeded;
            _joined = true;
            (
                await workshop.DockerAsync(["swarm", "init", "--advertise-addr", "127.0.0.1"], cancellationToken)
            ).EnsureSuccess();
        }
        (await DeployAsync(work, cancellationToken)).EnsureSuccess();
    }

    public Task<CommandResult> DeployAsync(Work work, CancellationToken cancellationToken) =>
        workshop.RunAsync(
            work,
            "docker",
            [
                "stack",
                "deploy",
                "--resolve-image",
                "never",
                "--detach=false",
                "-c",
                workshop.Path("peers/swarm/stack.yml"),
                Stack,
            ],
            cancellationToken
        );

    public async Task<CommandResult> RollbackAsync(Work work, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(
            Services.Select(service =>
                workshop.RunAsync(
                    work,
                    "docker",
                    ["service", "rollback", "--detach=false", $"{Stack}_{service}"],
                    cancellationToken
                )
            )
        );
        return results.MaxBy(result => result.ExitCode)!;
    }

    public async Task TearDownAsync(CancellationToken cancellationToken)
    {
        await workshop.DockerAsync(["stack", "rm", "--detach=false", Stack], cancellationToken);
        // The command returns before the engine has let go of the network; a stack set up in between would be given
        // that one.
        await workshop.AwaitGoneAsync(["network", "ls", "-q"], Stack, cancellationToken);
        if (!_joined)
            return;
        await workshop.DockerAsync(["swarm", "leave", "--force"], cancellationToken);
        _joined = false;
        if (!_gatewayExisted)
            await workshop.DockerAsync(["network", "rm", GatewayNetwork], cancellationToken);
    }

    private async Task<string> ReadStateAsync(CancellationToken cancellationToken) =>
        (await workshop.DockerAsync(["info", "--format", "{{.Swarm.LocalNodeState}}"], cancellationToken))
            .EnsureSuccess()
            .StandardOutput.Trim();
}
