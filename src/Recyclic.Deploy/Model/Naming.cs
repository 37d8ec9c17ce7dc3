using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Every name on the host that belongs to an application. All of them follow from the application's name, and none can
/// be one that compose makes of another: an application's name has no dot, so `shop.state` and `zz.shop.blue` are no
/// `project_volume` or `project_network`; and no application may end in `--blue` or `--green`, so the project of a slot
/// is nobody's but its own. </summary>
/// <remarks>
/// A container's default gateway is on whichever of its networks sorts first by name, and a name is looked up in the
/// first of them that knows it. `zz.` sorts behind the networks that people have, so that connecting an accessory to a
/// slot changes neither. </remarks>
/// <param name="App">The application's name, which is a compose project's.</param>
public sealed partial record Naming(string App)
{
    /// <summary>The application's name.</summary>
    public const string AppLabel = "recyclic.app";

    /// <summary>The service that a command of a smoke test runs as; no file has one of the name.</summary>
    public const string SmokeService = "recyclic-smoke-test";

    /// <summary>What a thing is for: one of the roles here, an agent's or <see cref="DataVolume.Role"/>.</summary>
    public const string RoleLabel = "recyclic.role";

    /// <summary>What no image can bring: see <see cref="Ownership"/>.</summary>
    public const string OwnerLabel = "recyclic.owner";

    /// <summary>`blue` or `green`.</summary>
    public const string SlotLabel = "recyclic.slot";

    /// <summary>The service that a door stands for.</summary>
    public const string DoorLabel = "recyclic.door";

    /// <summary>What a gate publishes, `[address:]port`.</summary>
    public const string GateLabel = "recyclic.gate";

    /// <summary>
    /// On a door what it shows to proxies, on a release's containers their door with that, as <see cref="DoorSign"/>
    /// writes it.
    /// </summary>
    public const string SignLabel = "recyclic.sign";

    /// <summary>The release's id.</summary>
    public const string ReleaseLabel = "recyclic.release";

    /// <summary>The release's tag.</summary>
    public const string TagLabel = "recyclic.tag";

    /// <summary>`true` on what must not run twice.</summary>
    public const string ExclusiveLabel = "recyclic.exclusive";

    /// <summary>`true` on what does its work once for its release.</summary>
    public const string OneOffLabel = "recyclic.one-off";

    /// <summary>Its place among those that are handed over, above 0.</summary>
    public const string HandOverLabel = "recyclic.hand-over";

    /// <summary>How long a request for it waits while it is handed over, as compose writes a duration.</summary>
    public const string HoldLabel = "recyclic.hold";

    /// <summary>How long staying up is enough for the gate, as compose writes a duration.</summary>
    public const string SettleLabel = "recyclic.settle";

    /// <summary>How it is asked from outside, as <see cref="OutsideProbe"/> writes it.</summary>
    public const string ProbeLabel = "recyclic.probe";

    /// <summary>The port that a container listens on once it may be worth running its health check.</summary>
    public const string ListensLabel = "recyclic.listens";

    /// <summary>How long a gate has to wait for it at least, as compose writes a duration.</summary>
    public const string PatienceLabel = "recyclic.patience";

    /// <summary>The restart policy that it has while it serves.</summary>
    public const string RestartLabel = "recyclic.restart";

    /// <summary>The published ports that lead to it, <see cref="Route.ToLabel"/>.</summary>
    public const string RoutesLabel = "recyclic.routes";

    /// <summary>
    /// How the file configures it, without a value of any variable, as <see cref="ServiceSettings"/> writes it.
    /// </summary>
    public const string ConfigurationLabel = "recyclic.configuration";

    /// <summary>The role of what is no agent's and no release's.</summary>
    public const string EdgeRole = "edge",
        DoorRole = "door",
        GateRole = "gate",
        ReleaseRole = "release",
        StateRole = "state",
        KeysRole = "keys",
        NetworkRole = "network";

    /// <summary>
    /// Whether networks and volume have the names that version 0.1.0 gave them: an application that it began keeps
    /// them.
    /// </summary>
    public bool AsIn010 { get; init; }

    /// <summary>The container that decides which release answers.</summary>
    public string EdgeContainer => $"{App}-edge";

    /// <summary>One that another one replaces, as long as it goes on with what is open in it.</summary>
    /// <param name="id">Its container's.</param>
    public string ReplacedEdge(string id) => $"{EdgeContainer}-{id[..Math.Min(8, id.Length)]}";

    /// <summary>The container that publishes a port.</summary>
    public string GateContainer(PortGate gate) => $"{App}-gate-{gate.Name[1..]}";

    /// <summary>The container that stands for a service where others call it by name.</summary>
    public string DoorContainer(string service) => $"{App}-door-{service}";

    /// <summary>The container of whoever holds the deploy lock: its name can be had once.</summary>
    public string LockContainer => $"{App}-deploy-lock";

    /// <summary>What the names of the containers that wait for the lock begin with.</summary>
    public string QueueContainer => $"{App}-deploy-queue";

    /// <summary>The volume that the records are in.</summary>
    public string StateVolume => AsIn010 ? $"{App}_edge" : $"{App}.state";

    /// <summary>The volume that private keys are in, of certificates and of accounts.</summary>
    public string KeysVolume => $"{App}.keys";

    /// <summary>The volume that a release has its files in.</summary>
    /// <param name="release">Its id.</param>
    public string FilesVolume(string release) => $"{App}.files.{release}";

    /// <summary>
    /// The networks that an application has besides those of its file. The edge is made on the first of them, which
    /// keeps its gateway.
    /// </summary>
    public ImmutableArray<string> Networks =>
        AsIn010
            ? [$"{App}_edge", SlotNetwork(Slot.Blue), SlotNetwork(Slot.Green)]
            : [SlotNetwork(Slot.Blue), SlotNetwork(Slot.Green)];

    /// <summary>The compose project that the containers of a slot are in.</summary>
    public string SlotProject(Slot slot) => $"{App}--{slot.Name()}";

    /// <summary>The network on which the edge and the accessories meet the containers of a slot.</summary>
    public string SlotNetwork(Slot slot) => AsIn010 ? $"{App}_slot_{slot.Name()}" : $"zz.{App}.{slot.Name()}";

    /// <summary>
    /// The name by which the edge finds a service of one slot: unique, although the edge is on both slots' networks. It
    /// has no dot: the engine asks nobody outside for such a name where a container's option `ndots` is set, as the
    /// edge's is. </summary>
    public static string EdgeAlias(string service, Slot slot) =>
        $"{slot.Name()}--{(Label().IsMatch(service) ? service : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(service)))[..16])}";

    /// <summary>The name that containers of version 0.1.0 have instead.</summary>
    public static string EdgeAliasIn010(string service, Slot slot) => $"{service}.{slot.Name()}";

    /// <summary>Whether a service's name or alias could be taken for one of <see cref="EdgeAlias"/>.</summary>
    public static bool IsReservedAlias(string name) =>
        name.StartsWith("blue--", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("green--", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a text can be an application's name: compose's own rule for project names, at most 40 characters, and
    /// not the project of a slot.
    /// </summary>
    public static bool IsValid(string name) =>
        Valid().IsMatch(name)
        && !name.EndsWith("--blue", StringComparison.Ordinal)
        && !name.EndsWith("--green", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{0,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
