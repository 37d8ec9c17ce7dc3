using System.Security.Cryptography;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>The edge's image, built on the target engine from files in this library; its tag is their hash.</summary>
public sealed class EdgeImage(DockerCli docker, EngineApi api)
{
    private static readonly string[] Files = ["Dockerfile", "agent.sh", "edge.sh"];

    public static string Reference { get; } = "recyclic/edge:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Files.Select(Read)))))[..12];

    public async Task<bool> IsPresentAsync(CancellationToken cancellationToken) =>
        await api.GetAsync($"/images/{Uri.EscapeDataString(Reference)}/json", cancellationToken) is not null;

    /// <summary>Builds the image if the engine does not have it.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (await IsPresentAsync(cancellationToken)) return;
        var directory = Directory.CreateTempSubdirectory("recyclic-edge-");
        try
        {
            foreach (var file in Files) await File.WriteAllTextAsync(Path.Combine(directory.FullName, file), Read(file), cancellationToken);
            await docker.ChangeAsync(["build", "--quiet", "--tag", Reference, directory.FullName], cancellationToken, timeout: TimeSpan.FromMinutes(10));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The edge runs as a user without rights, on a read-only file system; only its volume can be written.</summary>
    public static IEnumerable<string> CreateArguments(Naming naming, EdgeConfiguration configuration) =>
    [
        "create", "--name", naming.EdgeContainer, "--restart", "always", "--network", naming.EdgeNetwork,
        "--label", $"{Naming.AppLabel}={naming.App}", "--label", $"{Naming.RoleLabel}=edge",
        .. configuration.Ports.SelectMany(port => new[] { "--publish", $"{port}:{port[(port.LastIndexOf(':') + 1)..]}" }),
        .. Confinement(naming), "--log-opt", "max-size=20m", "--log-opt", "max-file=2", Reference,
    ];

    /// <summary>The lock, or a place in the queue for it, and the agent behind it: the same image and volume, no network.</summary>
    /// <param name="role">`lock` or `queue`.</param>
    public static IEnumerable<string> AgentArguments(Naming naming, string name, string role, string by, DateTimeOffset since, string? run) =>
    [
        "run", "--rm", "--interactive", "--name", name, "--network", "none", "--log-driver", "none", "--pull", "never",
        "--label", $"{Naming.AppLabel}={naming.App}", "--label", $"{Naming.RoleLabel}={role}", "--label", $"recyclic.by={by}", "--label", $"recyclic.since={since:O}",
        .. run is null ? Array.Empty<string>() : ["--label", $"recyclic.run={run}"],
        .. Confinement(naming), Reference, "recyclic-agent",
    ];

    private static IEnumerable<string> Confinement(Naming naming) =>
    [
        "--volume", $"{naming.EdgeVolume}:{EdgeConfiguration.StateDirectory}",
        "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
    ];

    private static string Read(string file)
    {
        using var stream = typeof(EdgeImage).Assembly.GetManifestResourceStream("Edge." + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
