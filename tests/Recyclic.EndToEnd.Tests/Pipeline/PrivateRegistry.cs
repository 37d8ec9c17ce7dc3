using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>
/// A registry of a test's own: the one that Debian packages, in a container, on loopback, with a user and a password.
/// </summary>
internal sealed class PrivateRegistry : IAsyncDisposable
{
    public const string User = "ci";

    /// <summary>What a shell, YAML, a workflow or a URL might trip over.</summary>
    public const string Password = "p%40 '\"${{ x }};$HOME";

    /// <summary>Named by what it is made from.</summary>
    private static readonly string Image =
        "recyclic-e2e/registry:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Recipe)))[..12];

    /// <summary>The line of htpasswd for them; only bcrypt is read.</summary>
    private const string Users = User + ":$2y$05$abcdefghijklmnopqrstuuxyGUvqwz2E057OGdGFTZVjSvwG2uLhK\n";

    private const string Recipe = """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y --no-install-recommends docker-registry && rm -rf /var/lib/apt/lists/*
        ENV REGISTRY_HTTP_ADDR=:5000 REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=/var/lib/registry \
            REGISTRY_AUTH=htpasswd REGISTRY_AUTH_HTPASSWD_REALM=test REGISTRY_AUTH_HTPASSWD_PATH=/etc/docker/registry/users
        CMD ["docker-registry", "serve", "/etc/docker/registry/config.yml"]

        """;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private readonly string _container;

    private PrivateRegistry(string container, int port) => (_container, Port) = (container, port);

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>What the build needs to be let in.</summary>
    public static IReadOnlyDictionary<string, string> Login { get; } =
        new Dictionary<string, string> { ["REGISTRY_USER"] = User, ["REGISTRY_PASSWORD"] = Password };

    /// <param name="megabytes">How much it holds; null: as much as the disk.</param>
    public static async Task<PrivateRegistry> StartAsync(CancellationToken cancellationToken, int? megabytes = null)
    {
        await BuildAsync(cancellationToken);
        var registry = new PrivateRegistry(
            "e2e-registry-" + Random.Shared.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture),
            FreePort()
        );
        Sweeper.Own.Add(registry._container);
        string[] size = megabytes is { } most ? ["--tmpfs", $"/var/lib/registry:size={most}m"] : [];
        try
        {
            await DockerHere.RunAsync(
                cancellationToken,
                ["create", "--name", registry._container, "--publish", $"{registry.Address}:5000", .. size, Image]
            );
            await registry.WriteUsersAsync(cancellationToken);
            await DockerHere.RunAsync(cancellationToken, "start", registry._container);
            using var client = new HttpClient();
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        return (
                                await client.GetAsync(new Uri($"http://{registry.Address}/v2/"), cancellationToken)
                            ).StatusCode == HttpStatusCode.Unauthorized;
                    }
                    catch (HttpRequestException)
                    {
                        return false;
                    }
                },
                StartDeadline,
                "the registry asks who is there",
                cancellationToken
            );
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes it, and what this machine's engine has of it.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await DockerHere.TryAsync(["rm", "--force", "--volumes", _container], deadline.Token);
        Sweeper.Own.Forget(_container);
        var images = await DockerHere.LinesAsync(
            deadline.Token,
            "images",
            "--format",
            "{{.Repository}}:{{.Tag}}@{{.ID}}",
            "--filter",
            $"reference={Address}/*/*"
        );
        foreach (
            var image in images
                .Select(line => line.Split('@')[0])
                .Where(image => !image.EndsWith(":<none>", StringComparison.Ordinal))
        )
            await DockerHere.TryAsync(["rmi", "--force", image], deadline.Token);
    }

    private static async Task BuildAsync(CancellationToken cancellationToken)
    {
        if ((await DockerHere.TryAsync(["image", "inspect", Image], cancellationToken)).Succeeded)
            return;
        (
            await DockerHere.Runner.RunAsync(
                Command.Of("docker", "build", "--quiet", "--tag", Image, "-") with
                {
                    StandardInput = Recipe,
                },
                cancellationToken
            )
        ).EnsureSuccess();
    }

    private async Task WriteUsersAsync(CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Users, cancellationToken);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(
                    file,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                );
            await DockerHere.RunAsync(cancellationToken, "cp", file, $"{_container}:/etc/docker/registry/users");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
