using System.Net;

namespace Recyclic.Compose.Tests;

/// <summary>
/// A routed service of which only one process may have its volume: each release has it alone, and a broken one gives it
/// back.
/// </summary>
[Category("Docker"), CancelAfter(900_000)]
public sealed class OneWriterTests
{
    private const string App = "cmp-writer";

    /// <summary>The exit code of what SIGKILL has ended.</summary>
    private const int Killed = 128 + 9;

    private static readonly Uri Site = new("http://127.0.0.1:17767/");

    [Test]
    public async Task Releases_have_the_volume_one_after_another_and_a_broken_one_gives_it_back(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack(App, "one-writer.yml");
        await ServeAsync(stack, cancellationToken);
        var upgrade = new Processes.CommandResult(Processes.Command.Of("none"), -1, "", "");
        await Load.LosesNothingAsync(
            Site,
            async () => upgrade = await DeployAsync(stack, cancellationToken, ("WRITER_VERSION", "v2")),
            ["v1", "v2"],
            cancellationToken
        );
        upgrade.StandardOutput.ShouldContain("web is down from its stop in blue until its health gate passes in green");
        upgrade.StandardOutput.ShouldContain($"two releases would write to the volume {App}_data (/data)");
        (await NotesAsync("two", cancellationToken)).ShouldBe(["v1 one", "v2 two"]);

        var broken = await DeployAsync(stack, cancellationToken, ("WRITER_VERSION", "v3"), ("WRITER_PROBE", "1"));
        broken.ExitCode.ShouldBe(1, broken.StandardOutput + broken.StandardError);
        (await NotesAsync("still", cancellationToken)).ShouldBe(["v1 one", "v2 two", "v2 still"]);

        // What the broken one has left the idle slot without is started from its image.
        stack.Environment = Stack.Variables(("WRITER_VERSION", "v1"));
        await Load.LosesNothingAsync(
            Site,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await NotesAsync("back", cancellationToken)).ShouldBe(["v1 one", "v2 two", "v2 still", "v1 back"]);
    }

    /// <summary>
    /// What it prints is the table of how long requests waited. They come by another address than the loopback: that one
    /// is carried by a program of the engine's, which ends, and all of its connections with it, once it has no file
    /// descriptor left, of which each connection takes six.
    /// </summary>
    [Test]
    public async Task Requests_wait_for_one_that_starts_slowly_and_for_the_old_one_when_it_is_broken(
        CancellationToken cancellationToken
    )
    {
        var deploys = Settings.AllFaults ? 10 : 2;
        var gateway = await Stack.DockerAsync(
            cancellationToken,
            "network",
            "inspect",
            "bridge",
            "--format",
            "{{(index .IPAM.Config 0).Gateway}}"
        );
        await using var stack = new Stack(App, "one-writer.yml");
        await stack.RemoveAsync();
        await ServeAsync(stack, cancellationToken);
        var serving = "v1";
        for (var deploy = 1; deploy <= deploys; deploy++)
        {
            var isBroken = deploy % (Settings.AllFaults ? 3 : 2) == 0;
            var next = serving == "v1" ? "v2" : "v1";
            Processes.CommandResult? result = null;
            var longest = await Load.LosesNothingAsync(
                new UriBuilder(Site) { Host = gateway }.Uri,
                200,
                TimeSpan.FromSeconds(40),
                async () =>
                    result = await DeployAsync(
                        stack,
                        cancellationToken,
                        ("WRITER_VERSION", next),
                        ("WRITER_START", "4"),
                        ("WRITER_GRACE", "6s"),
                        ("WRITER_PROBE", isBroken ? "1" : "8080")
                    ),
                cancellationToken
            );
            TestContext.Out.WriteLine(
                $"{deploy}. {(isBroken ? "broken" : "good")}: the longest request took {longest / 1000:0.0} s"
            );
            result!.ExitCode.ShouldBe(isBroken ? 1 : 0, result.StandardOutput + result.StandardError);
            if (!isBroken)
            {
                serving = next;
                result.StandardOutput.ShouldContain("of them, while what must not run twice was handed over");
            }
        }
        (await NotesAsync("after", cancellationToken))[^1].ShouldBe($"{serving} after");
    }

    [Test]
    public async Task A_deployer_that_is_killed_in_the_gap_is_put_right_by_the_next_command(
        CancellationToken cancellationToken
    )
    {
        await using var stack = new Stack(App, "one-writer.yml");
        await ServeAsync(stack, cancellationToken);
        // The third step is the cutover: the old one is down by then, and users have not been moved. They wait, but not
        // for ever.
        var killed = await DeployAsync(
            stack,
            cancellationToken,
            ("WRITER_VERSION", "v2"),
            ("RECYCLIC_FAULT_AT", "kill@before:StepBegun:3")
        );
        killed.ExitCode.ShouldBe(Killed, killed.StandardOutput + killed.StandardError);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var nobody = await http.GetAsync(Site, cancellationToken);
        nobody.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        nobody.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(2));

        stack.Environment = [];
        Good(
            await stack.BuildAsync(
                ["Recover", "--compose-file", stack.ComposeFile, "--project", App, "--no-logo"],
                cancellationToken
            )
        );
        (await NotesAsync("saved", cancellationToken)).ShouldBe(["v1 one", "v1 saved"]);
        Good(await DeployAsync(stack, cancellationToken, ("WRITER_VERSION", "v2")));
        (await NotesAsync("two", cancellationToken)).ShouldBe(["v1 one", "v1 saved", "v2 two"]);
    }

    private static async Task ServeAsync(Stack stack, CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        Good(await DeployAsync(stack, cancellationToken, ("WRITER_VERSION", "v1")));
        (await NotesAsync("one", cancellationToken)).ShouldBe(["v1 one"]);
    }

    /// <summary>The release is named by what the file resolves to.</summary>
    private static Task<Processes.CommandResult> DeployAsync(
        Stack stack,
        CancellationToken cancellationToken,
        params (string, string)[] variables
    )
    {
        stack.Environment = Stack.Variables(variables);
        return stack.BuildAsync(
            [
                "AtomicDeploy",
                "--compose-file",
                stack.ComposeFile,
                "--project",
                App,
                "--no-setup",
                "--no-logo",
                "--watch",
                "0",
            ],
            cancellationToken
        );
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private static async Task<string[]> NotesAsync(string text, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return Stack.Lines(await http.GetStringAsync(new Uri(Site, $"note/{text}"), cancellationToken));
    }
}
