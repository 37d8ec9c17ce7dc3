using System.Text.Json.Nodes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// What a deploy changes besides the tag is shown before it does so, and what would take everything from users has to
/// be asked for.
/// </summary>
[Category("Docker"), CancelAfter(280_000)]
public sealed class ConfigurationTests
{
    private const string App = "cmp-config";

    private const string Before = """
        environment: { GREETING: "geheim-1 costs 5$$", OLD: "1", SAME: "s" }
        deploy: { resources: { limits: { memory: 64M } } }
        ports: ["17870:8080"]
        """;

    private const string After = """
        environment: { GREETING: "geheim-2", NEW: "1", SAME: "s" }
        deploy: { resources: { limits: { memory: 96M } } }
        ports: ["17870:8080", "17871:8080"]
        stop_grace_period: 3s
        """;

    private static readonly Uri Site = new("http://127.0.0.1:17870/");

    [Test]
    public async Task A_plan_names_what_changes_and_a_deploy_that_would_take_everything_is_refused(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        using var folder = new TemporaryFolder();
        await using var stack = new Stack(App, "one-off.yml") { ComposeFile = folder["compose.yml"] };
        await WriteAsync(stack, "web", Before, cancellationToken);
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        (await stack.DeployAsync("v2", cancellationToken, "--dry-run")).StandardOutput.ShouldNotContain(
            "besides the tag"
        );

        await WriteAsync(stack, "web", After, cancellationToken);
        var plan = await stack.DeployAsync("v2", cancellationToken, "--dry-run");
        plan.StandardOutput.ShouldContain(
            """
            changes besides the tag
              web  ~ memory limit: 67108864 -> 100663296
              web  + port 17871: to 8080 http
              web  + stop_grace_period: 3s
              web  ~ environment GREETING
              web  + environment NEW
              web  - environment OLD

            """
        );
        plan.StandardOutput.ShouldNotContain("geheim");
        var json = await stack.DeployAsync("v2", cancellationToken, "--dry-run", "--json");
        JsonNode.Parse(json.StandardOutput)!["changes"]!
            .AsArray()
            .Select(change => (string?)change!["setting"])
            .ShouldContain("environment GREETING");
        Good(await stack.DeployAsync("v2", cancellationToken, "--watch", "0"));

        await WriteAsync(stack, "blog", "ports: [\"17879:8080\"]", cancellationToken);
        foreach (var dryRun in new string[][] { ["--dry-run"], [] })
        {
            var refused = await stack.DeployAsync("v3", cancellationToken, dryRun);
            refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
            (refused.StandardOutput + refused.StandardError).ShouldContain(
                "none of its services would be left: users have web, and this is blog"
            );
            (refused.StandardOutput + refused.StandardError).ShouldContain($"--replace {App}");
        }
        (await AnswerAsync(Site, cancellationToken)).ShouldContain("\"version\":\"v2\"");

        Good(await stack.DeployAsync("v3", cancellationToken, "--replace", App, "--watch", "0"));
        (await AnswerAsync(new("http://127.0.0.1:17879/"), cancellationToken)).ShouldContain("\"version\":\"v3\"");
        Good(await stack.RollbackAsync(cancellationToken));
        (await AnswerAsync(Site, cancellationToken)).ShouldContain("\"version\":\"v2\"");
    }

    private static Task WriteAsync(
        Stack stack,
        string service,
        string attributes,
        CancellationToken cancellationToken
    ) =>
        File.WriteAllTextAsync(
            stack.ComposeFile,
            $$"""
            services:
              {{service}}:
                image: recyclic-compose-test/app:${TAG}
                healthcheck: { test: ["CMD", "/server", "probe", "8080"], interval: 10s, start_period: 60s, start_interval: 500ms }
                {{attributes.Replace("\n", "\n    ", StringComparison.Ordinal)}}
            """,
            cancellationToken
        );

    private static async Task<string> AnswerAsync(Uri url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return await http.GetStringAsync(url, cancellationToken);
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
}
