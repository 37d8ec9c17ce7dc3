using System.Globalization;

namespace Recyclic.Compose.Tests;

/// <summary>While a release starts, nobody's requests wait for the probes of whether it has.</summary>
[Category("Docker"), CancelAfter(180_000)]
public sealed class EarlyProbeTests
{
    [Test]
    public async Task A_container_that_starts_is_probed_a_few_times_and_serves_as_soon_as_its_check_passes(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-early", "early.yml");
        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0", "--deploy-timeout", "20");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        var began = DateTimeOffset.UtcNow;
        await Load.LosesNothingAsync(
            new Uri("http://127.0.0.1:17787/"),
            () => stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--deploy-timeout", "20"),
            ["v1", "v2"],
            cancellationToken
        );
        var probes = await Stack.DockerAsync(
            cancellationToken,
            "events",
            "--since",
            began.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            "--until",
            DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            "--filter",
            "event=exec_start",
            "--filter",
            "container=cmp-early--green-web-1"
        );
        probes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeInRange(1, 3);
    }
}
