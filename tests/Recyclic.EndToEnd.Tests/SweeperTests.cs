using System.Globalization;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>What is left of a test run that was killed.</summary>
[Category("Docker")]
[CancelAfter(120_000)]
public sealed class SweeperTests
{
    [Test]
    public async Task What_was_not_removed_when_the_test_host_is_gone_goes_and_nothing_else(
        CancellationToken cancellationToken
    )
    {
        await Engine.ReadyAsync();
        var (left, removed) = (NewName(), NewName());
        try
        {
            using (var sweeper = new Sweeper())
            {
                foreach (var name in new[] { left, removed })
                {
                    sweeper.Add(name);
                    await DockerHere.RunAsync(
                        cancellationToken,
                        "create",
                        "--name",
                        $"{name}--blue-api-1",
                        $"recyclic/api:{Images.Base}"
                    );
                    await DockerHere.RunAsync(cancellationToken, "network", "create", $"{name}_default");
                    await DockerHere.RunAsync(cancellationToken, "volume", "create", $"{name}_data");
                }
                sweeper.Forget(removed);
            }
            await Eventually.TrueAsync(
                async () => (await OfAsync(left, cancellationToken)).Length == 0,
                TimeSpan.FromMinutes(1),
                "what was left is swept",
                cancellationToken
            );
            (await OfAsync(removed, cancellationToken)).Length.ShouldBe(3);
        }
        finally
        {
            await DockerHere.TryAsync(
                ["rm", "--force", $"{removed}--blue-api-1", $"{left}--blue-api-1"],
                CancellationToken.None
            );
            await DockerHere.TryAsync(
                ["network", "rm", "--force", $"{removed}_default", $"{left}_default"],
                CancellationToken.None
            );
            await DockerHere.TryAsync(
                ["volume", "rm", "--force", $"{removed}_data", $"{left}_data"],
                CancellationToken.None
            );
        }
    }

    private static async Task<string[]> OfAsync(string name, CancellationToken cancellationToken) =>
        [
            .. await DockerHere.LinesAsync(
                cancellationToken,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                $"name=^{name}[-_]"
            ),
            .. await DockerHere.LinesAsync(
                cancellationToken,
                "network",
                "ls",
                "--quiet",
                "--filter",
                $"name=^{name}[-_]"
            ),
            .. await DockerHere.LinesAsync(
                cancellationToken,
                "volume",
                "ls",
                "--quiet",
                "--filter",
                $"name=^{name}[-_]"
            ),
        ];

    private static string NewName() =>
        "e2e-" + Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);
}
