using System.Collections.Immutable;

namespace Recyclic.Build.Paths;

/// <summary>
/// A pattern for relative paths: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of levels, <c>[a-z]</c>
/// and <c>[!a-z]</c> for one character, <c>{a,b}</c> for alternatives. Pure: names in, matches out.
/// </summary>
internal sealed class GlobPattern
{
    private static readonly bool IgnoresCase = OperatingSystem.IsWindows();
    private readonly ImmutableArray<string> _parts;

    private GlobPattern(string pattern) =>
        _parts = [.. pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".")];

    /// <exception cref="ArgumentException">A bracket is not closed, or the pattern leaves the directory.</exception>
    public static IEnumerable<GlobPattern> Parse(string pattern)
    {
        var text = OperatingSystem.IsWindows() ? pattern.Replace('\\', '/') : pattern;
        if (text.Length == 0 || Path.IsPathRooted(text) || text.Split('/').Contains(".."))
            throw new ArgumentException(
                $"'{pattern}' is not a pattern for what lies below a directory",
                nameof(pattern)
            );
        return Alternatives(text).Select(alternative => new GlobPattern(alternative));
    }

    /// <summary>Whether the parts of a relative path match.</summary>
    public bool Matches(ReadOnlySpan<string> path) => Matches(_parts.AsSpan(), path, isPrefix: false);

    /// <summary>Whether something below these parts may match.</summary>
    public bool MayMatchBelow(ReadOnlySpan<string> path) => Matches(_parts.AsSpan(), path, isPrefix: true);

    private static bool Matches(ReadOnlySpan<string> parts, ReadOnlySpan<string> path, bool isPrefix)
    {
        if (path.IsEmpty)
            return isPrefix ? !parts.IsEmpty : IsAnyDepth(parts);
        if (parts.IsEmpty)
            return false;
        if (parts[0] != "**")
            return NameMatches(parts[0], path[0]) && Matches(parts[1..], path[1..], isPrefix);
        return Matches(parts[1..], path, isPrefix) || Matches(parts, path[1..], isPrefix);
    }

    private static bool IsAnyDepth(ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            if (part != "**")
                return false;
        return true;
    }

    private static bool NameMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                pattern = pattern.TrimStart('*');
                for (var skipped = 0; skipped <= name.Length; skipped++)
                    if (NameMatches(pattern, name[skipped..]))
                        return true;
                return false;
            }
            if (name.IsEmpty)
                return false;
            var length = pattern[0] == '[' ? pattern.IndexOf(']') + 1 : 1;
            if (!CharacterMatches(pattern[..length], name[0]))
                return false;
            pattern = pattern[length..];
            name = name[1..];
        }
        return name.IsEmpty;
    }

    private static bool CharacterMatches(ReadOnlySpan<char> pattern, char character)
    {
        if (pattern[0] == '?')
            return true;
        if (pattern[0] != '[')
            return Same(pattern[0], character);
        var isNegated = pattern[1] is '!' or '^';
        var set = pattern[(isNegated ? 2 : 1)..^1];
        for (var at = 0; at < set.Length; at++)
        {
            var isRange = at + 2 < set.Length && set[at + 1] == '-';
            if (isRange ? set[at] <= character && character <= set[at + 2] : Same(set[at], character))
                return !isNegated;
            if (isRange)
                at += 2;
        }
        return isNegated;
    }

    private static bool Same(char a, char b) =>
        a == b || (IgnoresCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));

    private static IEnumerable<string> Alternatives(string pattern)
    {
        var start = pattern.IndexOf('{');
        if (pattern.AsSpan().Count('[') != pattern.AsSpan().Count(']'))
            throw new ArgumentException($"'{pattern}' has a bracket that is not closed", nameof(pattern));
        if (start < 0)
            return [pattern];
        var end = ClosingBrace(pattern, start);
        return from alternative in SplitAtTop(pattern[(start + 1)..end])
            from whole in Alternatives(pattern[..start] + alternative + pattern[(end + 1)..])
            select whole;
    }

    private static int ClosingBrace(string pattern, int start)
    {
        var depth = 0;
        for (var at = start; at < pattern.Length; at++)
        {
            if (pattern[at] == '{')
                depth++;
            if (pattern[at] == '}' && --depth == 0)
                return at;
        }
        throw new ArgumentException($"'{pattern}' has a brace that is not closed", nameof(pattern));
    }

    private static IEnumerable<string> SplitAtTop(string list)
    {
        var (depth, start) = (0, 0);
        for (var at = 0; at < list.Length; at++)
        {
            if (list[at] == '{')
                depth++;
            if (list[at] == '}')
                depth--;
            if (list[at] != ',' || depth > 0)
                continue;
            yield return list[start..at];
            start = at + 1;
        }
        yield return list[start..];
    }
}
