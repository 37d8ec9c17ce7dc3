using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Components.Setup;

/// <summary>Looks at this machine, in a few milliseconds where nothing is missing: files and the engine's socket, no process.</summary>
public sealed partial class MachineProbe(ICommandRunner runner)
{
    private const string DebianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    /// <summary>Whether DOCKER_HOST or the docker context names another engine than the one that Setup installs on this machine.</summary>
    public static bool UsesRemoteEngine => !DockerSetting.Ambient.IsSystemEngine;

    public static async Task<ImmutableArray<Missing>> FindMissingAsync(CancellationToken cancellationToken)
    {
        var missing = ImmutableArray.CreateBuilder<Missing>();
        if (!IsOnPath("docker")) missing.Add(Missing.DockerCommand);
        if (DockerSetting.Ambient.FindPlugin("docker-compose") is null) missing.Add(Missing.Compose);
        if (DockerSetting.Ambient.FindPlugin("docker-buildx") is null) missing.Add(Missing.Buildx);
        using var engine = EngineClient();
        if (await GetAsync(engine, "/version", cancellationToken) is not { } version)
            missing.Add(IsOnPath("dockerd") ? Missing.RunningEngine : Missing.Engine);
        else if (!Version.TryParse(version["ApiVersion"]?.ToString(), out var api) || api < Deploy.Running.Validator.LeastApiVersion)
            missing.Add(Missing.Engine);
        if (missing.Count > 0 || await GetAsync(engine, $"/images/{SetupPlan.BaseImage}/json", cancellationToken) is null) missing.Add(Missing.BaseImage);
        return missing.ToImmutable();
    }

    public async Task<SystemFacts> ReadSystemAsync(CancellationToken cancellationToken)
    {
        var release = File.Exists("/etc/os-release") ? await File.ReadAllLinesAsync("/etc/os-release", cancellationToken) : [];
        string Value(string key) => release.FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..].Trim('"') ?? "";
        var (mirror, keyring) = await ReadAptAsync(cancellationToken);
        var major = int.TryParse(Value("VERSION_ID").Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new SystemFacts(Value("ID"), Value("VERSION_CODENAME"), major, mirror, keyring, Directory.Exists("/run/systemd/system"));
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Any(directory => File.Exists(Path.Combine(directory, program)));

    private static HttpClient EngineClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(DockerSetting.Ambient.Socket!), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine"), Timeout = TimeSpan.FromSeconds(10) };

    private static async Task<JsonNode?> GetAsync(HttpClient engine, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await engine.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>apt's first source, which later steps use as well: this library names no host of its own. A fresh machine has not downloaded any list yet.</summary>
    private async Task<(string? Mirror, string? Keyring)> ReadAptAsync(CancellationToken cancellationToken)
    {
        if (!IsOnPath("apt-get")) return (null, null);
        var targets = await runner.RunAsync(Command.Of("apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)"), cancellationToken);
        var first = targets.StandardOutput.Split('\n').Select(line => AptTarget().Match(line)).FirstOrDefault(match => match.Success && !match.Value.Contains("security", StringComparison.Ordinal));
        return (first?.Groups[1].Value, File.Exists(DebianKeyring) ? DebianKeyring : null);
    }

    [GeneratedRegex(@"^((?:https?://|mirror\+file:)\S+?)/?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex AptTarget();
}
