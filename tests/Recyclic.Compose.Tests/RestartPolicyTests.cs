using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Whether a container starts again by itself can be changed at any moment of its life.</summary>
[Category("Docker"), CancelAfter(120_000)]
public sealed class RestartPolicyTests
{
    private const string App = "cmp-restarts";

    [Test]
    public async Task Also_while_it_crashes_again_and_again(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "half.yml");
        using var engine = new DockerEngine(new DockerCli(new ProcessCommandRunner()));
        await using var host = await new DockerHostLock(engine, TimeProvider.System).TakeAsync(
            App,
            "test",
            null,
            cancellationToken
        );
        // The engine waits longer after each crash, so each container has its dangerous moments in its first seconds.
        for (var round = 0; round < 4; round++)
        {
            var id = await Worker.RunAsync(App, App, "exit 3", cancellationToken);
            try
            {
                for (var attempt = 0; attempt < 14; attempt++)
                {
                    var policy = attempt % 2 == 0 ? "unless-stopped" : "always";
                    await engine.SetRestartsAsync(
                        [
                            new Container(
                                id,
                                id,
                                "worker",
                                "restarting",
                                "none",
                                3,
                                "",
                                DateTimeOffset.UnixEpoch,
                                ImmutableDictionary<string, string>.Empty.Add(Naming.RestartLabel, policy),
                                []
                            ),
                        ],
                        [],
                        cancellationToken
                    );
                    (
                        await Stack.DockerAsync(
                            cancellationToken,
                            "inspect",
                            "--format",
                            "{{.HostConfig.RestartPolicy.Name}}",
                            id
                        )
                    ).ShouldBe(policy);
                }
            }
            finally
            {
                await Stack.DockerAsync(CancellationToken.None, "rm", "--force", "--volumes", id);
            }
        }
    }
}
