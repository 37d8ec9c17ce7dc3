using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Mount = Recyclic.Deploy.Model.Mount;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Pure: what the engine answers, in the model's words. An engine leaves out what it has nothing to say of.
/// </summary>
internal static class EngineAnswers
{
    public static Container Container(ContainerInspectResponse inspected)
    {
        var labels = Labels(inspected.Config?.Labels);
        var networks = inspected.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>();
        return new Container(
            inspected.ID ?? "",
            Name(inspected),
            labels.GetValueOrDefault("com.docker.compose.service", ""),
            inspected.State?.Status ?? "",
            inspected.State?.Health?.Status is { Length: > 0 } health ? health : "none",
            (int)(inspected.State?.ExitCode ?? 0),
            inspected.Image ?? "",
            Time(inspected.State?.StartedAt) ?? default,
            labels,
            [.. networks.Keys]
        )
        {
            Variables = Variables(inspected.Config?.Env),
            Restart = Restart(inspected.HostConfig?.RestartPolicy?.Name),
            MemoryLimit = inspected.HostConfig?.Memory is > 0 and var limit ? limit : null,
            Retries = (int)(inspected.HostConfig?.RestartPolicy?.MaximumRetryCount ?? 0),
            Published = Published(inspected),
            Addresses = networks
                .Where(network => network.Value?.IPAddress is { Length: > 0 })
                .ToImmutableDictionary(network => network.Key, network => network.Value!.IPAddress!),
            Mounts =
            [
                .. from mount in (inspected.Mounts ?? []).OfType<MountPoint>()
                let type = mount.Type ?? ""
                where type is "volume" or "bind"
                select new Mount(
                    type,
                    (mount.Type == "volume" ? mount.Name : mount.Source) ?? "",
                    Mount.Clean(mount.Destination ?? ""),
                    mount.RW
                ),
            ],
        };
    }

    /// <summary>A container's name, which the engine begins with a slash.</summary>
    public static string Name(ContainerInspectResponse inspected) => (inspected.Name ?? "").TrimStart('/');

    /// <summary>A container linked to by others has further names, with a second slash.</summary>
    public static string Name(ContainerListResponse listed) =>
        (listed.Names ?? [])
            .OfType<string>()
            .Select(name => name.TrimStart('/'))
            .FirstOrDefault(name => !name.Contains('/', StringComparison.Ordinal))
        ?? "";

