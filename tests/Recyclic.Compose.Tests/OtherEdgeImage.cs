namespace Recyclic.Compose.Tests;

/// <summary>
/// As after an upgrade of Recyclic: a new edge is made of another image, until this is disposed of. All edges are, so no
/// test that has one may run beside others.
/// </summary>
internal sealed class OtherEdgeImage : IAsyncDisposable
{
    private static readonly string Name = Deploy.Adapters.Edge.EdgeImage.Reference;
    private readonly string _before;

    private OtherEdgeImage(string before) => _before = before;

    /// <param name="cancellationToken">The engine has the image: something was deployed.</param>
    public static async Task<OtherEdgeImage> MakeAsync(CancellationToken cancellationToken)
    {
        var before = await Stack.DockerAsync(cancellationToken, "image", "inspect", "--format", "{{.Id}}", Name);
        var folder = Directory.CreateTempSubdirectory("cmp edge ");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "Dockerfile"),
                $"FROM {Name}\nLABEL recyclic-compose-test=other\n",
                cancellationToken
            );
            await Stack.DockerAsync(cancellationToken, "build", "--quiet", "--tag", Name, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return new OtherEdgeImage(before);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Stack.DockerAsync(limit.Token, "tag", _before, Name);
    }
}
