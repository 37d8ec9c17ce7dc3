using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// The volume in which a release service keeps what it writes below a path, from release to release, without the
/// compose file naming one.
/// </summary>
/// <param name="Service">The service whose data it is.</param>
/// <param name="Path">The absolute path in the service's containers.</param>
/// <param name="Name">The volume's name on the host: one of <see cref="NameFor"/>, or an anonymous one that an earlier
/// release has begun.</param>
public sealed record DataVolume(string Service, string Path, string Name)
{
    /// <summary>The <see cref="Naming.RoleLabel"/> of these volumes.</summary>
    public const string Role = "data";

    /// <summary>The service whose data it is.</summary>
    public const string ServiceLabel = "recyclic.service";

    /// <summary>The absolute path in the service's containers.</summary>
    public const string PathLabel = "recyclic.path";

    /// <summary>On a container whose anonymous volumes are its own (`renew-volumes`): they go with it.</summary>
    public const string RenewLabel = "recyclic.renew";

    /// <summary>
    /// The name of a new one: `shop.web.var-lib-app`. Compose puts `_` behind an application's name and no dot, so it
    /// never makes such a name.
    /// </summary>
    public static string NameFor(string app, string service, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var slug = string.Join('-', parts.Select(part => new string([.. part.Select(c => IsPlain(c) ? c : '-')])));
        // Two paths must never have one name: what the slug does not say again, a hash does.
        var isExact = slug.Length <= 80 && parts.All(part => part.All(IsPlain));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..8];
        return $"{app}.{service}.{(isExact ? slug : $"{slug[..Math.Min(slug.Length, 60)]}--{hash}")}";

        static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
    }

    /// <summary>The labels that the volume is made with, and known again by.</summary>
    public ImmutableSortedDictionary<string, string> LabelsFor(string app) =>
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            new Dictionary<string, string>
            {
                [Naming.AppLabel] = app,
                [Naming.RoleLabel] = Role,
                [ServiceLabel] = Service,
                [PathLabel] = Path,
            }
        );

    /// <summary>Whether a volume of the host was made to be this one.</summary>
    public bool IsMade(string app, VolumeFacts found) =>
        found.Name == Name && LabelsFor(app).All(label => found.Labels.GetValueOrDefault(label.Key) == label.Value);
}

/// <summary>A volume that is on the host.</summary>
/// <param name="Name">Its full name on the host.</param>
/// <param name="Labels">Empty where it has none.</param>
public sealed record VolumeFacts(string Name, ImmutableDictionary<string, string> Labels);
