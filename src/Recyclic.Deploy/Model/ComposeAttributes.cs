using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>What becomes of an attribute of a compose file where it belongs to a release service.</summary>
internal enum AttributeTreatment
{
    /// <summary>The slot's containers have it as plain compose would give it to them.</summary>
    Kept,

    /// <summary>The slot's containers have something else in its place, on purpose.</summary>
    Transformed,

    /// <summary>It is left out, and a note says so.</summary>
    Warned,

    /// <summary>A file that has it is refused, with what to write instead.</summary>
    Refused,
}

/// <param name="Why">What is otherwise, and why; empty: nothing is.</param>
/// <param name="IsLeftOut">Whether the model of a slot lacks it.</param>
internal sealed record ComposeAttribute(
    string Name,
    AttributeTreatment Treatment,
    string Why = "",
    bool IsLeftOut = false
)
{
    /// <summary>
    /// Where `docker inspect` shows that: whole branches of its answer, with dots; default: nowhere. Names, networks,
    /// labels and published ports are another's anyway.
    /// </summary>
    public ImmutableArray<string> Shown { get; init; } = [];

    /// <summary>Whether it is so where the file does not have the attribute, too.</summary>
    public bool IsAlways { get; init; }
}

/// <summary>
/// Every attribute that the compose specification gives to a service, and what becomes of it in a slot. Accessories run
/// as the file has them.
/// </summary>
internal static class ComposeAttributes
{
    public static ImmutableArray<ComposeAttribute> OfService { get; } =
    [
        .. new[]
        {
            "annotations",
            "attach",
            "blkio_config",
            "cap_add",
            "cap_drop",
            "cgroup",
            "cgroup_parent",
            "command",
            "cpu_count",
            "cpu_percent",
            "cpu_period",
            "cpu_quota",
            "cpu_rt_period",
            "cpu_rt_runtime",
            "cpu_shares",
            "cpus",
            "cpuset",
            "credential_spec",
            "device_cgroup_rules",
            "devices",
            "dns",
            "dns_opt",
            "dns_search",
            "domainname",
            "driver_opts",
            "entrypoint",
            "env_file",
            "environment",
            "expose",
            "external_links",
            "extra_hosts",
            "gpus",
            "group_add",
            "init",
            "isolation",
            "label_file",
            "logging",
            "mem_limit",
            "mem_reservation",
            "mem_swappiness",
            "memswap_limit",
            "models",
            "oom_kill_disable",
            "oom_score_adj",
            "pids_limit",
            "platform",
            "post_start",
            "pre_stop",
            "privileged",
            "read_only",
            "runtime",
            "security_opt",
            "shm_size",
            "stdin_open",
            "stop_grace_period",
            "stop_signal",
            "storage_opt",
            "sysctls",
            "tmpfs",
            "tty",
            "ulimits",
            "use_api_socket",
            "user",
            "userns_mode",
            "uts",
            "working_dir",
        }.Select(name => new ComposeAttribute(name, AttributeTreatment.Kept)),
        new("ipc", AttributeTreatment.Kept, "that of an accessory is refused: it is in another project"),
        new("pid", AttributeTreatment.Kept, "that of an accessory is refused: it is in another project"),
        new(
            "build",
            AttributeTreatment.Transformed,
            "`BuildImages` builds it; a slot runs the image by its digest",
            IsLeftOut: true
        ),
        new(
            "configs",
            AttributeTreatment.Transformed,
            "each release has its own copy, read-only, with the file's owner and mode or those of the long form"
        ),
        new(
            "container_name",
            AttributeTreatment.Transformed,
            "gets the slot's suffix; the application finds it by the name itself"
        ),
        new(
            "depends_on",
            AttributeTreatment.Transformed,
            "accessories, services that must not run twice, and one-offs are left out of it: they run, are handed over in the order of their dependencies, or have ended; what others wait for by `service_completed_successfully` is a one-off"
        ),
        new(
            "deploy",
            AttributeTreatment.Transformed,
            "replicas and resources are kept, the restart policy is that of `restart`; the rest is for Swarm"
        )
        {
            Shown = ["HostConfig.RestartPolicy"],
        },
        new("develop", AttributeTreatment.Transformed, "for `docker compose watch` alone", IsLeftOut: true),
        new("extends", AttributeTreatment.Transformed, "compose has resolved it"),
        new(
            "healthcheck",
            AttributeTreatment.Transformed,
            "that of the image under it, field by field; while a container starts it runs [as soon as its port answers](how-a-deploy-works.md#the-health-gate), by the engine each second or as `start_interval` says, and failures do not count for as long as the file allows a start to take"
        )
        {
            Shown =
            [
                "Config.Healthcheck.Interval",
                "Config.Healthcheck.StartPeriod",
                "Config.Healthcheck.StartInterval",
            ],
        },
        new(
            "hostname",
            AttributeTreatment.Transformed,
            "gets the slot's suffix; without a domain, the application finds it by the name itself"
        )
        {
            Shown = ["Config.Hostname"],
        },
        new("image", AttributeTreatment.Transformed, "the same content, by its digest")
        {
            Shown = ["Config.Image"],
            IsAlways = true,
        },
        new(
            "labels",
            AttributeTreatment.Transformed,
            "some more are added, which begin with `recyclic.`; [those that address a proxy](#proxies-that-find-containers-by-labels) move to the service's door"
        ),
        new(
            "links",
            AttributeTreatment.Transformed,
            "to accessories they are left out, whose names are known without; another name that one gives is known to the whole slot, unless a service has it"
        ),
        new(
            "networks",
            AttributeTreatment.Transformed,
            "the slot's network takes the place of the application's own, with its aliases and driver options; external ones are kept; whoever calls the service on either finds its [door](how-a-deploy-works.md#doors), which has its names and the fixed address; containers themselves get another address each time, with a note"
        ),
        new(
            "network_mode",
            AttributeTreatment.Transformed,
            "`host` and `none` are kept, and with `host` it is stop-first; `bridge` is the slot's network; that of another container is refused"
        ),
        new(
            "ports",
            AttributeTreatment.Transformed,
            "the edge publishes TCP ports, each by its protocol, on IPv4 addresses; one without a number of the host gets a fixed one; UDP and SCTP ports the container publishes itself, and is stop-first",
            IsLeftOut: true
        ),
        new("profiles", AttributeTreatment.Transformed, "compose has chosen by them", IsLeftOut: true),
        new(
            "pull_policy",
            AttributeTreatment.Transformed,
            "an image that is absent is pulled before anything is touched",
            IsLeftOut: true
        ),
        new(
            "pull_refresh_after",
            AttributeTreatment.Transformed,
            "an image that is absent is pulled before anything is touched",
            IsLeftOut: true
        ),
        new(
            "restart",
            AttributeTreatment.Transformed,
            "holds while its slot serves; without one it is `unless-stopped`, so that what serves comes back with its engine; with `no`, what publishes no port and has no health check is a one-off"
        )
        {
            Shown = ["HostConfig.RestartPolicy"],
            IsAlways = true,
        },
        new("scale", AttributeTreatment.Transformed, "as `deploy.replicas`", IsLeftOut: true),
        new(
            "secrets",
            AttributeTreatment.Transformed,
            "each release has its own copy, read-only; where the engine is on another machine its mode is 0600 and its owner the container's user, unless the long form says otherwise"
        ),
        new(
            "volumes",
            AttributeTreatment.Transformed,
            "an anonymous volume belongs to the service and outlives its release; where the file itself is the release, a service that writes to a volume or folder is stop-first; where the engine is on another machine, each release has its own copy of what is mounted read-only of the file's folder"
        ),
        new("mac_address", AttributeTreatment.Warned, "two releases run side by side", IsLeftOut: true)
        {
            Shown = ["Config.MacAddress"],
        },
        new(
            "provider",
            AttributeTreatment.Refused,
            "what another program makes has no containers that could be switched"
        ),
        new("volumes_from", AttributeTreatment.Refused, "it ties the service to one container"),
    ];

