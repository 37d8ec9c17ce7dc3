using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Compose.Tests;

/// <summary>Migrations that are more than a one-off.</summary>
[Category("Docker"), CancelAfter(280_000)]
public sealed class MigrationTests
{
    private const string App = "cmp-contract";

    private static readonly Uri Site = new("http://127.0.0.1:17868/");

    private static readonly ImmutableDictionary<string, string> Expands = Stack.Variables(
        ("WEB_PORT", "17868"),
        ("KIND", "expand")
    );

    private static readonly ImmutableDictionary<string, string> Contracts = Expands.SetItem("KIND", "contract");

    [Test]
    public async Task It_runs_once_the_release_before_has_stopped_and_no_rollback_goes_behind_it(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "contract-migration.yml") { Environment = Expands };
        Good(await stack.DeployAsync("v1", cancellationToken));
        var old = await stack.ContainerOfAsync("web", cancellationToken);
        stack.Environment = Contracts;
        await Load.LosesNothingAsync(
            Site,
            () => stack.DeployAsync("v2", cancellationToken, "--keep-warm"),
            ["v1", "v2"],
            cancellationToken
        );
        var runs = Stack.Lines(
            await Stack.DockerAsync(
                cancellationToken,
                "exec",
                await stack.ContainerOfAsync("web", cancellationToken),
                "cat",
                "/data/dropped"
            )
        );
        runs.Length.ShouldBe(2);
        var stopped = DateTimeOffset.Parse(
            await Stack.DockerAsync(cancellationToken, "inspect", "--format", "{{.State.FinishedAt}}", old),
            CultureInfo.InvariantCulture
        );
        var dropped = DateTimeOffset.UnixEpoch.AddMicroseconds(
            long.Parse(runs[1], CultureInfo.InvariantCulture) / 1000
        );
        dropped.ShouldBeGreaterThan(stopped);

        var refused = await stack.RollbackAsync(cancellationToken);
        refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
        (refused.StandardOutput + refused.StandardError).ShouldContain("v1 lies behind a contract migration");
        (refused.StandardOutput + refused.StandardError).ShouldContain("./build.sh AtomicDeploy --tag v1");
        (
            await stack.BuildAsync(["Status", "--project", App, "--no-logo"], cancellationToken)
        ).StandardOutput.ShouldContain("behind a contract migration: no rollback goes there");
        using var client = new HttpClient();
        (await client.GetStringAsync(Site, cancellationToken)).ShouldContain("v2");
    }

    [Test]
    public async Task One_that_fails_is_told_and_users_keep_the_new_release(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "contract-migration.yml") { Environment = Expands };
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));
        stack.Environment = Contracts.SetItem("MIGRATION", "exit 3");
        var deploy = await stack.DeployAsync("v2", cancellationToken, "--watch", "0");
        Good(deploy);
        (deploy.StandardOutput + deploy.StandardError).ShouldContain("drop-1 ended with exit code 3");
        using var client = new HttpClient();
        (await client.GetStringAsync(Site, cancellationToken)).ShouldContain("v2");

        // It is mended forward: the next release runs it again.
        stack.Environment = Contracts;
        var mended = await stack.DeployAsync("v3", cancellationToken, "--watch", "0");
        Good(mended);
        (mended.StandardOutput + mended.StandardError).ShouldContain("dropping for v3");
    }

    [Test]
    public async Task One_container_has_migrated_before_the_others_start(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-starts-first", "starts-first.yml") { Environment = Expands };
        Good(await stack.DeployAsync("v1", cancellationToken));
        await Load.LosesNothingAsync(
            Site,
            () => stack.DeployAsync("v2", cancellationToken),
            ["v1", "v2"],
            cancellationToken
        );
    }

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
}
