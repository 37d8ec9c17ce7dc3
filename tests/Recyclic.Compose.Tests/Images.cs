namespace Recyclic.Compose.Tests;

/// <summary>
/// The one tiny image of all stacks here, in three versions, and under the names by which kinds of images are known;
/// made in a second.
/// </summary>
internal static class Images
{
    public const string Name = "recyclic-compose-test/app";

    private static readonly string[] Versions = ["v1", "v2", "v3"];
    private static readonly Lazy<Task> Built = new(BuildAsync);

    public static Task EnsureAsync() => Built.Value;

    /// <summary>Makes an image that differs from one of these in what a line of a Dockerfile says.</summary>
    public static async Task DeriveAsync(string name, string version, string line, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("recyclic-image-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "Dockerfile"),
                $"FROM {Name}:{version}\n{line}\n",
                cancellationToken
            );
            await Stack.DockerAsync(
                cancellationToken,
                "build",
                "--quiet",
                "--tag",
                $"recyclic-compose-test/{name}:{version}",
                directory.FullName
            );
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task BuildAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var version in Versions)
        {
            await Stack.DockerAsync(
                deadline.Token,
                "build",
                "--quiet",
                "--build-arg",
                $"VERSION={version}",
                "--tag",
                $"{Name}:{version}",
                Path.Combine(Repository.Files, "image")
            );
            await DeriveAsync("healthy", version, "HEALTHCHECK CMD [\"/server\", \"probe\", \"8080\"]", deadline.Token);
            await DeriveAsync("volume", version, "VOLUME /data", deadline.Token);
        }
        foreach (var known in new[] { "nginx:1", "redis:7" })
            await Stack.DockerAsync(deadline.Token, "tag", $"{Name}:v1", $"recyclic-compose-test/{known}");
    }
}
