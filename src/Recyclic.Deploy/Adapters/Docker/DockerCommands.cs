using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Pure: the argument lists of all docker commands that change something. A run executes them, a dry run prints them.
/// </summary>
internal static partial class DockerCommands
{
    public static IEnumerable<string> ComposeUp(
        string project,
        IEnumerable<string> services,
        bool start,
        bool dependencies
    ) =>
        [
            "compose",
            "-p",
            project,
            "-f",
            "-",
            "up",
            start ? "--detach" : "--no-start",
            "--no-build",
            "--no-recreate",
            "--quiet-pull",
            .. dependencies ? Array.Empty<string>() : ["--no-deps"],
            .. services,
        ];

    /// <param name="mark">See <see cref="Ownership"/>.</param>
    /// <param name="options">The driver's, <see cref="SlotNetworks.OptionsOf"/>.</param>
    public static IEnumerable<string> CreateNetwork(
        string app,
        string network,
        string mark,
        IEnumerable<KeyValuePair<string, string>> options
    ) =>
        [
            "network",
            "create",
            .. options.SelectMany(option => new[] { "--opt", $"{option.Key}={option.Value}" }),
            "--label",
            $"{Naming.AppLabel}={app}",
            "--label",
            $"{Naming.RoleLabel}={Naming.NetworkRole}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
            network,
        ];

    /// <summary>The volume of an application's records. One that is there is left as it is.</summary>
    public static IEnumerable<string> CreateVolume(Naming naming, string mark) =>
        [
            "volume",
            "create",
            "--label",
            $"{Naming.AppLabel}={naming.App}",
            "--label",
            $"{Naming.RoleLabel}={Naming.StateRole}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
            naming.StateVolume,
        ];

    /// <summary>The volume of an application's private keys. One that is there is left as it is.</summary>
    public static IEnumerable<string> CreateKeysVolume(Naming naming, string mark) =>
        [
            "volume",
            "create",
            "--label",
            $"{Naming.AppLabel}={naming.App}",
            "--label",
            $"{Naming.RoleLabel}={Naming.KeysRole}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
            naming.KeysVolume,
        ];

    /// <param name="aliases">The names by which others on the network find the container, besides its own.</param>
    public static IEnumerable<string> Connect(string network, string container, params IEnumerable<string> aliases) =>
        ["network", "connect", .. aliases.SelectMany(alias => new[] { "--alias", alias }), network, container];

    /// <summary>Puts a door on one of its networks.</summary>
    public static IEnumerable<string> Connect(DoorNetwork network, string door) =>
        Reconnect(network.Name, door, network.Aliases, [], network.Address ?? "");

    /// <summary>The options that put a container on its first network.</summary>
    public static IEnumerable<string> Joining(DoorNetwork network) =>
        [
            "--network",
            network.Name,
            .. network.Address is { } address ? ["--ip", address] : Array.Empty<string>(),
            .. network.Aliases.SelectMany(alias => new[] { "--network-alias", alias }),
        ];

    /// <summary>Asks a door whether it answers.</summary>
    public static IEnumerable<string> AskDoor(string door) =>
        ["exec", door, "timeout", "2", "socat", "-u", "OPEN:/dev/null", $"UNIX-CONNECT:{Door.AdminSocket}"];

    /// <summary>Has the HAProxy of a container end once nothing is open in it any more.</summary>
    public static IEnumerable<string> EndSoftly(string container) => ["kill", "--signal", "USR1", container];

    /// <summary>Ends containers at once.</summary>
    public static IEnumerable<string> Kill(IEnumerable<string> containers) => ["kill", .. containers];

    /// <summary>Has the HAProxy of a container take up the configuration in place.</summary>
    public static IEnumerable<string> TakeUp(string container) => ["kill", "--signal", "USR2", container];

    /// <param name="links">The names by which the container itself finds others there, `other:name`.</param>
    /// <param name="address">The fixed address that it had; empty: any.</param>
    public static IEnumerable<string> Reconnect(
        string network,
        string container,
        IEnumerable<string> aliases,
        IEnumerable<string> links,
        string address
    ) =>
        [
            "network",
            "connect",
            .. address.Length > 0 ? ["--ip", address] : Array.Empty<string>(),
            .. links.SelectMany(link => new[] { "--link", link }),
            .. Connect(network, container, aliases).Skip(2),
        ];