    private static readonly ImmutableHashSet<string> Names = [.. OfService.Select(attribute => attribute.Name)];

    /// <summary>What the model of a slot lacks.</summary>
    public static IEnumerable<string> LeftOut =>
        OfService.Where(attribute => attribute.IsLeftOut).Select(attribute => attribute.Name);

    /// <summary>
    /// Whether it is known what becomes of an attribute. Those that begin with `x-` are nobody's but the team's.
    /// </summary>
    public static bool Knows(string attribute) =>
        attribute.StartsWith("x-", StringComparison.Ordinal) || Names.Contains(attribute);

    /// <summary>The table of a page.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder("| attribute | in a slot | |\n|---|---|---|\n");
        foreach (
            var attribute in OfService.Where(attribute =>
                attribute.Treatment != AttributeTreatment.Kept || attribute.Why.Length > 0
            )
        )
            text.Append(
                $"| `{attribute.Name}` | {attribute.Treatment.ToString().ToLowerInvariant()} | {attribute.Why} |\n"
            );
        text.Append(
            $"| {string.Join(", ", OfService.Where(attribute => attribute is { Treatment: AttributeTreatment.Kept, Why.Length: 0 }).Select(attribute => $"`{attribute.Name}`"))} | kept | |\n"
        );
        return text.ToString();
    }
}
