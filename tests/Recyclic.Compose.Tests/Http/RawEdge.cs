using System.Net;
using System.Net.Sockets;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests.Http;

/// <summary>
/// The edge's image with the configuration that a deploy would give it, alone but for its gates: no deploy, no slots.
/// They share this machine's network, so that the application can be a part of the test.
/// </summary>
internal sealed class RawEdge(string id) : IAsyncDisposable
{
    /// <param name="services">The ports of this machine at which services answer; others have no container.</param>
    public static async Task<RawEdge> StartAsync(
        IReadOnlyCollection<Route> routes,
        IReadOnlyDictionary<string, int> services,
        CancellationToken cancellationToken
    )
    {
        var docker = new DockerCli(new ProcessCommandRunner());
        using (var engine = new EngineClient(docker))
            await new EdgeImage(docker, engine).EnsureAsync(cancellationToken);
        var text = EdgeConfiguration
            .For("raw", [.. routes.Select(route => route with { TrustedProxies = TrustedProxies.Nobody })], [])
            .Text;
        foreach (var route in routes.Where(route => services.ContainsKey(route.Service)))
            text = text.Replace(
                $"{route.Alias(Slot.Blue)}:{route.Target}",
                $"127.0.0.1:{services[route.Service]}",
                StringComparison.Ordinal
            );
        var gates = Forwarder.Text(PortGate.Of(routes).Select(gate => (gate.Port, gate.Path)));
        var edge = new RawEdge(
            await Stack.DockerAsync(
                cancellationToken,
                "run",
                "--detach",
                "--network",
                "host",
                "--read-only",
                "--cap-drop",
                "ALL",
                "--tmpfs",
                "/tmp",
                "--env",
                $"CONFIGURATION={Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}",
                "--env",
                $"GATES={Convert.ToBase64String(Encoding.UTF8.GetBytes(gates))}",
                EdgeImage.Reference,
                "sh",
                "-c",
                $"mkdir -p {Door.Folder} && echo \"$CONFIGURATION\" | base64 -d > {EdgeConfiguration.StateDirectory}/haproxy.cfg && echo \"$GATES\" | base64 -d > {Door.Folder}/gates.cfg && haproxy -D -f {Door.Folder}/gates.cfg && exec recyclic-edge"
            )
        );
        try
        {
            // A gate accepts connections before there is an edge to hand them to: they would wait a second for it.
            await Eventually.TrueAsync(
                async () =>
                {
                    var sockets = await edge.RunAsync(
                        cancellationToken,
                        "find",
                        EdgeConfiguration.StateDirectory,
                        "-type",
                        "s"
                    );
                    return PortGate.Of(routes).All(gate => sockets.Split('\n').Contains(gate.Path));
                },
                "the edge listens to its gates",
                cancellationToken
            );
            return edge;
        }
        catch (Exception exception)
        {
            var said = await edge.LogAsync(cancellationToken);
            await edge.DisposeAsync();
            throw new InvalidOperationException($"the edge does not run: {said}", exception);
        }
    }

    /// <summary>A port of this machine that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public Task<string> RunAsync(CancellationToken cancellationToken, params string[] command) =>
        Stack.DockerAsync(cancellationToken, ["exec", id, .. command]);

    public Task<string> LogAsync(CancellationToken cancellationToken) =>
        Stack.DockerAsync(cancellationToken, "logs", id);

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Stack.DockerAsync(deadline.Token, "rm", "--force", "--volumes", id);
    }
}
