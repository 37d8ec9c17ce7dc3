using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// As after an upgrade of Recyclic: a new edge is made of another image, until this is disposed of. All edges are, so no
/// test that has one may run beside others.
/// </summary>
internal sealed class OtherEdgeImage : IAsyncDisposable
{
    private static readonly string Name = EdgeImage.Reference;
    private readonly string _before;

    private OtherEdgeImage(string before) => _before = before;

    /// <summary>Makes none: what somebody else makes is taken back.</summary>
    public static async Task<OtherEdgeImage> RememberAsync(CancellationToken cancellationToken)
    {
        var docker = new DockerCli(new ProcessCommandRunner());
        using (var engine = new EngineClient(docker))
            await new EdgeImage(docker, engine).EnsureAsync(cancellationToken);
        return new OtherEdgeImage(await FindAsync(cancellationToken));
    }

    /// <param name="cancellationToken">The engine has the image: something was deployed.</param>
    public static async Task<OtherEdgeImage> MakeAsync(CancellationToken cancellationToken)
    {
        var before = await FindAsync(cancellationToken);
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
        var other = await FindAsync(limit.Token);
        await Stack.DockerAsync(limit.Token, "tag", _before, Name);
        // Whoever is made of it still has it.
        if (other != _before && await IsUnusedAsync(other, limit.Token))
            await Stack.DockerAsync(limit.Token, "image", "rm", other);
    }

    private static async Task<bool> IsUnusedAsync(string image, CancellationToken cancellationToken) =>
        await Stack.DockerAsync(cancellationToken, "ps", "--all", "--quiet", "--filter", $"ancestor={image}") is "";

    private static Task<string> FindAsync(CancellationToken cancellationToken) =>
        Stack.DockerAsync(cancellationToken, "image", "inspect", "--format", "{{.Id}}", Name);
}
