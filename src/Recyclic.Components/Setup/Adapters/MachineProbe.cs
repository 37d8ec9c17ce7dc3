using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Processes;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>
/// Looks at this machine, in a few milliseconds where nothing is missing: files and the engine's socket, no process.
/// </summary>
/// <param name="root">Where the machine's files begin; another folder than `/` is a machine of a test.</param>
internal sealed partial class MachineProbe(ICommandRunner runner, string root = "/")
{
    private const string DebianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>
    /// Whether DOCKER_HOST or the docker context names another engine than the one that Setup installs on this machine.
    /// </summary>
    public static bool UsesRemoteEngine => !DockerSetting.Ambient.IsSystemEngine;

    public async Task<ImmutableArray<Missing>> FindMissingAsync(SetupNeeds needs, CancellationToken cancellationToken)
    {
        var missing = ImmutableArray.CreateBuilder<Missing>();
        var hasCommand = Find("docker") is not null;
        if (!hasCommand)
            missing.Add(Missing.DockerCommand);
        if (!await HasPluginAsync("compose", hasCommand, cancellationToken))
            missing.Add(Missing.Compose);
        if (needs is SetupNeeds.Everything && !await HasPluginAsync("buildx", hasCommand, cancellationToken))
            missing.Add(Missing.Buildx);
        using var engine = new EngineProbe(SocketPath);
        var isThere = (await engine.ReadAsync(cancellationToken)).State is SocketState.Answers;
        if (!isThere)
            missing.Add(Missing.Engine);
        // A deploy needs the base for nothing but the edge's image.
        var image =
            needs is SetupNeeds.Deploy
            && isThere
            && await engine.GetAsync($"/images/{EdgeImage.Reference}/json", cancellationToken) is not null
                ? EdgeImage.Reference
                : SetupPlan.BaseImage;
        if (!isThere || await engine.GetAsync($"/images/{image}/json", cancellationToken) is null)
            missing.Add(Missing.BaseImage);
        return missing.ToImmutable();
    }

    public async Task<SetupFacts> ReadAsync(ImmutableArray<Missing> missing, CancellationToken cancellationToken)
    {
        using var engine = new EngineProbe(SocketPath);
        var system = await ReadSystemAsync(cancellationToken);
        return new SetupFacts(system)
        {
            Missing = missing,
            Socket = await engine.ReadAsync(cancellationToken),
            OtherEngines = await ReadOtherEnginesAsync(cancellationToken),
            Running = [.. await engine.ContainersAsync(all: false, cancellationToken) ?? []],
            Packages = await ReadPackagesAsync(cancellationToken),
            DockerCommand = Find("docker"),
            EngineProgram = Find("dockerd"),
            Service = system.HasSystemd ? await ReadServiceAsync(cancellationToken) : "",
            IsRoot = Components.Adapters.Machine.IsRoot,
            HasSudo = Find("sudo") is not null,
        };
    }

