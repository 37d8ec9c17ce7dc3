using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>An application that plain compose runs already, taken over on the real engine.</summary>
[Category("Docker"), CancelAfter(180_000)]
public sealed class AdoptionTests
{
    private const string Project = "cmp-adopted";
    private static readonly Uri Web = new("http://127.0.0.1:17790/version");
    private static readonly ProcessCommandRunner Runner = new();

    [Test]
    public async Task It_is_taken_over_under_load_given_back_when_it_fails_and_its_database_stays(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(Project, "adopted/docker-compose.yml");
        await stack.RemoveAsync();
        (
            await Runner.RunAsync(
                Command.Of("docker", "compose", "-p", Project, "-f", stack.ComposeFile, "up", "--detach", "--wait") with
                {
                    Environment = Stack.Variables(("TAG", "v1")),
                    Timeout = TimeSpan.FromMinutes(1),
                },
                cancellationToken
            )
        ).EnsureSuccess();
        var before = await StatesAsync(cancellationToken);
        var database = await StartedAsync("db", cancellationToken);

        var refused = await stack.DeployAsync("v2", cancellationToken);
        refused.ExitCode.ShouldBe(2, refused.StandardOutput);
        Said(refused).ShouldContain("--adopt");
        Said(refused).ShouldContain($"{Project}-web-1 (web) publishes 17790");
        Said(refused).ShouldContain($"{Project}-db-1 (db): stays as it is, running, with its data");
        (await StatesAsync(cancellationToken)).ShouldBe(before);
        (await stack.LeftoversAsync(cancellationToken)).ShouldNotContain(name =>
            name.Contains("--blue", StringComparison.Ordinal)
        );

        // Users have the release already, and it is committed.
        stack.Environment = Stack.Variables((Fault.Variable, "interrupt@after:Commit:1"));
        var stopped = await stack.DeployAsync("v2", cancellationToken, "--adopt");
        stopped.ExitCode.ShouldBe(130, Said(stopped));
        Said(stopped).ShouldContain("what ran before, under plain compose");
        (await StatesAsync(cancellationToken)).ShouldBe(before, "running, with their restart policies");
        stack.Environment = Stack.Variables();

        CommandResult? done = null;
        var gap = await Load.HasShortGapAsync(
            Web,
            async () => done = await stack.DeployAsync("v2", cancellationToken, "--adopt"),
            TimeSpan.FromSeconds(10),
            cancellationToken
        );
        await TestContext.Out.WriteLineAsync($"gap {gap.TotalMilliseconds:0} ms");
        done!.StandardOutput.ShouldContain("nobody listened on 17790 for ");
        (await StatesAsync(cancellationToken)).ShouldBe([
            $"{Project}-db-1 running unless-stopped",
            $"{Project}-web-1 exited no",
            $"{Project}-worker-1 exited no",
        ]);
        (await StartedAsync("db", cancellationToken)).ShouldBe(database);
    }

    private static string Said(CommandResult result) => result.StandardOutput + result.StandardError;

    private static async Task<string[]> StatesAsync(CancellationToken cancellationToken)
    {
        var ids = Stack.Lines(
            await Stack.DockerAsync(
                cancellationToken,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                $"label=com.docker.compose.project={Project}"
            )
        );
        var states = await Stack.DockerAsync(
            cancellationToken,
            ["inspect", "--format", "{{slice .Name 1}} {{.State.Status}} {{.HostConfig.RestartPolicy.Name}}", .. ids]
        );
        return [.. Stack.Lines(states).Order(StringComparer.Ordinal)];
    }

    private static Task<string> StartedAsync(string service, CancellationToken cancellationToken) =>
        Stack.DockerAsync(
            cancellationToken,
            "inspect",
            "--format",
            "{{.Id}} {{.State.StartedAt}}",
            $"{Project}-{service}-1"
        );
}
