using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Whether a container starts again by itself can be changed at any moment of its life.</summary>
[Category("Docker"), CancelAfter(120_000)]
public sealed class RestartPolicyTests
{
    [Test]
    public async Task Also_while_it_crashes_again_and_again(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        var docker = new DockerCli(new ProcessCommandRunner());
        using var engine = new DockerEngine(docker);
        // The engine waits longer after each crash, so each container has its dangerous moments in its first seconds.
        for (var round = 0; round < 4; round++)
        {
            var id = (
                await docker.ChangeAsync(
                    [
                        "run",
                        "--detach",
                        "--restart",
                        "always",
                        "--entrypoint",
                        "/bin/sh",
                        "debian:bookworm-slim",
                        "-c",
                        "exit 3",
                    ],
                    cancellationToken
                )
            ).StandardOutput.Trim();
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
                        await docker.ReadAsync(
                            ["inspect", "--format", "{{.HostConfig.RestartPolicy.Name}}", id],
                            cancellationToken
                        )
                    )
                        .StandardOutput.Trim()
                        .ShouldBe(policy);
                }
            }
            finally
            {
                await docker.TryChangeAsync(["rm", "--force", "--volumes", id], CancellationToken.None);
            }
        }
    }
}
