namespace Recyclic.Compose.Tests;

/// <summary>What a release writes to a volume that only its image names outlives the release.</summary>
[Category("Docker"), CancelAfter(240_000)]
public sealed class OwnVolumeTests
{
    private const string App = "cmp-ownvol";

    [Test]
    public async Task What_each_release_wrote_is_there_in_every_later_one(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        foreach (var version in new[] { "v1", "v2", "v3" }) await BuildAsync(version, cancellationToken);
        await using var stack = new Stack(App, "own-volume.yml");

        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        Good(first);
        first.StandardOutput.ShouldContain($"web keeps /data in the volume {App}.web.data, from release to release");
        (await NoteAsync("one", cancellationToken)).ShouldBe(["one"]);
        var second = await stack.DeployAsync("v2", cancellationToken, "--watch", "0");
        Good(second);
        second.StandardOutput.ShouldContain("x-recyclic: { overlap: false }", Case.Sensitive, "both write while both run");
        (await NoteAsync("two", cancellationToken)).ShouldBe(["one", "two"]);
        Good(await stack.DeployAsync("v3", cancellationToken, "--watch", "0"));
        (await NoteAsync("three", cancellationToken)).ShouldBe(["one", "two", "three"]);
        Good(await stack.RollbackAsync(cancellationToken));
        (await NoteAsync("back", cancellationToken)).ShouldBe(["one", "two", "three", "back"]);
        Good(await stack.BuildAsync(["Retire", "--compose-file", stack.ComposeFile, "--project", App, "--no-logo"], cancellationToken));
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        (await NoteAsync("again", cancellationToken)).ShouldBe(["one", "two", "three", "back", "again"]);
    }

    private static void Good(Processes.CommandResult result) => result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private static async Task<string[]> NoteAsync(string text, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return Stack.Lines(await http.GetStringAsync($"http://127.0.0.1:17765/note/{text}", cancellationToken));
    }

    private static async Task BuildAsync(string version, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("recyclic-own-volume-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "Dockerfile"), $"FROM {Images.Name}:{version}\nVOLUME /data\n", cancellationToken);
            await Stack.DockerAsync(cancellationToken, "build", "--quiet", "--tag", $"recyclic-compose-test/volume:{version}", directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
