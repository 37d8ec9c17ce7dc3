using System.Runtime.CompilerServices;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The edge's container.</summary>
internal sealed class DockerEdge(DockerCli docker, HostChanges changes, AppRecords records, HostReader reader)
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
        var expected = Expected(record);
        var edge = (await reader.FindEdgeAsync(app, cancellationToken))?.Id;
        if (edge is null)
        {
            edge = await changes.CreateAsync(
                app,
                EdgeCommands.Create(record.Naming, configuration, record.Ownership.Mark(AppRecords.Nonce())),
                cancellationToken
            );
            var networks = await reader.OwnNetworksAsync(record, cancellationToken);
            foreach (var name in record.Naming.Networks.Skip(1))
                await changes.ConnectAsync(
                    networks.GetValueOrDefault(name) ?? throw new EngineException($"network {name} not found"),
                    ExpectedLabels.Ours(record.Ownership),
                    edge,
                    expected,
                    [],
                    cancellationToken
                );
        }
        await changes.StartAsync(edge, expected, cancellationToken);
    }

    public async Task RemoveAsync(string app, CancellationToken cancellationToken)
    {
        if (
            await reader.FindEdgeAsync(app, cancellationToken) is { } edge
            && await records.FindAsync(app, cancellationToken) is { } record
        )
            await changes.RemoveAsync([edge.Id], Expected(record), cancellationToken);
    }

    private static ExpectedLabels Expected(AppRecord record) => ExpectedLabels.Ours(record.Ownership, Naming.EdgeRole);

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
