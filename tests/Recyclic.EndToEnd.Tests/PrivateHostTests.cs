using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>The second host that other tests break.</summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(240_000)]
public sealed class PrivateHostTests
{
    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task A_second_host_runs_containers_that_this_engine_does_not_know_and_is_gone_without_a_trace()
    {
        Settings.OnlyWithAllFaults();
        HostNeeds.OrIgnore();
        await Engine.ReadyAsync();
        PrivateNetwork network;
        await using (var host = await PrivateHost.StartAsync(Token))
        {
            network = host.Network;
            var image = $"recyclic/api:{Images.Base}";
            await host.Engine.LoadAsync([image], Token);
            await host.Engine.Docker.RunAsync(
                Token,
                "run",
                "--detach",
                "--name",
                "stays",
                "--restart",
                "always",
                "--entrypoint",
                "sleep",
                image,
                "1000"
            );

            (await host.Docker.LinesAsync(Token, "ps", "--format", "{{.Names}}")).ShouldBe(["stays"], "by ssh");
            (await DockerHere.LinesAsync(Token, "ps", "--all", "--format", "{{.Names}}")).ShouldNotContain("stays");

            await host.Engine.KillAsync(Token);
            (await host.Docker.TryAsync(["ps"], Token)).Succeeded.ShouldBeFalse();
            await host.Engine.StartAsync(Token);
            (await host.Engine.Docker.LinesAsync(Token, "ps", "--format", "{{.Names}}")).ShouldBe(
                ["stays"],
                "after the engine was killed"
            );
            await host.Engine.CutPowerAsync(Token);
            await host.Engine.StartAsync(Token);
            (await host.Engine.Docker.LinesAsync(Token, "ps", "--format", "{{.Names}}")).ShouldBe(
                ["stays"],
                "after a power cut"
            );
            await host.Door.StopAsync();
            (await host.Docker.TryAsync(["ps"], Token)).Succeeded.ShouldBeFalse();
        }
        Directory.Exists($"/var/run/netns/{network.Name}").ShouldBeFalse();
        File.ReadLines("/proc/self/mounts")
            .ShouldNotContain(line => line.Contains(network.Name, StringComparison.Ordinal));
    }
}
