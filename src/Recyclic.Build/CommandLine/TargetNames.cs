using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.CommandLine;

/// <summary>From <c>build-images</c> to the target it means.</summary>
internal sealed class TargetNames(IEnumerable<string> all, List<string> mistakes)
{
    private readonly ILookup<string, string> _byNormalName = all.ToLookup(ParameterNames.Normal);

    public bool Has(string name) => _byNormalName.Contains(ParameterNames.Normal(name));

    /// <summary>The targets of the build that names, as typed, may mean.</summary>
    public IEnumerable<string> Meant(IEnumerable<string> names) =>
        names.SelectMany(name => _byNormalName[ParameterNames.Normal(name)]);

    /// <param name="names">As typed.</param>
    /// <param name="listed">Those that may be suggested.</param>
    public ImmutableArray<string> Resolve(IEnumerable<string> names, IReadOnlyList<string> listed)
    {
        var resolved = new List<string>();
        var seen = new HashSet<string>();
        foreach (var name in names)
            if (Find(name, listed) is { } target && seen.Add(target))
                resolved.Add(target);
        return [.. resolved];
    }

    private string? Find(string name, IReadOnlyList<string> listed)
    {
        string[] found = [.. _byNormalName[ParameterNames.Normal(name)]];
        if (found.Length == 1)
            return found[0];
        if (found.Contains(name))
            return name;
        mistakes.Add(
            found.Length == 0
                ? Unknown(name, listed)
                : $"target {Shown.Cut(name)} is ambiguous: write {string.Join(" or ", found)}"
        );
        return null;
    }

    private static string Unknown(string name, IReadOnlyList<string> listed)
    {
        var suggestion = Suggestion.For(name, listed);
        return $"unknown target {Shown.Cut(name)}"
            + (suggestion.Length > 0 ? suggestion : $"; there are {Shown.List(listed)}");
    }
}
