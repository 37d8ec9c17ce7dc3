using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>Another application of a host, as far as its journal or its containers say.</summary>
/// <param name="Environment">The environment it was last deployed as; null: not known.</param>
/// <param name="Origin">Null: not known.</param>
public sealed record Neighbour(string App, string? Environment, Origin? Origin);

/// <summary>Pure: whether the application that a name means on a host is the one that is meant.</summary>
public static class OriginCheck
{
    /// <summary>What is to be asked before a command changes anything of an application; null: nothing.</summary>
    public static string? Question(ApplicationIdentity identity, Journal journal) =>
        Change(identity, journal) is { } change
            ? $"{identity.App} was last deployed from {change.Last}; this is {change.Now}{(change.Kind == OriginChange.Files ? ", another set of files" : "")}"
            : null;

    /// <summary>Refuses another origin that nobody has agreed to.</summary>
    /// <returns>What is to be said of one that somebody has agreed to; null: it is the same.</returns>
    /// <exception cref="ConfigurationException">The application was deployed from elsewhere, or from other
    /// files.</exception>
    public static string? Check(ApplicationIdentity identity, Journal journal, bool agreed)
    {
        if (Question(identity, journal) is not { } question)
            return null;
        return agreed
            ? question
            : throw new ConfigurationException(
                $"application {identity.App}",
                question,
                $"If it is one application, say so once: --yes; from then on this is where it is deployed from. If there are two, give this one a name of its own: `name:` in its compose file, or --project <name>."
            );
    }

    /// <summary>
    /// What is to be said before an application is deployed for the first time; null: nothing of its folder runs on the
    /// host under another name.
    /// </summary>
    public static string? Renamed(ApplicationIdentity identity, IEnumerable<Neighbour> neighbours)
    {
        if (identity.Origin is not { } origin)
            return null;
        // An environment of its own on the same engine is a second application on purpose.
        var others = neighbours
            .Where(neighbour =>
                neighbour.App != identity.App
                && (neighbour.Environment is null || neighbour.Environment == identity.Environment)
                && neighbour.Origin is { } its
                && origin.IsSurely(its)
            )
            .Select(neighbour => neighbour.App)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        return others.IsEmpty
            ? null
            : $"{identity.App} is new to this host, but an application {string.Join(", ", others)} of this folder runs here; its data stay with it, and {identity.App} begins with none";
    }

    private static (Origin Last, Origin Now, OriginChange Kind)? Change(
        ApplicationIdentity identity,
        Journal journal
    ) =>
        identity.Origin is { } now
        && journal.Origin is { } last
        && now.ChangeFrom(last) is var kind and not OriginChange.None
            ? (last, now, kind)
            : null;
}
