using System.Runtime.CompilerServices;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The edge's container.</summary>
internal sealed class DockerEdge(DockerCli docker, AppRecords records, HostReader reader)
{
    public async Task StartAsync(
        string app,
        EdgeConfiguration configuration,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        if (replace)
            await RemoveAsync(app, cancellationToken);
        var record = await records.EnsureAsync(app, cancellationToken);
        var edge = (await reader.FindEdgeAsync(app, cancellationToken))?.Id;
        if (edge is null)
        {
            edge = (
                await docker.ChangeAsync(
                    EdgeImage.CreateArguments(record.Naming, configuration, record.Ownership.Mark(AppRecords.Nonce())),
                    cancellationToken
                )
            ).StandardOutput.Trim();
            foreach (var network in record.Naming.Networks.Skip(1))
                await docker.ChangeAsync(DockerCommands.Connect(network, edge), cancellationToken);
        }
        await docker.ChangeAsync(DockerCommands.Start(edge), cancellationToken);
    }

    public async Task RemoveAsync(string app, CancellationToken cancellationToken)
    {
        if (await reader.FindEdgeAsync(app, cancellationToken) is { } edge)
            await docker.TryChangeAsync(DockerCommands.Remove([edge.Id]), cancellationToken);
    }

    public async IAsyncEnumerable<string> FollowLogAsync(
        string app,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (await reader.FindEdgeAsync(app, cancellationToken) is not { } edge)
            yield break;
        await using var logs = docker.StartStream("logs", "--follow", "--tail", "0", edge.Id);
        await foreach (var line in logs.ReadLinesAsync(cancellationToken))
            yield return line;
    }
}
