using Docker.DotNet.Models;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>An application's own containers.</summary>
internal sealed partial class HostReader
{
    /// <summary>
    /// The containers that Recyclic made for an application, of every role, as the engine lists them.
    /// </summary>
    public async Task<IReadOnlyList<ContainerListResponse>> ListOwnAsync(
        string app,
        CancellationToken cancellationToken
    )
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return [];
        var listed = await engine.ListContainersAsync(cancellationToken, $"{Naming.AppLabel}={app}");
        var own = await Task.WhenAll(
            listed.Select(async entry =>
            {
                var found = objects.Saw(entry, await images.OfAsync(entry.ImageID, cancellationToken));
                return record.Ownership.OwnsContainer(found.Labels, found.ImageLabels) ? entry : null;
            })
        );
        return [.. own.OfType<ContainerListResponse>()];
    }

    /// <summary>The same, inspected.</summary>
    public async Task<IReadOnlyList<ContainerInspectResponse>> OwnAsync(
        string app,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await Task.WhenAll(
                    (await ListOwnAsync(app, cancellationToken)).Select(entry =>
                        engine.FindContainerAsync(entry.ID, cancellationToken)
                    )
                )
            ).OfType<ContainerInspectResponse>(),
        ];

    /// <summary>
    /// A container by its name, and whether Recyclic made it for the application; null: there is none.
    /// </summary>
    public async Task<(ContainerInspectResponse Inspected, bool IsOwn, Stranger Otherwise)?> FindAsync(
        string app,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (await engine.FindContainerAsync(name, cancellationToken) is not { } inspected)
            return null;
        var record = await records.FindAsync(app, cancellationToken);
        var found = await FoundAsync(inspected, cancellationToken);
        return (
            inspected,
            record?.Ownership.OwnsContainer(found.Container.Labels, found.ImageLabels) == true,
            found.AsStranger()
        );
    }

    /// <summary>The edge's container, or null.</summary>
    public async Task<Container?> FindEdgeAsync(string app, CancellationToken cancellationToken) =>
        (await ListOwnAsync(app, cancellationToken)).FirstOrDefault(entry =>
            EngineAnswers.Labels(entry.Labels).GetValueOrDefault(Naming.RoleLabel) == Naming.EdgeRole
            && EngineAnswers.Name(entry) == new Naming(app).EdgeContainer
        )
            is { } entry
        && await engine.FindContainerAsync(entry.ID, cancellationToken) is { } edge
            ? EngineAnswers.Container(edge)
            : null;
}
