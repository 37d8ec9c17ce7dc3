using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// Pure: how whoever has no lock yet mounts the volumes of an application's records. Should the application be removed in
/// this moment, the engine makes the volume again: with its labels, for one without them would be a stranger's, and the
/// application could not be deployed again.
/// </summary>
internal static class RecordMount
{
    /// <param name="role"><see cref="Naming.StateRole"/> or <see cref="Naming.KeysRole"/>.</param>
    /// <param name="mark">See <see cref="Ownership"/>.</param>
    /// <param name="access">Empty: it can be written.</param>
    public static IEnumerable<string> Of(Naming naming, string role, string mark, string access = "") =>
        ["--mount", ToText(naming, role, mark, access)];

    /// <summary>What follows `--mount`.</summary>
    public static string ToText(Naming naming, string role, string mark, string access = "")
    {
        var (volume, folder) =
            role == Naming.StateRole
                ? (naming.StateVolume, EdgeConfiguration.StateDirectory)
                : (naming.KeysVolume, TlsRules.Folder);
        return $"type=volume,source={volume},target={folder}{access}"
            + $",volume-label={Naming.AppLabel}={naming.App}"
            + $",volume-label={Naming.RoleLabel}={role}"
            + $",volume-label={Naming.OwnerLabel}={mark}";
    }
}
