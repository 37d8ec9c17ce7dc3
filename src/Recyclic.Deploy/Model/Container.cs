using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>A container as the engine describes it.</summary>
/// <param name="Id">All 64 digits.</param>
/// <param name="Name">Without a slash.</param>
/// <param name="Service">The compose service; empty: it is none's.</param>
/// <param name="State">`created`, `running`, `exited`, `restarting`, `paused` or `dead`.</param>
/// <param name="Health">`starting`, `healthy`, `unhealthy`, or `none` without a health check.</param>
/// <param name="ExitCode">0 also while it runs.</param>
/// <param name="Image">The digest of the image it runs.</param>
/// <param name="StartedAt">Its last start; the year 1: it never did.</param>
/// <param name="Labels">Its own and those of its image.</param>
/// <param name="Networks">By name.</param>
public sealed record Container(
    string Id,
    string Name,
    string Service,
    string State,
    string Health,
    int ExitCode,
    string Image,
    DateTimeOffset StartedAt,
    ImmutableDictionary<string, string> Labels,
    ImmutableArray<string> Networks
)
{
    /// <summary>Its IPv4 addresses by network, while it runs.</summary>
    public ImmutableDictionary<string, string> Addresses { get; init; } = [];

    /// <summary>
    /// Its restart policy's name as the engine has it: `no`, `always`, `unless-stopped` or `on-failure`.
    /// </summary>
    public string Restart { get; init; } = "no";

    /// <summary>False in the idle slot, whatever the file says: there the policy is taken away.</summary>
    public bool RestartsByItself => Restart is not ("no" or "");

    /// <summary>How often it starts again by itself at most, where its policy is `on-failure`; 0: as often as it ends.</summary>
    internal int Retries { get; init; }

    /// <summary>The policy as it can be set again: `on-failure:3`.</summary>
    internal string RestartPolicy => Retries > 0 && Restart == "on-failure" ? $"{Restart}:{Retries}" : Restart;

    /// <summary>Ports of the host that it publishes itself, `[address:]port[/udp]`, sorted; empty: none.</summary>
    public ImmutableArray<string> Published { get; init; } = [];

    /// <summary>Its volumes and bind mounts.</summary>
    public ImmutableArray<Mount> Mounts { get; init; } = [];

    /// <summary>
    /// By name, a fingerprint of the value of each environment variable, its image's ones too; empty: not read.
    /// </summary>
    internal ImmutableDictionary<string, string> Variables { get; init; } = [];

    /// <summary>How much memory it may take, in bytes; null: as much as there is.</summary>
    internal long? MemoryLimit { get; init; }

    /// <summary>False while it is paused or restarting.</summary>
    public bool IsRunning => State == "running";

    /// <summary>Whether it does its work: running, and healthy where it can say so.</summary>
    public bool IsHealthy => IsRunning && Health is "healthy" or "none";

    /// <summary>Whether its anonymous volumes are its own and go with it.</summary>
    public bool RenewsVolumes => Label(DataVolume.RenewLabel) == "true";

    /// <summary>How long a gate has to wait for it at least; null: nothing is said.</summary>
    public TimeSpan? Patience => ComposeReader.ParseDuration(Label(Naming.PatienceLabel));

    /// <summary>
    /// How long a request for it waits at most while it is handed over; <see cref="TimeSpan.Zero"/>: not at all.
    /// </summary>
    internal TimeSpan HoldsFor => ComposeReader.ParseDuration(Label(Naming.HoldLabel)) ?? HeldRoutes.Default;

    /// <summary>Whether it must not run twice.</summary>
    public bool IsExclusive => Label(Naming.ExclusiveLabel) == "true";

    /// <summary>Whether it does its work once for its release and ends.</summary>
    public bool IsOneOff => Label(Naming.OneOffLabel) == "true";

    /// <summary>Whether it has done its work, with exit code 0.</summary>
    public bool HasEndedWell => State == "exited" && ExitCode == 0;

    /// <summary>
    /// Whether it runs beside the release before it, and is to be healthy before anything is handed to it.
    /// </summary>
    public bool IsGated => !IsExclusive && !IsOneOff;

    /// <summary>
    /// Its place among those that are handed over: after those with a lower number, which it needs. Default: 0.
    /// </summary>
    public int HandOverOrder =>
        int.TryParse(Label(Naming.HandOverLabel), NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            ? order
            : 0;

    /// <summary>Whether a published port leads to it.</summary>
    public bool IsRouted => !Route.FromLabel(Label(Naming.RoutesLabel)).IsEmpty;

    /// <summary>
    /// Null: it has none of that key. A container's labels may be its image's: see <see cref="Snapshot.Pretenders"/>.
    /// </summary>
    public string? Label(string key) => Labels.GetValueOrDefault(key);
}
