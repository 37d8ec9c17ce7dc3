using Recyclic.EndToEnd.Support;
using Recyclic.Load;

namespace Recyclic.EndToEnd;

/// <summary>Files that an engine's host lacks go with the release, and a rollback has its own.</summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(480_000)]
public sealed class SshFilesTests : SshFixture
{
    [Test]
    public async Task What_is_changed_comes_with_the_next_release_and_goes_with_the_way_back()
    {
        var tag = await Images.DeriveAsync("1", Token);
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        await using var stack = new Stack(1, variables: door.Variables);
        stack.Environment["COMPOSE_FILE"] = In("compose.yml");
        await WriteAsync("one", "");
        (await stack.DeployAsync(tag, Token, "--watch", "0")).ShouldExitWith(0);
        await ShouldSeeAsync(stack, "one");
        (await InAsync(stack, "keeper", "cat", "/init.txt")).ShouldBe(
            "one",
            "an accessory's files are on the host, too"
        );

        await WriteAsync("two", "");
        var plan = (await stack.DeployAsync(tag, Token, "--dry-run")).ShouldExitWith(0);
        plan.Output.ShouldContain("web  ~ file ./conf/app.json\n  web  ~ secret token\n");
        plan.All.ShouldNotContain("geheim");

        await using var client = new LoadClient(
            new LoadPlan(new LoadTarget(new Uri(stack.Frontend, "/version"), Settings.Rate))
        );
        await client.StartAsync(Token);
        (await stack.DeployAsync(tag, Token, "--watch", "0")).ShouldExitWith(0);
        await ShouldSeeAsync(stack, "two");
        // Nothing of this machine is needed any more: not by a restart, and not by the way back.
        Directory.Delete(In("conf"), recursive: true);
        File.Delete(In("token.txt"));
        (await stack.RunAsync(Token, "Rollback", "--yes")).ShouldExitWith(0);
        await ShouldSeeAsync(stack, "one");
        var summary = (await client.StopAsync(Token)).Summary();
        (summary.Sent > 0, summary.Failed).ShouldBe((true, 0), string.Join('\n', summary.FirstFailures));

        var before = await stack.InventoryAsync(Token);
        await WriteAsync("three", "\"./conf:/data\"");
        (await stack.DeployAsync(tag, Token))
            .ShouldExitWith(2)
            .All.ShouldContain("it may write to ./conf of this machine, but the engine runs on another");
        await WriteAsync("three", "\"/nowhere/app.ini:/app.ini:ro\"");
        (await stack.DeployAsync(tag, Token))
            .ShouldExitWith(2)
            .All.ShouldContain("it mounts /nowhere/app.ini of the engine's host, which is not there");
        (await stack.InventoryAsync(Token)).ShouldBe(before);
    }

    private async Task WriteAsync(string text, string mount)
    {
        Directory.CreateDirectory(In("conf"));
        await File.WriteAllTextAsync(In("conf/app.json"), text, Token);
        await File.WriteAllTextAsync(In("token.txt"), $"geheim-{text}", Token);
        await File.WriteAllTextAsync(
            In("compose.yml"),
            $$"""
            services:
              web:
                image: recyclic/frontend:${TAG}
                read_only: true
                ports: ["${FRONTEND_PORT}:4444"]
                volumes: ["./conf:/etc/conf:ro"{{(mount.Length > 0 ? ", " + mount : "")}}]
                secrets: [token]
                healthcheck: { test: ["CMD", "probe", "http", "4444", "/version"], interval: 2s, start_period: 60s }
              keeper:
                image: recyclic/redis:7
                volumes: ["./conf/app.json:/init.txt:ro"]
            secrets: { token: { file: ./token.txt } }
            """,
            Token
        );
    }

    private static async Task ShouldSeeAsync(Stack stack, string text)
    {
        (await InAsync(stack, "web", "cat", "/etc/conf/app.json")).ShouldBe(text);
        (await InAsync(stack, "web", "cat", "/run/secrets/token")).ShouldBe($"geheim-{text}");
        (await InAsync(stack, "web", "stat", "--format", "%a", "/run/secrets/token")).ShouldBe("600");
    }

    private static async Task<string> InAsync(Stack stack, string service, params string[] command)
    {
        var found = await DockerHere.LinesAsync(
            Token,
            "ps",
            "--quiet",
            "--filter",
            $"name=^{stack.App}-",
            "--filter",
            $"label=com.docker.compose.service={service}"
        );
        return await DockerHere.RunAsync(Token, ["exec", found.ShouldHaveSingleItem(), .. command]);
    }

    private string In(string name) => Path.Combine(DoorDirectory, name);
}