    /// <summary>Asks a container by what every edge has, those of earlier versions too.</summary>
    public static IEnumerable<string> Ask(string edge, OutsideProbe probe, string address)
    {
        var place = FormattableString.Invariant($"TCP4:{address}:{probe.Port},connect-timeout=3");
        return probe.Kind == ProbeKind.Tcp
            ? ["exec", edge, "timeout", "5", "socat", "-u", "OPEN:/dev/null", place]
            : ["exec", "--interactive", edge, "timeout", "5", "socat", "-t", "1", "-", $"{place},readbytes=4096"];
    }

    /// <summary>Has the edge say which places, `address:port`, accept a connection, as soon as they do.</summary>
    public static IEnumerable<string> Knock(string edge, IEnumerable<string> places) =>
        ["exec", "--interactive", edge, "recyclic-knock", .. places];

    public static IEnumerable<string> Start(string container) => ["start", container];

    /// <summary>Starts what is stopped, and at once what the engine waits to start again after it failed.</summary>
    public static IEnumerable<string> StartNow(string container) => ["restart", "--time", "0", container];

    public static IEnumerable<string> Stop(IEnumerable<string> containers) => ["stop", .. containers];

    public static IEnumerable<string> Rename(string container, string name) => ["rename", container, name];

    public static IEnumerable<string> Remove(IEnumerable<string> containers) =>
        ["rm", "--force", "--volumes", .. containers];

    /// <summary>
    /// Removes containers of a release: those that renew their volumes with them, the others' volumes stay for the next
    /// release.
    /// </summary>
    public static IEnumerable<IEnumerable<string>> RemoveRelease(
        IReadOnlyCollection<(string Name, bool RenewsVolumes)> containers
    ) =>
        from kind in containers.GroupBy(container => container.RenewsVolumes)
        select kind.Key
            ? Remove(kind.Select(container => container.Name))
            : ["rm", "--force", .. kind.Select(container => container.Name)];

    public static IEnumerable<string> CreateVolume(string app, DataVolume volume) =>
        [
            "volume",
            "create",
            .. volume.LabelsFor(app).SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }),
            volume.Name,
        ];

    /// <summary>The volume of a release's files, or of the accessories'.</summary>
    public static IEnumerable<string> CreateVolume(
        Naming naming,
        ReleaseFiles files,
        string name,
        string? release,
        string mark
    ) =>
        [
            "volume",
            "create",
            "--label",
            $"{Naming.AppLabel}={naming.App}",
            "--label",
            $"{Naming.RoleLabel}={ReleaseFiles.Role}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
            .. release is null ? Array.Empty<string>() : ["--label", $"{Naming.ReleaseLabel}={release}"],
            "--label",
            $"{ReleaseFiles.Label}={files.ToLabel()}",
            name,
        ];

    /// <summary>The container through which a volume is filled; it is never started.</summary>
    public static IEnumerable<string> CreateFiller(
        Naming naming,
        string volume,
        string target,
        string image,
        string mark
    ) =>
        [
            "create",
            "--pull",
            "never",
            "--network",
            "none",
            "--volume",
            $"{volume}:{target}",
            "--label",
            $"{Naming.AppLabel}={naming.App}",
            "--label",
            $"{Naming.RoleLabel}={ReleaseFiles.Role}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
            image,
        ];

    /// <summary>Unpacks the archive that is on its standard input.</summary>
    public static IEnumerable<string> CopyInto(string container, string target) => ["cp", "-", $"{container}:{target}"];

    public static IEnumerable<string> RemoveVolume(string name) => ["volume", "rm", name];

    /// <summary>Never makes a container where one of the paths is not on the engine's host.</summary>
    public static IEnumerable<string> AskForPaths(IEnumerable<string> paths, string image) =>
        [
            "create",
            "--pull",
            "never",
            "--network",
            "none",
            .. paths
                .Index()
                .SelectMany(path =>
                    new[] { "--mount", $"type=bind,readonly,{Field($"source={path.Item}")},target=/{path.Index}" }
                ),
            image,
        ];

    /// <summary>What stands between the commas of a mount.</summary>
    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(',', '"') < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static IEnumerable<string> SetRestart(string policy, IEnumerable<string> containers) =>
        ["update", "--restart", policy, .. containers];

    public static IEnumerable<string> RemoveImage(string reference) => ["image", "rm", reference];
}
