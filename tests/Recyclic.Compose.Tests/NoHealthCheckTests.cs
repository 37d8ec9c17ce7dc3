namespace Recyclic.Compose.Tests;

/// <summary>
/// A file without any health check: what has a port is asked from outside, what has none must stay up.
/// </summary>
[Category("Docker"), CancelAfter(290_000)]
public sealed class NoHealthCheckTests
{
    private static readonly Uri Site = new("http://127.0.0.1:17786/");

    [Test]
    public async Task It_is_deployed_and_upgraded_and_what_does_not_work_is_undone(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-nocheck", "no-check.yml");
        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        first.StandardOutput.ShouldContain(
            "web has a weak gate, as it has no health check: it counts as ready when port 8080 has answered below 500 3 times in a row"
        );
        first.StandardOutput.ShouldContain(
            "worker has a weak gate, as it has no health check: it counts as ready when it has stayed up for 10 s"
        );
        await Load.LosesNothingAsync(
            Site,
            () => stack.DeployAsync("v2", cancellationToken, "--watch", "0"),
            ["v1", "v2"],
            cancellationToken
        );
        (await VersionAsync(cancellationToken)).ShouldBe("v2");

        // It runs, but where nobody looks for it.
        stack.Environment = Stack.Variables(("WEB_PORT", "8081"));
        var deaf = await stack.DeployAsync("v3", cancellationToken, "--watch", "0", "--deploy-timeout", "8");
        deaf.ExitCode.ShouldBe(1, deaf.StandardOutput + deaf.StandardError);
        (deaf.StandardOutput + deaf.StandardError).ShouldContain("does not listen on port 8080");
        (await VersionAsync(cancellationToken)).ShouldBe("v2");

        // Its probe finds no server in its own container: it ends.
        stack.Environment = Stack.Variables(("WORKER", "probe"));
        var ended = await stack.DeployAsync("v3", cancellationToken, "--watch", "0");
        ended.ExitCode.ShouldBe(1, ended.StandardOutput + ended.StandardError);
        (ended.StandardOutput + ended.StandardError).ShouldContain("worker-1 exited with code 1");
        (await VersionAsync(cancellationToken)).ShouldBe("v2");

        stack.Environment = [];
        await Load.LosesNothingAsync(
            Site,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await VersionAsync(cancellationToken)).ShouldBe("v1");
    }

    private static async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return System
            .Text.Json.JsonDocument.Parse(await http.GetStringAsync(Site, cancellationToken))
            .RootElement.GetProperty("version")
            .GetString()!;
    }
}
