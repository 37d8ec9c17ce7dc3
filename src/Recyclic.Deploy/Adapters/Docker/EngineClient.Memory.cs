using Docker.DotNet.Models;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What containers take.</summary>
public sealed partial class EngineClient
{
    /// <summary>What a container takes now, as `docker stats` would count it once; null: it is gone.</summary>
    internal Task<MemoryStats?> ReadMemoryAsync(string container, CancellationToken cancellationToken) =>
        FindAsync(
            $"what {container} takes",
            async (client, token) =>
            {
                MemoryStats? read = null;
                await client.Containers.GetContainerStatsAsync(
                    PathOf(container),
                    new ContainerStatsParameters { Stream = false, OneShot = true },
                    new Told(said => read = said.MemoryStats),
                    token
                );
                return read ?? new MemoryStats();
            },
            cancellationToken
        )!;

    private sealed class Told(Action<ContainerStatsResponse> told) : IProgress<ContainerStatsResponse>
    {
        public void Report(ContainerStatsResponse value) => told(value);
    }
}
