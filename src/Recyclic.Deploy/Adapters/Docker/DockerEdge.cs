using System.Collections.Immutable;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The edge's container, and those that it replaced. The one of the edge's name is the edge; another one that is an edge
/// too goes on with what is open in it, or has ended.
/// </summary>
internal sealed class DockerEdge(HostChanges changes, AppRecords records, HostReader reader, EdgeLog log)
{
    public async Task StartAsync(string app, bool replace, CancellationToken cancellationToken)
    {
        var record = await records.EnsureAsync(app, cancellationToken);
        var expected = Expected(record);
        var all = await EdgesAsync(app, cancellationToken);
        var edge = all.FirstOrDefault(each => IsNamed(each, record.Naming))?.ID;
        if (edge is not null && replace)
        {
            await changes.RenameAsync(edge, record.Naming.ReplacedEdge(edge), expected, cancellationToken);
            edge = null;
        }
        if (edge is null)
        {
            edge = await changes.CreateAsync(
                app,
                EdgeCommands.Create(
                    record.Naming,
                    record.Ownership.Mark(AppRecords.Nonce()),
                    all.Select(other => other.ID)
                ),
                cancellationToken
            );
            await ConnectAsync(record, edge, cancellationToken);
        }
        await changes.StartAsync(edge, expected, cancellationToken);
        log.Add(edge);
    }

    /// <summary>See <see cref="Ports.IEdgeHost.RetireEdgesAsync"/>.</summary>
    public async Task RetireAsync(string app, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        foreach (var edge in await ReplacedAsync(record, cancellationToken))
        {
            if (edge.State?.Running != true)
                await changes.RemoveAsync([edge.ID], Expected(record), cancellationToken);
            else if (!Publishes(edge))
            {
                // It may be told more than once. First of all it must not come back by itself.
                (await changes.SetRestartAsync("no", [edge.ID], Expected(record), cancellationToken)).EnsureSuccess();
                await changes.EndSoftlyAsync(edge.ID, Expected(record), cancellationToken);
            }
        }
    }

    /// <summary>See <see cref="Ports.IEdgeHost.ReturnEdgeAsync"/>.</summary>
    public async Task ReturnAsync(string app, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var all = await EdgesAsync(app, cancellationToken);
        var before = all.Where(edge => !IsNamed(edge, record.Naming) && EngineAnswers.Container(edge).RestartsByItself)
            .MaxBy(edge => EngineAnswers.Created(edge.Created));
        if (before is null)
            return;
        await changes.RemoveAsync(
            [.. all.Where(edge => IsNamed(edge, record.Naming)).Select(edge => edge.ID)],
            Expected(record),
            cancellationToken
        );
        await changes.RenameAsync(before.ID, record.Naming.EdgeContainer, Expected(record), cancellationToken);
    }

    /// <summary>All edges.</summary>
    public async Task RemoveAsync(string app, CancellationToken cancellationToken) =>
        await RemoveAsync(
            app,
            [.. (await EdgesAsync(app, cancellationToken)).Select(edge => edge.ID)],
            cancellationToken
        );

    public async Task RemoveAsync(string app, ImmutableArray<string> ids, CancellationToken cancellationToken)
    {
        if (!ids.IsEmpty && await records.FindAsync(app, cancellationToken) is { } record)
            await changes.RemoveAsync(ids, Expected(record), cancellationToken);
    }

    public async Task KillAsync(string app, ImmutableArray<string> ids, CancellationToken cancellationToken)
    {
        if (!ids.IsEmpty && await records.FindAsync(app, cancellationToken) is { } record)
            await changes.KillAsync(ids, Expected(record), cancellationToken);
    }

    /// <summary>Edges of earlier versions that were replaced, and still publish ports themselves.</summary>
    public async Task<ImmutableArray<string>> FindPublishingAsync(string app, CancellationToken cancellationToken) =>
        await records.FindAsync(app, cancellationToken) is { } record
            ?
            [
                .. (await ReplacedAsync(record, cancellationToken))
                    .Where(edge => Publishes(edge) && edge.State?.Running == true)
                    .Select(edge => edge.ID),
            ]
            : [];

    private async Task ConnectAsync(AppRecord record, string edge, CancellationToken cancellationToken)
    {
        var networks = await reader.OwnNetworksAsync(record, cancellationToken);
        foreach (var name in record.Naming.Networks.Skip(1))
            await changes.ConnectAsync(
                networks.GetValueOrDefault(name) ?? throw new EngineException($"network {name} not found"),
                ExpectedLabels.Ours(record.Ownership),
                edge,
                Expected(record),
                [],
                cancellationToken
            );
    }

    private async Task<IReadOnlyList<ContainerInspectResponse>> ReplacedAsync(
        AppRecord record,
        CancellationToken cancellationToken
    ) => [.. (await EdgesAsync(record.Naming.App, cancellationToken)).Where(edge => !IsNamed(edge, record.Naming))];

    private async Task<IReadOnlyList<ContainerInspectResponse>> EdgesAsync(
        string app,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await reader.OwnAsync(app, cancellationToken)).Where(container =>
                EngineAnswers.Labels(container.Config?.Labels).GetValueOrDefault(Naming.RoleLabel) == Naming.EdgeRole
            ),
        ];

    private static bool IsNamed(ContainerInspectResponse edge, Naming naming) =>
        EngineAnswers.Name(edge) == naming.EdgeContainer;

    private static bool Publishes(ContainerInspectResponse edge) => !EngineAnswers.Edge(edge).Ports.IsEmpty;

    private static ExpectedLabels Expected(AppRecord record) => ExpectedLabels.Ours(record.Ownership, Naming.EdgeRole);
}
