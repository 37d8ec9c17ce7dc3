using System.Text.Json.Nodes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// An application that publishes nothing is deployed, upgraded, broken and rolled back, and no edge is ever made.
/// </summary>
[Category("Docker"), CancelAfter(280_000)]
public sealed class WorkersTests
{
    private const string App = "cmp-workers";

    [Test]
    public async Task Workers_need_no_edge(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "workers.yml");
        await stack.RemoveAsync();
        var dryRun = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        dryRun.StandardOutput.ShouldContain("nothing is published, so no edge is made");
        foreach (var word in new[] { "traffic", "start edge", "users" })
            dryRun.StandardOutput.ShouldNotContain(word);
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();

        Good(await stack.DeployAsync("v1", cancellationToken));
        await RunsAsync("v1");
        Good(await stack.DeployAsync("v2", cancellationToken));
        await RunsAsync("v2");

        stack.Environment = Stack.Variables(("BOT_DOES", "probe"));
        var broken = await stack.DeployAsync("v3", cancellationToken);
        broken.ExitCode.ShouldBe(1, broken.StandardOutput + broken.StandardError);
        (broken.StandardOutput + broken.StandardError).ShouldContain("v2 on green, as before");
        await RunsAsync("v2");

        stack.Environment = [];
        Good(await stack.RollbackAsync(cancellationToken));
        await RunsAsync("v1");

        async Task RunsAsync(string version)
        {
            (await stack.LeftoversAsync(cancellationToken)).ShouldNotContain($"{App}-edge");
            foreach (var service in new[] { "worker", "bot" })
                (
                    await Stack.DockerAsync(
                        cancellationToken,
                        "inspect",
                        "--format",
                        "{{.Config.Image}} {{.HostConfig.RestartPolicy.Name}}",
                        await stack.ContainerOfAsync(service, cancellationToken)
                    )
                ).ShouldBe(
                    $"{await Stack.DockerAsync(cancellationToken, "image", "inspect", "--format", "{{.Id}}", $"{Images.Name}:{version}")} unless-stopped"
                );
            var status = JsonNode.Parse(
                (
                    await stack.BuildAsync(["Status", "--project", App, "--json", "--no-logo"], cancellationToken)
                ).StandardOutput
            )!;
            status["release"]!["tag"]!.GetValue<string>().ShouldBe(version);
            status["edge"]!["healthy"]!.GetValue<bool>().ShouldBeTrue("none is needed");
            (
                await stack.BuildAsync(["Status", "--project", App, "--no-logo"], cancellationToken)
            ).StandardOutput.ShouldContain("edge      none: nothing is published");
        }
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
}
