using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Every name on the host that belongs to an application. All of them follow from the application's name.</summary>
/// <remarks>
/// A container's default gateway is on whichever of its networks sorts first by name. `_default` and `_edge` sort before
/// `_slot_…`, so connecting an accessory or the edge to a slot never moves its gateway.
/// </remarks>
public sealed partial record Naming(string App)
{
    public const string AppLabel = "recyclic.app";
    public const string RoleLabel = "recyclic.role";
    public const string SlotLabel = "recyclic.slot";
    public const string ReleaseLabel = "recyclic.release";
    public const string TagLabel = "recyclic.tag";
    public const string ExclusiveLabel = "recyclic.exclusive";
    public const string SettleLabel = "recyclic.settle";
    public const string RestartLabel = "recyclic.restart";
    public const string RoutesLabel = "recyclic.routes";

    public string EdgeContainer => $"{App}-edge";
    public string EdgeNetwork => $"{App}_edge";
    public string EdgeVolume => $"{App}_edge";
    public string LockContainer => $"{App}-deploy-lock";
    public string QueueContainer => $"{App}-deploy-queue";

    public string SlotProject(Slot slot) => $"{App}-{slot.Name()}";

    public string SlotNetwork(Slot slot) => $"{App}_slot_{slot.Name()}";

    /// <summary>The name by which the edge finds a service of one slot: unique, although the edge is on both slots' networks.</summary>
    public static string EdgeAlias(string service, Slot slot) => $"{service}.{slot.Name()}";

    /// <summary>Whether a text can be an application's name: compose's own rule for project names, at most 40 characters.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