    public static EdgeState Edge(ContainerInspectResponse inspected) =>
        new(
            true,
            inspected.State?.Running ?? false,
            "",
            [
                .. (inspected.HostConfig?.PortBindings ?? new Dictionary<string, IList<PortBinding>>())
                    .SelectMany(port => port.Value ?? [])
                    .OfType<PortBinding>()
                    .Select(binding =>
                        (binding.HostIP is { Length: > 0 } address ? address + ":" : "") + binding.HostPort
                    )
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            inspected.Config?.Image ?? "",
            [.. inspected.NetworkSettings?.Networks?.Keys ?? []]
        );

    /// <summary>How the last probe of a container's health went; null: there was none.</summary>
    public static Probe? Probe(ContainerInspectResponse inspected) =>
        inspected.State?.Health?.Log?.LastOrDefault() is { } last
            ? new Probe(last.ExitCode == 0, Utc(last.End), last.Output ?? "")
            : null;

    /// <summary>A line of the engine's event stream, or null when it is of no concern here.</summary>
    public static ContainerEvent? Event(Message message)
    {
        ContainerEventKind? kind = message.Action switch
        {
            "start" => ContainerEventKind.Started,
            "die" => ContainerEventKind.Died,
            "oom" => ContainerEventKind.OutOfMemory,
            "health_status: healthy" => ContainerEventKind.Healthy,
            "health_status: unhealthy" => ContainerEventKind.Unhealthy,
            "exec_die" => ContainerEventKind.Probed,
            _ => null,
        };
        if (kind is null)
            return null;
        var labels = Labels(message.Actor?.Attributes);
        return new ContainerEvent(
            message.Actor?.ID ?? "",
            labels.GetValueOrDefault("name", ""),
            labels.GetValueOrDefault("com.docker.compose.service", ""),
            Slots.Parse(labels.GetValueOrDefault(Naming.SlotLabel)),
            kind.Value,
            int.TryParse(
                labels.GetValueOrDefault("exitCode"),
                NumberStyles.Integer,
                CultureInfo.InvariantCulture,
                out var code
            )
                ? code
                : 0,
            DateTimeOffset.UnixEpoch.AddTicks((message.TimeNano ?? 0) / 100)
        );
    }

    /// <summary>
    /// What a container takes without what the kernel would give up at once, files that were read once; null: the engine
    /// does not say.
    /// </summary>
    public static long? MemoryUse(MemoryStats? memory) =>
        memory?.Usage is > 0 and < long.MaxValue and var usage
            ? (long)(usage - Math.Min(usage, Counted(memory.Stats, "total_inactive_file", "inactive_file")))
            : null;

    /// <summary>The first of some counts that is there: control groups of version 1 and 2 name them differently.</summary>
    private static ulong Counted(IDictionary<string, ulong>? counts, params string[] names) =>
        names.Where(name => counts?.ContainsKey(name) == true).Select(name => counts![name]).FirstOrDefault();

    public static VolumeFacts Volume(VolumeResponse volume) => new(volume.Name ?? "", Labels(volume.Labels));

    /// <summary>What an image declares by VOLUME.</summary>
    public static ImmutableArray<string> ImageVolumes(ImageInspectResponse image) =>
        [.. (image.Config?.Volumes?.Keys ?? []).Order(StringComparer.Ordinal)];

    /// <summary>The TCP ports that an image declares by EXPOSE, written `80/tcp`.</summary>
    public static ImmutableArray<int> ImagePorts(ImageInspectResponse image) =>
        [
            .. from port in image.Config?.ExposedPorts?.Keys ?? []
            let parts = port.Split('/')
            where parts is [_] or [_, "tcp"]
            let number = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                ? given
                : 0
            where number is > 0 and <= 65535
            orderby number
            select number,
        ];

    /// <summary>An image's own health check; null: it has none.</summary>
    public static HealthCheck? HealthCheck(ImageInspectResponse image) =>
        image.Config?.Healthcheck is not { } check
            ? null
            : new HealthCheck
            {
                Test = [.. (check.Test ?? []).Select(part => part ?? "")],
                Interval = Said(check.Interval),
                StartPeriod = Said(check.StartPeriod),
                StartInterval = Said(check.StartInterval),
                Retries = check.Retries is > 0 and <= 10_000 ? (int)check.Retries : null,
            };

    private static ImmutableDictionary<string, string> Variables(IEnumerable<string>? environment) =>
        (environment ?? [])
            .Select(variable => variable.Split('=', 2))
            .DistinctBy(variable => variable[0])
            .ToImmutableDictionary(
                variable => variable[0],
                variable => ServiceSettings.FingerprintOf(variable.ElementAtOrDefault(1) ?? "")
            );

    /// <summary>Zero is how an image writes what it does not say.</summary>
    private static TimeSpan? Said(TimeSpan? time) => time > TimeSpan.Zero ? time : null;

    public static ImmutableDictionary<string, string> Labels(IDictionary<string, string>? labels) =>
        labels is null
            ? ImmutableDictionary<string, string>.Empty
            : labels.ToImmutableDictionary(label => label.Key, label => label.Value ?? "");

    /// <summary>The engine's times, which it writes as text in some places; null: it has none.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>When something was made; null: the engine does not say.</summary>
    public static DateTimeOffset? Created(DateTime time) => time == default ? null : Utc(time);

    private static DateTimeOffset Utc(DateTime time) =>
        new(DateTime.SpecifyKind(time.ToUniversalTime(), DateTimeKind.Utc));

    /// <summary>What it has on the host by now; of one that does not run what it asks for.</summary>
    private static ImmutableArray<string> Published(ContainerInspectResponse inspected)
    {
        var bound = inspected.NetworkSettings?.Ports is { Count: > 0 } now ? now : inspected.HostConfig?.PortBindings;
        return
        [
            .. (
                from port in bound ?? new Dictionary<string, IList<PortBinding>>()
                let protocol = port.Key.Contains('/', StringComparison.Ordinal) ? port.Key.Split('/')[1] : "tcp"
                from binding in (port.Value ?? []).OfType<PortBinding>()
                where binding.HostPort is { Length: > 0 } and not "0"
                let address = binding.HostIP is null or "" or "0.0.0.0" or "::" ? "" : $"{binding.HostIP}:"
                select $"{address}{binding.HostPort}{(protocol == "tcp" ? "" : $"/{protocol}")}"
            )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Restart(RestartPolicyKind? kind) =>
        kind switch
        {
            RestartPolicyKind.Always => "always",
            RestartPolicyKind.OnFailure => "on-failure",
            RestartPolicyKind.UnlessStopped => "unless-stopped",
            _ => "no",
        };
}
