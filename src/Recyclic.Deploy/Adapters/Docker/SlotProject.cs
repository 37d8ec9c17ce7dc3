using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>A slot as the project of compose that it is. No services is nothing to do.</summary>
internal sealed record SlotProject(HostChanges Changes, Application App, string Name, JsonObject Model)
{
    /// <summary>Creates containers; those that they wait for have to be there.</summary>
    public Task CreateAsync(IReadOnlyCollection<string> services, CancellationToken cancellationToken) =>
        UpAsync(services, start: false, cancellationToken);

    /// <summary>Creates and starts containers, and those that they wait for.</summary>
    public Task StartAsync(IReadOnlyCollection<string> services, CancellationToken cancellationToken) =>
        UpAsync(services, start: true, cancellationToken);

    private Task UpAsync(IReadOnlyCollection<string> services, bool start, CancellationToken cancellationToken) =>
        services.Count == 0
            ? Task.CompletedTask
            : Changes.ComposeUpAsync(App, Model, Name, services, start, dependencies: start, cancellationToken);
}
