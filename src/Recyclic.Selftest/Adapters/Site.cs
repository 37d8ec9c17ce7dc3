using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Adapters;

/// <summary>
/// The throw-away application: its name, its files, its images and its ports. All images are made on the engine, from
/// the edge's.
/// </summary>
internal sealed class Site : IDisposable
{
    private static readonly string[] Files =
    [
        "Dockerfile",
        "site.sh",
        "probe.sh",
        "api.cfg",
        "front.cfg",
        "proxy.cfg",
        "docker-compose.yml",
        "one-off.yml",
        "stop-first.yml",
        "door.yml",
    ];
    private readonly DirectoryInfo _directory = PrivateFiles.CreateFolder("recyclic-selftest-");

    public Site()
    {
        App = "selftest-" + Random.Shared.Next(0x1000000).ToString("x6", CultureInfo.InvariantCulture);
        Image = $"{App}/site";
        (FrontPort, ApiPort, ProxyPort) = (FreePort(28_000), FreePort(32_000), FreePort(24_000));
        // The root of a build: reports and metrics of the struck deployers go there, and not to the user's own.
        _directory.CreateSubdirectory(".nuke");
        foreach (var file in Files)
            File.WriteAllText(Path.Combine(Directory, file), Read(file));
    }

    public string App { get; }

    public string Image { get; }

    public int FrontPort { get; }

    public int ApiPort { get; }

    /// <summary>Of the front of the team's own, where there is one.</summary>
    public int ProxyPort { get; }

    public string Directory => _directory.FullName;

    /// <summary>The compose files of a shape, as arguments.</summary>
    public IEnumerable<string> ComposeFiles(Shape shape) =>
        from file in new[] { "docker-compose.yml", shape.Override }
        where file is not null
        from argument in new[] { "--compose-file", Path.Combine(Directory, file) }
        select argument;

    /// <summary>What the compose file's variables stand for.</summary>
    public Dictionary<string, string> Variables =>
        new()
        {
            ["SELFTEST_IMAGE"] = Image,
            ["SELFTEST_FRONT_PORT"] = FrontPort.ToString(CultureInfo.InvariantCulture),
            ["SELFTEST_PROXY_PORT"] = ProxyPort.ToString(CultureInfo.InvariantCulture),
            ["SELFTEST_API_PORT"] = ApiPort.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>Builds an image a version: the same files, another name, and perhaps a flaw.</summary>
    public async Task BuildImagesAsync(DockerCli docker, EngineClient engine, CancellationToken cancellationToken)
    {
        await new EdgeImage(docker, engine).EnsureAsync(cancellationToken);
        await docker.BuildAsync(
            ["build", "--quiet", "--build-arg", $"EDGE={EdgeImage.Reference}", "--tag", $"{Image}:base", Directory],
            cancellationToken
        );
        await Task.WhenAll(
            Versions.All.Select(version =>
                docker.BuildAsync(
                    ["build", "--quiet", "--tag", $"{Image}:{version}", "-"],
                    cancellationToken,
                    $"FROM {Image}:base\nENV SELFTEST_VERSION={version} SELFTEST_FLAW={(Versions.Good.Contains(version) ? "none" : version)}\n"
                )
            )
        );
    }

    public async Task RemoveImagesAsync(ICommandRunner runner, CancellationToken cancellationToken) =>
        await runner.RunAsync(
            Command.Of(
                "docker",
                ["rmi", "--force", .. Versions.All.Append("base").Select(version => $"{Image}:{version}")]
            ),
            cancellationToken
        );

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Read(string file)
    {
        using var stream =
            typeof(Site).Assembly.GetManifestResourceStream("Site." + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Below the range from which outgoing connections take theirs on most systems, so that it stays free while an edge
    /// is replaced.
    /// </summary>
    private static int FreePort(int below)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = below - 1 - Random.Shared.Next(3_900);
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken by someone else.
            }
        }
        throw new InvalidOperationException($"no free port below {below}");
    }
}
