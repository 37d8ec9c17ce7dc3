using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>How where an application is deployed from differs from where it was deployed from last.</summary>
public enum OriginChange
{
    /// <summary>Nothing is known to have changed.</summary>
    None,

    /// <summary>Another repository, folder or machine.</summary>
    Place,

    /// <summary>Other compose files of the same place.</summary>
    Files,
}

/// <summary>Where an application is deployed from: what tells two applications of one name apart. Pure.</summary>
/// <param name="Host">The machine that <paramref name="Folder"/> is on.</param>
/// <param name="Folder">The absolute directory of the first compose file.</param>
/// <param name="Files">The compose files in their order, relative to the repository where there is one, else to the
/// folder.</param>
public sealed record Origin(string Host, string Folder, ImmutableArray<string> Files)
{
    /// <summary>
    /// The repository's address without scheme, user and ending, `host/team/name`; null: it has none.
    /// </summary>
    public string? Repository { get; init; }

    /// <summary>The repository's first commit; null: there is none, or this copy does not go back so far.</summary>
    public string? FirstCommit { get; init; }

    /// <summary>True: the folder is a CI run's, on whatever machine, and says nothing; null: no.</summary>
    public bool? Passing { get; init; }

    private bool IsInRepository => Repository is not null || FirstCommit is not null;

    /// <summary>
    /// A repository says it, wherever it is checked out: all its copies deploy the same application. Only without one
    /// do folder and machine count, and never those of a CI run.
    /// </summary>
    /// <param name="last">Null: not recorded, so nothing is known to have changed.</param>
    public OriginChange ChangeFrom(Origin? last)
    {
        if (last is null)
            return OriginChange.None;
        if (IsSamePlaceAs(last) == false)
            return OriginChange.Place;
        // What the paths begin from has to be the same for them to be compared.
        var (mine, its) =
            IsInRepository == last.IsInRepository ? (Paths(this), Paths(last)) : (Names(this), Names(last));
        return mine.SequenceEqual(its, StringComparer.Ordinal) ? OriginChange.None : OriginChange.Files;
    }

    /// <summary>
    /// Whether these are known to be the same files of the same place; false also where it cannot be told.
    /// </summary>
    public bool IsSurely(Origin other) => IsSamePlaceAs(other) == true && ChangeFrom(other) == OriginChange.None;

    /// <summary>As a person says it: `docker-compose.yml of host/team/shop`.</summary>
    public override string ToString() =>
        string.Join(" + ", Paths(this))
        + (Repository is { } repository ? $" of {repository}" : $" in {Folder} on {Host}");

    /// <summary>By the files as they are compared, whichever system's slashes they have.</summary>
    public bool Equals(Origin? other) =>
        other is not null
        && (Host, Folder, Repository, FirstCommit, Passing)
            == (other.Host, other.Folder, other.Repository, other.FirstCommit, other.Passing)
        && Paths(this).SequenceEqual(Paths(other), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Host, Folder, Repository, FirstCommit, Passing);

    /// <summary>
    /// A remote's address in the form that tells repositories apart: `git@host:team/shop.git`, `https://host/team/shop`
    /// and `ssh://git@host:22/team/shop.git` are one. Never with the user or token that may be in it. Null: a path of
    /// this machine, or nothing. </summary>
    public static string? RepositoryOf(string? address)
    {
        var text = address?.Trim() ?? "";
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (text.StartsWith("file:", StringComparison.Ordinal))
            return null;
        var rest = scheme >= 0 ? text[(scheme + 3)..] : text;
        var end = rest.IndexOfAny(scheme >= 0 ? ['/'] : ['/', ':']);
        // Without a scheme it is `host:path`; anything else is a path, and so is a Windows drive.
        if (end <= 1 || (scheme < 0 && rest[end] != ':'))
            return null;
        var host = rest[..end].Split('@')[^1].Split(':')[0].ToLowerInvariant();
        var path = rest[(end + 1)..].Trim('/');
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^4];
        return host.Length == 0 || path.Length == 0 ? null : $"{host}/{path}";
    }

    private bool? IsSameRepositoryAs(Origin other)
    {
        var (addresses, commits) = (
            Repository is not null && other.Repository is not null,
            FirstCommit is not null && other.FirstCommit is not null
        );
        if (!addresses && !commits)
            return null;
        return (addresses && Repository == other.Repository) || (commits && FirstCommit == other.FirstCommit);
    }

    /// <summary>Null: it cannot be told.</summary>
    private bool? IsSamePlaceAs(Origin other) =>
        IsSameRepositoryAs(other)
        ?? (Passing == true || other.Passing == true ? null : Host == other.Host && Folder == other.Folder);

    /// <summary>A journal's line may lack them.</summary>
    private static IEnumerable<string> Paths(Origin origin) =>
        origin.Files.IsDefault ? [] : origin.Files.Where(file => file is not null);

    private static IEnumerable<string> Names(Origin origin) => Paths(origin).Select(file => file.Split('/')[^1]);
}
