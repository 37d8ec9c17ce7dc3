using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Takes snapshots: what runs, and what the host keeps of the application, as one. Reads only.</summary>
internal sealed class Snapshots(Platform platform)
{
    /// <summary>Without the lock.</summary>
    public async Task<Snapshot> PeekAsync(string app, CancellationToken cancellationToken) =>
        await TakeAsync(app, await platform.Lock.PeekAsync(app, cancellationToken), cancellationToken);

    /// <summary>With what the host keeps of the application.</summary>
    public async Task<Snapshot> TakeAsync(string app, HostState state, CancellationToken cancellationToken)
    {
        var seen = await LookAsync(app, cancellationToken);
        return seen with
        {
            Generation = state.Generation,
            HostTime = state.Now,
            Share = seen.LacksEdge ? null : state.Share,
            FileShare = state.FileShare,
            Journal = state.Journal,
            Edge = seen.Edge with
            {
                Configuration = state.Configuration,
                Version = seen.Edge.IsRunning ? state.EdgeVersion : "",
            },
            FreeMegabytes = state.FreeMegabytes,
            Memory = state.Memory,
            DoorConfigurations = state.Doors,
            Certificates = state.Certificates,
            Usable = seen.Edge.IsRunning ? state.Usable : null,
        };
    }

    /// <summary>What runs, without what the host keeps.</summary>
    public async Task<Snapshot> LookAsync(string app, CancellationToken cancellationToken) =>
        await platform.Host.ObserveAsync(app, cancellationToken) with
        {
            Traits = platform.Traits,
        };
}
