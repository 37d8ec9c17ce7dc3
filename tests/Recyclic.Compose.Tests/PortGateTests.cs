namespace Recyclic.Compose.Tests;

/// <summary>
/// Nothing about the edge costs a request: a port that comes or goes, other routes, an edge of another image. Only where
/// the kernel lets a host have one of two bindings is there a gap, and it is said beforehand.
/// </summary>
[Category("Docker"), CancelAfter(290_000), NonParallelizable]
public sealed class PortGateTests
{
    private const string App = "cmp-gates";
    private static readonly Uri Web = new("http://127.0.0.1:17780/");

    [Test]
    public async Task A_port_is_added_and_removed_without_a_lost_request_on_the_others(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await here.PublishAsync("17780:8080", "17781:8080");
        await Load.LosesNothingAsync(
            Web,
            () => here.DeployAsync("v2", cancellationToken),
            ["v1", "v2"],
            cancellationToken
        );
        (await AskAsync(17781, cancellationToken)).ShouldBe("v2");

        await here.PublishAsync("17780:8080");
        await Load.LosesNothingAsync(
            Web,
            () => here.DeployAsync("v1", cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await AskAsync(17781, cancellationToken)).ShouldBe("503", "v2, which may be returned to, has it");
        using var open = await KeptConnection.OpenAsync(new Uri("http://127.0.0.1:17781/"), cancellationToken);
        var asked = AskOnceClosedAsync();
        await Load.LosesNothingAsync(
            Web,
            () => here.DeployAsync("v2", cancellationToken),
            ["v1", "v2"],
            cancellationToken
        );
        (await AskAsync(17781, cancellationToken)).ShouldBe("nobody");
        (await asked).ShouldContain(" 503 ", customMessage: "what was open when the port closed is answered");

        async Task<string> AskOnceClosedAsync()
        {
            while (await AskAsync(17781, cancellationToken) != "nobody")
                await Task.Delay(100, cancellationToken);
            return (await open.AskAsync(cancellationToken)).Head;
        }
    }

    [Test]
    public async Task A_published_port_is_narrowed_and_widened_with_one_short_gap_that_the_plan_names(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await here.PublishAsync("127.0.0.1:17780:8080");
        (await here.DeployAsync("v2", cancellationToken, "--dry-run")).StandardOutput.ShouldContain(
            "publish 127.0.0.1:17780 instead of 17780 (about a second without service there)"
        );
        var gap = await Load.HasShortGapAsync(
            Web,
            () => here.DeployAsync("v2", cancellationToken),
            TimeSpan.FromSeconds(10),
            cancellationToken
        );
        TestContext.Out.WriteLine($"narrowed with a gap of {gap.TotalMilliseconds:0} ms");
        (await here.BindingsAsync(cancellationToken)).ShouldBe(["127.0.0.1:17780->17780/tcp"]);
        (await AskAsync(17780, cancellationToken)).ShouldBe("v2");

        Good(await here.Stack.RollbackAsync(cancellationToken));
        (await here.BindingsAsync(cancellationToken)).ShouldContain(binding =>
            binding.StartsWith("0.0.0.0:17780->", StringComparison.Ordinal)
        );
        (await AskAsync(17780, cancellationToken)).ShouldBe("v1");
    }

    [Test]
    public async Task An_edge_of_another_image_is_replaced_without_a_lost_request_and_lets_what_is_open_end(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        using var kept = await KeptConnection.OpenAsync(Web, cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("v1");
        var before = await here.EdgeAsync(cancellationToken);
        await using (await OtherEdgeImage.MakeAsync(cancellationToken))
        {
            await Load.LosesNothingAsync(
                Web,
                () => here.DeployAsync("v2", cancellationToken),
                ["v1", "v2"],
                cancellationToken
            );
            (await here.EdgeAsync(cancellationToken)).ShouldNotBe(before);
            var (head, body) = await kept.AskAsync(cancellationToken);
            body.ShouldContain("v2", customMessage: "a connection that idled through it all");
            head.ShouldContain("connection: close");
        }
        // Back to the image that all others use, with its own edge.
        await Load.LosesNothingAsync(
            Web,
            () => here.DeployAsync("v1", cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await here.Stack.LeftoversAsync(cancellationToken))
            .Count(name => name.StartsWith($"{App}-edge", StringComparison.Ordinal))
            .ShouldBeLessThanOrEqualTo(2, "edges that have ended are removed");
    }

    [Test]
    public async Task An_edge_is_upgraded_to_todays_packages_without_a_lost_request(CancellationToken cancellationToken)
    {
        await using var image = await OtherEdgeImage.RememberAsync(cancellationToken);
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        (await StatusAsync()).ShouldContain("; HAProxy 2.");
        var before = await here.EdgeAsync(cancellationToken);
        using var kept = await KeptConnection.OpenAsync(Web, cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("v1");

        await Load.LosesNothingAsync(
            Web,
            () => here.Stack.BuildAsync(["Edge", "--upgrade", "--yes", .. here.Stack.Files], cancellationToken),
            ["v1"],
            cancellationToken
        );
        (await here.EdgeAsync(cancellationToken)).ShouldNotBe(before);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("v1", customMessage: "it idled through it all");
        (await StatusAsync()).ShouldContain(", built today");
        Good(await here.DeployAsync("v2", cancellationToken));

        async Task<string> StatusAsync() =>
            (await here.Stack.BuildAsync(["Status", .. here.Stack.Files], cancellationToken)).StandardOutput;
    }

    [Test]
    public async Task A_gate_that_was_removed_by_hand_is_told_and_there_again_with_the_next_deploy(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await Stack.DockerAsync(cancellationToken, "rm", "--force", $"{App}-gate-17780");
        (await here.Stack.BuildAsync(["Status", .. here.Stack.Files], cancellationToken)).StandardOutput.ShouldContain(
            "nobody answers on 17780"
        );
        Good(await here.DeployAsync("v2", cancellationToken));
        (await AskAsync(17780, cancellationToken)).ShouldBe("v2");
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    /// <summary>The version that answers, the status if it is no success, or `nobody`.</summary>
    private static async Task<string> AskAsync(int port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync($"http://127.0.0.1:{port}/", cancellationToken);
            return !answer.IsSuccessStatusCode
                ? $"{(int)answer.StatusCode}"
                : System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))![
                    "version"
                ]!.ToString();
        }
        catch (HttpRequestException)
        {
            return "nobody";
        }
    }

    private sealed class Here : IAsyncDisposable
    {
        private readonly Copied _files = new("gates/docker-compose.yml");

        private Here() => Stack = new Stack(App, _files.File) { ComposeFile = _files.File };

        public Stack Stack { get; }

        public static async Task<Here> AtAsync(CancellationToken cancellationToken)
        {
            await Images.EnsureAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return new Here();
        }

        public Task<Processes.CommandResult> DeployAsync(
            string tag,
            CancellationToken cancellationToken,
            params string[] more
        ) => Stack.DeployAsync(tag, cancellationToken, ["--watch", "0", "--yes", .. more]);

        /// <summary>Has the file publish these from now on.</summary>
        public async Task PublishAsync(params string[] ports)
        {
            var lines = await File.ReadAllLinesAsync(Stack.ComposeFile);
            await File.WriteAllLinesAsync(
                Stack.ComposeFile,
                lines.Select(line =>
                    line.TrimStart().StartsWith("ports:", StringComparison.Ordinal)
                        ? $"    ports: [{string.Join(", ", ports.Select(port => $"\"{port}\""))}]"
                        : line
                )
            );
        }

        public async Task<string> EdgeAsync(CancellationToken cancellationToken) =>
            await Stack.DockerAsync(cancellationToken, "inspect", "--format", "{{.Id}}", $"{App}-edge");

        /// <summary>What the engine publishes for the application.</summary>
        public async Task<string[]> BindingsAsync(CancellationToken cancellationToken) =>
            (
                await Stack.DockerAsync(
                    cancellationToken,
                    "ps",
                    "--filter",
                    $"label=recyclic.app={App}",
                    "--format",
                    "{{.Ports}}"
                )
            ).Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        public async ValueTask DisposeAsync()
        {
            await Stack.DisposeAsync();
            _files.Dispose();
        }
    }
}
