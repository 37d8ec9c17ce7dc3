using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recyclic.Workflows;

/// <summary>The commit that stands for a version of an action.</summary>
/// <param name="Action">`owner/name`, with a path behind it where the action is in a folder.</param>
/// <param name="Commit">40 hex digits.</param>
/// <param name="Version">The version that the commit is, for example `v7.0.1`.</param>
public sealed partial record ActionPin(string Action, string Commit, string Version)
{
    /// <summary>Whether a text is a commit: a tag or a branch can be moved, a commit cannot.</summary>
    public static bool IsCommit(string text) => CommitForm().IsMatch(text);

    /// <summary>A version's numbers, of which missing ones are 0; null: it is none.</summary>
    public static Version? Numbers(string version)
    {
        if (VersionForm().Match(version) is not { Success: true } match)
            return null;
        int Part(int group) =>
            match.Groups[group].Success
                ? int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
                : 0;
        return new Version(Part(1), Part(2), Part(3));
    }

    /// <summary>Whether this is a later version of the same action.</summary>
    public bool IsNewerThan(ActionPin other) =>
        Action == other.Action && Numbers(Version) is { } mine && Numbers(other.Version) is { } its && mine > its;

    /// <summary>
    /// Of several pins of an action the newest; without order where their versions have none, the first.
    /// </summary>
    public static ImmutableSortedDictionary<string, ActionPin> Newest(params IEnumerable<ActionPin> pins) =>
        pins.GroupBy(pin => pin.Action)
            .ToImmutableSortedDictionary(
                same => same.Key,
                same => same.Aggregate((best, next) => next.IsNewerThan(best) ? next : best),
                StringComparer.Ordinal
            );

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CommitForm();

    [GeneratedRegex(@"\Av?([0-9]{1,6})(?:\.([0-9]{1,6}))?(?:\.([0-9]{1,6}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionForm();
}
