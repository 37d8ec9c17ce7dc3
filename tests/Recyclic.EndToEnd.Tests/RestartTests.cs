using System.Globalization;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd;

/// <summary>What was committed serves again by itself after a restart of any part.</summary>
[CancelAfter(480_000)]
public sealed class RestartTests : StackTests
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(1);

    // One whose edge starts with all traffic to green: what a fresh edge would say, all to blue, must not pass for
    // right.
    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        (await Stack.DeployAsync(One, cancellationToken, "--watch", "0")).ShouldExitWith(0);
        (await Stack.DeployAsync(Two, cancellationToken, "--keep-warm")).ShouldExitWith(0);
    }

    [Test]
    public async Task A_restarted_edge_serves_the_committed_release()
    {
        await DockerHere.RunAsync(Token, "restart", Stack.Edge);
        await ShouldComeBackAsync();
    }

    [Test]
    public async Task An_edge_that_crashes_starts_again_and_serves_the_committed_release()
    {
        var before = await RestartsAsync(Stack.Edge);
        // Its worker: the master ends when the worker does, and cannot itself be killed from within.
        // What this command ends with says nothing: the container may be gone before its shell is.
        await DockerHere.TryAsync(
            [
                "exec",
                Stack.Edge,
                "sh",
                "-c",
                "for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = haproxy ] && [ ${p#/proc/} != 1 ]; then kill -9 ${p#/proc/}; fi; done",
            ],
            Token
        );
        await Eventually.TrueAsync(
            async () => await RestartsAsync(Stack.Edge) > before,
            BackWithin,
            "the engine restarted the edge",
            Token
        );
        await ShouldComeBackAsync();
    }

    [TestCase("api")]
    [TestCase("frontend")]
    public async Task A_restarted_release_container_serves_again(string service)
    {
        await DockerHere.RunAsync(Token, "restart", $"{Stack.App}--green-{service}-1");
        await ShouldComeBackAsync();
    }

    [Test]
    public async Task The_whole_engine_restarts_and_the_committed_release_serves_again()
    {
        if (!Settings.MayRestartEngine)
            Assert.Ignore("restarts the engine under everyone who uses it; RECYCLIC_E2E_ENGINE_RESTART=1 allows it");
        var engine = (await File.ReadAllTextAsync("/var/run/docker.pid", Token)).Trim();
        (await DockerHere.Runner.RunAsync(Command.Of("kill", "-TERM", engine), Token)).EnsureSuccess();
        await Eventually.TrueAsync(
            () => Task.FromResult(!Directory.Exists($"/proc/{engine}")),
            BackWithin,
            "the engine has stopped",
            Token
        );
        (await Stack.RunAsync(Token, "Setup")).ShouldExitWith(0);

        await ShouldComeBackAsync();
        await Eventually.TrueAsync(
            async () => (await Stack.RunningAsync("blue", Token)).Length == 0,
            BackWithin,
            "the idle slot stays down",
            Token
        );
    }

    private async Task ShouldComeBackAsync()
    {
        await Eventually.TrueAsync(() => Stack.ServesAsync(Two, Token), BackWithin, $"{Two} serves again", Token);
        // And goes on doing so: no answer may come from the other slot.
        await using var site = await Site.OpenAsync(Stack, Token);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        (await site.CloseFlawlesslyAsync(Token)).Versions().Select(seen => seen.Version).ShouldBe([Two]);
        await Stack.ShouldServeAsync(Two, Token);
    }

    private static async Task<int> RestartsAsync(string container) =>
        int.Parse(
            await DockerHere.RunAsync(Token, "inspect", "--format", "{{.RestartCount}}", container),
            CultureInfo.InvariantCulture
        );
}
