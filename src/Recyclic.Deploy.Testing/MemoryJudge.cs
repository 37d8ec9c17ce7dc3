namespace Recyclic.Deploy.Testing;

/// <summary>Says of a canary what its <see cref="MemoryCluster"/> has it say.</summary>
internal sealed class MemoryJudge(MemoryCluster cluster) : ICanaryJudge
{
    public void Begin(CanaryStage stage) { }

    public void Hear(string line) { }

    public Task<CanaryVerdict> JudgeAsync(CanaryStage stage, CancellationToken cancellationToken) =>
        Task.FromResult(cluster.Verdict(stage));
}
