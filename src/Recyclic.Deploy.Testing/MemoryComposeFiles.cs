namespace Recyclic.Deploy.Testing;

/// <summary>Reads one compose model that a test has written down, whatever file is named.</summary>
internal sealed class MemoryComposeFiles(MemoryCalls calls, string model) : IComposeFiles
{
    public Task<ComposeModel> ReadComposeAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "compose",
            () =>
                MemoryModel.Of(model, tag?.Value, project, registry) with
                {
                    Files = new ReleaseFiles(calls.Cluster.Files) { Key = $"key of {calls.Cluster.Files.Length}" },
                },
            cancellationToken
        );
}
