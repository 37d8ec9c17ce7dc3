using System.Collections.Immutable;

namespace Recyclic.Compose.Tests;

/// <summary>A migration runs once for each release, before what waits for it, and never again.</summary>
[Category("Docker"), CancelAfter(280_000)]
public sealed class OneOffTests
{
    private const string App = "cmp-one-off";

    private static readonly Uri Site = new("http://127.0.0.1:17867/");

    private static readonly ImmutableDictionary<string, string> Works = Stack.Variables(("WEB_PORT", "17867"));

    [Test]
    public async Task A_migration_runs_once_for_each_release_and_not_for_a_rollback(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "one-off.yml") { Environment = Works };
        var dryRun = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        dryRun.StandardOutput.ShouldContain("one-off: migrate (once, before web)");
        dryRun.StandardOutput.ShouldContain("run migrate once in blue, before web");
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();

        var first = await stack.DeployAsync("v1", cancellationToken);
        Good(first);
        (first.StandardOutput + first.StandardError).ShouldContain("migrating to v1");
        await Load.LosesNothingAsync(
            Site,
            () => stack.DeployAsync("v2", cancellationToken),
            ["v1", "v2"],
            cancellationToken
        );
        (await RunsAsync(stack, cancellationToken)).ShouldBe("v1 v2");
        await Load.LosesNothingAsync(
            Site,
            () => stack.RollbackAsync(cancellationToken),
            ["v2", "v1"],
            cancellationToken
        );
        (await RunsAsync(stack, cancellationToken)).ShouldBe("v1 v2");
        (
            await stack.BuildAsync(["Status", "--project", App, "--no-logo"], cancellationToken)
        ).StandardOutput.ShouldContain("one-off, done");
    }

    [Test]
    public async Task A_migration_that_fails_or_never_ends_undoes_the_deploy(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "one-off.yml") { Environment = Works };
        Good(await stack.DeployAsync("v1", cancellationToken, "--watch", "0"));

        foreach (
            var (migration, deadline, said) in new[]
            {
                ("exit 3", "1m", "cmp-one-off--green-migrate-1 ended with exit code 3"),
                ("sleep 300", "3s", "cmp-one-off--green-migrate-1 had not ended after 3 s"),
            }
        )
        {
            stack.Environment = Works.SetItem("MIGRATION", migration).SetItem("MIGRATION_DEADLINE", deadline);
            var failed = await stack.DeployAsync("v2", cancellationToken);
            failed.ExitCode.ShouldBe(1, failed.StandardOutput + failed.StandardError);
            (failed.StandardOutput + failed.StandardError).ShouldContain(said);
            (failed.StandardOutput + failed.StandardError).ShouldContain("migrating to v2");
            (await stack.LeftoversAsync(cancellationToken)).ShouldNotContain(name =>
                name.Contains("--green-", StringComparison.Ordinal)
            );
        }
        (await RunsAsync(stack, cancellationToken)).ShouldBe("v1 v2 v2");
    }

    /// <summary>The versions that have migrated, in order.</summary>
    private static async Task<string> RunsAsync(Stack stack, CancellationToken cancellationToken) =>
        string.Join(
            ' ',
            Stack.Lines(
                await Stack.DockerAsync(
                    cancellationToken,
                    "exec",
                    await stack.ContainerOfAsync("web", cancellationToken),
                    "cat",
                    "/data/notes"
                )
            )
        );

    private static void Good(Processes.CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
}
