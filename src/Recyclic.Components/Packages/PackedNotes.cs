namespace Recyclic.Components.Packages;

/// <summary>Pure: the release notes of a version, from a changelog in the form of Keep a Changelog.</summary>
internal static class PackedNotes
{
    /// <summary>NuGet's limit is 35,000.</summary>
    private const int Longest = 30_000;

    /// <returns>The section that is headed by the version, or else the first one; empty: it has none.</returns>
    public static string Of(string changelog, string version)
    {
        var lines = changelog.ReplaceLineEndings("\n").Split('\n');
        var heads = Enumerable
            .Range(0, lines.Length)
            .Where(at => lines[at].StartsWith("## ", StringComparison.Ordinal))
            .ToList();
        if (heads.Count == 0)
            return "";
        var number = version.Split('+')[0];
        var own = heads.FindIndex(at => lines[at].StartsWith($"## [{number}]", StringComparison.Ordinal));
        var head = own < 0 ? 0 : own;
        var end = head + 1 < heads.Count ? heads[head + 1] : lines.Length;
        var text = string.Join('\n', lines[(heads[head] + 1)..end]).Trim();
        return text.Length <= Longest ? text : text[..text.LastIndexOf('\n', Longest)] + "\n…";
    }
}
