using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.CommandLine;

/// <summary>From <c>build-images</c> to the target it means.</summary>
internal sealed class TargetNames(IEnumerable<string> all, List<string> mistakes)
{
    private readonly Dictionary<string, string> _byNormalName = all.ToDictionary(ParameterNames.Normal);

    public bool Has(string name) => _byNormalName.ContainsKey(ParameterNames.Normal(name));

    /// <param name="names">As typed.</param>
    /// <param name="listed">Those that may be suggested.</param>
    public ImmutableArray<string> Resolve(IEnumerable<string> names, IReadOnlyList<string> listed)
    {
        var resolved = new List<string>();
        foreach (var name in names)
            if (!_byNormalName.TryGetValue(ParameterNames.Normal(name), out var target)) mistakes.Add(Unknown(name, listed));
            else if (!resolved.Contains(target)) resolved.Add(target);
        return [.. resolved];
    }

    private static string Unknown(string name, IReadOnlyList<string> listed)
    {
        var suggestion = Suggestion.For(name, listed);
        return $"unknown target {name}" + (suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", listed)}");
    }
}
