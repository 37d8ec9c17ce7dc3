namespace Recyclic.Compose.Tests;

/// <summary>What a release writes to a volume that only its image names outlives the release.</summary>
[Category("Docker"), CancelAfter(600_000)]
public sealed class OwnVolumeTests
{
    private const string App = "cmp-ownvol",
        Site = "http://127.0.0.1:17765/";

    /// <summary>The exit code of what SIGKILL has ended; 0 where the plan has no such step.</summary>
    private const int Killed = 128 + 9;

    /// <summary>
    /// The steps of an upgrade at which its deployer is killed: the start of the containers, and the cut over.
    /// </summary>
    private static readonly int[] Struck = Settings.AllFaults ? [.. Enumerable.Range(1, 12)] : [2, 4];

    [Test]
    public async Task What_each_release_wrote_is_there_in_every_later_one(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        foreach (var version in new[] { "v1", "v2", "v3" })
            await BuildAsync(version, cancellationToken);
        await using var stack = new Stack(App, "own-volume.yml");

        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        Good(first);
        first.StandardOutput.ShouldContain($"web keeps /data in the volume {App}.web.data, from release to release");
        (await NoteAsync("one", cancellationToken)).ShouldBe(["one"]);
        Processes.CommandResult? second = null;
        await Load.LosesNothingAsync(
            new Uri(Site),
            async () => second = await stack.DeployAsync("v2", cancellationToken, "--watch", "0"),
            ["v1", "v2"],
            cancellationToken
        );
        second!.StandardOutput.ShouldContain(
            "x-recyclic: { overlap: false }",
            Case.Sensitive,
            "both write while both run"
        );
        (await NoteAsync("two", cancellationToken)).ShouldBe(["one", "two"]);
        Good(await stack.DeployAsync("v3", cancellationToken, "--watch", "0"));
        (await NoteAsync("three", cancellationToken)).ShouldBe(["one", "two", "three"]);
        Good(await stack.RollbackAsync(cancellationToken));
        (await NoteAsync("back", cancellationToken)).ShouldBe(["one", "two", "three", "back"]);
        Good(
            await stack.BuildAsync(
                ["Retire", "--compose-file", stack.ComposeFile, "--project", App, "--no-logo"],
                cancellationToken
            )
        );
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        (await NoteAsync("again", cancellationToken)).ShouldBe(["one", "two", "three", "back", "again"]);
    }

    [Test]
    public async Task A_deployer_that_is_killed_at_any_step_loses_nothing_of_it(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        foreach (var version in new[] { "v1", "v2" })
            await BuildAsync(version, cancellationToken);
        await using var stack = new Stack(App, "own-volume.yml");
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        List<string> noted = ["before"];
        (await NoteAsync("before", cancellationToken)).ShouldBe(noted);
        var killed = 0;
        foreach (var step in Struck)
        {
            stack.Environment = Stack.Variables(("RECYCLIC_FAULT_AT", $"kill@after:StepBegun:{step}"));
            var deploy = await stack.DeployAsync(step % 2 == 0 ? "v2" : "v1", cancellationToken, "--watch", "0");
            deploy.ExitCode.ShouldBeOneOf([0, Killed], $"step {step}: {deploy.StandardOutput}{deploy.StandardError}");
            if (deploy.ExitCode == Killed)
                killed++;
            stack.Environment = [];
            noted.Add($"after{step}");
            (await NoteAsync($"after{step}", cancellationToken)).ShouldBe(
                noted,
                Case.Sensitive,
                $"killed at step {step}: {deploy.StandardOutput}"
            );
            Good(
                await stack.BuildAsync(
                    ["Recover", "--compose-file", stack.ComposeFile, "--project", App, "--no-logo"],
                    cancellationToken
                )
            );
            noted.Add($"recovered{step}");
            (await NoteAsync($"recovered{step}", cancellationToken)).ShouldBe(
                noted,
                Case.Sensitive,
                $"recovered from step {step}"
            );
        }
        killed.ShouldBeGreaterThanOrEqualTo(Settings.AllFaults ? 5 : Struck.Length);
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private static async Task<string[]> NoteAsync(string text, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return
        [
            .. Stack
                .Lines(await http.GetStringAsync($"{Site}note/{text}", cancellationToken))
                .Select(line => line.Split(" ")[^1]),
        ];
    }

    private static Task BuildAsync(string version, CancellationToken cancellationToken) =>
        Images.DeriveAsync("volume", version, "VOLUME /data", cancellationToken);
}