    public async Task<SystemFacts> ReadSystemAsync(CancellationToken cancellationToken)
    {
        var release = await LinesAsync("etc/os-release", cancellationToken);
        string Value(string key) =>
            release
                .FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal))
                ?[(key.Length + 1)..].Trim('"')
            ?? "";
        var (mirror, keyring) = await ReadAptAsync(cancellationToken);
        var major = int.TryParse(
            Value("VERSION_ID").Split('.')[0],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
        return new SystemFacts(
            Value("ID"),
            Value("VERSION_CODENAME"),
            major,
            mirror,
            keyring,
            Directory.Exists(Under("run/systemd/system"))
        )
        {
            IsUsrReadOnly = Mounts.IsReadOnly(await LinesAsync("proc/mounts", cancellationToken), "/usr"),
            HasSecondSource = File.Exists(Under("etc/apt/sources.list.d/recyclic-trixie.sources")),
        };
    }

    public async Task<ImmutableArray<InstalledPackage>> ReadPackagesAsync(CancellationToken cancellationToken)
    {
        if (Find("dpkg-query") is null)
            return [];
        var listed = await runner.RunAsync(
            Command.Of("dpkg-query", "--show", "--showformat=${db:Status-Abbrev}\t${binary:Package}\t${Version}\n"),
            cancellationToken
        );
        return InstalledPackage.Read(listed.StandardOutput);
    }

    /// <summary>Containers that exist on this machine's engine, running or not; null: it does not answer.</summary>
    public async Task<ImmutableArray<string>?> ReadContainersAsync(CancellationToken cancellationToken)
    {
        using var engine = new EngineProbe(SocketPath);
        return await engine.ContainersAsync(all: true, cancellationToken) is { } names ? [.. names] : null;
    }

    internal bool HasEngineProgram => Find("dockerd") is not null;

    private string SocketPath => root == "/" ? DockerSetting.Ambient.Socket! : Under("run/docker.sock");

    private string Under(string path) => Path.Combine(root, path);

    /// <summary>Where a program really is; null: nowhere.</summary>
    private string? Find(string program)
    {
        IEnumerable<string> directories =
            root == "/"
                ?
                [
                    .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
                    "/usr/sbin",
                    "/snap/bin",
                ]
                : [Under("usr/bin"), Under("usr/sbin")];
        var found = directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        // A snap's command is a link to snap itself: its own path says more.
        return found is null || found.StartsWith("/snap/", StringComparison.Ordinal)
            ? found
            : File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found;
    }

    /// <summary>
    /// A plugin that is in none of the usual places may still be known to the docker command, as in a snap.
    /// </summary>
    private async Task<bool> HasPluginAsync(string name, bool hasCommand, CancellationToken cancellationToken)
    {
        if (root != "/")
            return File.Exists(Under($"usr/libexec/docker/cli-plugins/docker-{name}"));
        if (DockerSetting.Ambient.FindPlugin($"docker-{name}") is not null)
            return true;
        return hasCommand
            && (
                await runner.RunAsync(
                    Command.Of("docker", name, "version") with
                    {
                        IsReadOnly = true,
                        Timeout = TimeSpan.FromSeconds(20),
                    },
                    cancellationToken
                )
            ).Succeeded;
    }

    private async Task<ImmutableArray<EngineSocket>> ReadOtherEnginesAsync(CancellationToken cancellationToken)
    {
        var users = Directory.Exists(Under("run/user")) ? Directory.GetDirectories(Under("run/user")) : [];
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        IEnumerable<string> candidates =
        [
            .. users.Select(user => Path.Combine(user, "docker.sock")),
            .. users.Select(user => Path.Combine(user, "podman", "podman.sock")),
            Under("run/podman/podman.sock"),
            .. root == "/"
                ? new[]
                {
                    Path.Combine(home, ".docker/desktop/docker.sock"),
                    Path.Combine(home, ".docker/run/docker.sock"),
                }
                : [],
        ];
        var found = ImmutableArray.CreateBuilder<EngineSocket>();
        foreach (var path in candidates)
        {
            using var engine = new EngineProbe(path, TimeSpan.FromSeconds(2));
            // Those of other users cannot be asked, and are none of this one's.
            if (await engine.ReadAsync(cancellationToken) is { State: SocketState.Answers } other)
                found.Add(other);
        }
        return found.ToImmutable();
    }

    private async Task<string> ReadServiceAsync(CancellationToken cancellationToken)
    {
        var shown = await runner.RunAsync(
            Command.Of("systemctl", "show", "docker.service", "--property=LoadState,ActiveState"),
            cancellationToken
        );
        string Value(string key) =>
            shown
                .StandardOutput.Split('\n')
                .FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal))
                ?[(key.Length + 1)..]
            ?? "";
        return Value("LoadState") switch
        {
            "masked" => "masked",
            "loaded" => Value("ActiveState"),
            _ => "",
        };
    }

    private async Task<IReadOnlyList<string>> LinesAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(Under(path)) ? await File.ReadAllLinesAsync(Under(path), cancellationToken) : [];

    /// <summary>
    /// apt's first source, which later steps use as well: this library names no host of its own. A fresh machine has
    /// not downloaded any list yet.
    /// </summary>
    private async Task<(string? Mirror, string? Keyring)> ReadAptAsync(CancellationToken cancellationToken)
    {
        if (Find("apt-get") is null)
            return (null, null);
        var targets = await runner.RunAsync(
            Command.Of("apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)"),
            cancellationToken
        );
        var first = targets
            .StandardOutput.Split('\n')
            .Select(line => AptTarget().Match(line))
            .FirstOrDefault(match => match.Success && !match.Value.Contains("security", StringComparison.Ordinal));
        return (first?.Groups[1].Value, File.Exists(Under(DebianKeyring[1..])) ? DebianKeyring : null);
    }

    [GeneratedRegex(@"^((?:https?://|mirror\+file:)\S+?)/?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex AptTarget();
}
