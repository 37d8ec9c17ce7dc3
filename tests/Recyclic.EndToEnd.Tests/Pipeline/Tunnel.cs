using System.Collections.Immutable;
using System.Globalization;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>
/// Makes a port of this machine's loopback the same on a second host's, so that the registry has one name on both.
/// </summary>
internal sealed class Tunnel : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private readonly IRunningCommand _ssh;

    private Tunnel(IRunningCommand ssh) => _ssh = ssh;

    public static async Task<Tunnel> OpenAsync(PrivateHost host, int port, CancellationToken cancellationToken)
    {
        var ends = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:127.0.0.1:{port}");
        var variables = host.Door.Variables.ToImmutableDictionary();
        var ssh = DockerHere.Runner.Start(
            Command.Of(
                Path.Combine(variables["PATH"].Split(Path.PathSeparator)[0], "ssh"),
                "-N",
                "-o",
                "ExitOnForwardFailure=yes",
                "-R",
                ends,
                $"root@{host.Network.Address}"
            ) with
            {
                Environment = variables,
                EndPatience = TimeSpan.Zero,
            }
        );
        var tunnel = new Tunnel(ssh);
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    if (ssh.Ended.IsCompleted)
                        throw new InvalidOperationException($"the tunnel has ended: {(await ssh.Ended).StandardError}");
                    var listening = await DockerHere.Runner.RunAsync(
                        host.Network.Inside("ss", "--listening", "--tcp", "--numeric", "--no-header"),
                        cancellationToken
                    );
                    return listening.StandardOutput.Contains(
                        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port} "),
                        StringComparison.Ordinal
                    );
                },
                StartDeadline,
                "the second host listens for the registry",
                cancellationToken
            );
            return tunnel;
        }
        catch
        {
            await tunnel.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _ssh.DisposeAsync();
}
