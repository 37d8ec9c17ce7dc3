namespace Recyclic.Deploy.Testing;

/// <summary>A <see cref="MemoryCluster"/> as one process reaches it.</summary>
internal static class MemoryPlatform
{
    /// <param name="files">How the process reads compose files.</param>
    public static Platform Of(MemoryCluster cluster, MemoryProcess process, IComposeFiles files, TimeProvider time)
    {
        var calls = new MemoryCalls(cluster, process);
        return new Platform(
            new MemoryObserver(calls),
            files,
            new MemoryImages(calls),
            new MemoryReleases(calls),
            new MemoryHealth(calls),
            new MemoryAccessories(calls),
            new MemoryEdge(calls),
            new MemoryLock(cluster, process, time)
        )
        {
            Databases = cluster.Databases,
            Commands = new MemoryConsole(calls),
            Judge = () => new MemoryJudge(cluster),
            WatchJudge = () => new MemoryJudge(cluster),
            Remover = new MemoryRemover(calls),
        };
    }

    /// <param name="model">What reading the compose file gives; <see cref="MemoryModel"/>.</param>
    public static Platform Of(MemoryCluster cluster, MemoryProcess process, string model, TimeProvider time) =>
        Of(cluster, process, new MemoryComposeFiles(new MemoryCalls(cluster, process), model), time);
}
