namespace Recyclic.Deploy.Testing;

/// <summary>Commands that a person runs on a <see cref="MemoryCluster"/>: they end as those of smoke tests do.</summary>
internal sealed class MemoryConsole(MemoryCalls calls) : ICommandHost
{
    public Task<int> ExecAsync(
        string app,
        Container container,
        ImmutableArray<string> command,
        bool terminal,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            $"exec {string.Join(' ', command)}",
            () =>
            {
                calls.Cluster.Questions.Add($"exec {string.Join(' ', command)} in {container.Name}");
                return calls.Cluster.CommandCodes.GetValueOrDefault(container.Image);
            },
            cancellationToken
        );
}
