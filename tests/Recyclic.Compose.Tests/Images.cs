namespace Recyclic.Compose.Tests;

/// <summary>The one tiny image of all stacks here, in three versions; made in a second.</summary>
internal static class Images
{
    public const string Name = "recyclic-compose-test/app";

    private static readonly Lazy<Task> Built = new(BuildAsync);

    public static Task EnsureAsync() => Built.Value;

    private static async Task BuildAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var version in new[] { "v1", "v2", "v3" })
            await Stack.DockerAsync(deadline.Token, "build", "--quiet", "--build-arg", $"VERSION={version}", "--tag", $"{Name}:{version}", Path.Combine(Repository.Files, "image"));
    }
}
