namespace Recyclic.Build.CommandLine;

/// <summary>The nearest of the names that exist.</summary>
internal static class Suggestion
{
    /// <summary><c>" (did you mean --tag?)"</c>, or nothing when no name is near.</summary>
    public static string For(string wrong, IEnumerable<string> names)
    {
        var bare = Bare(wrong);
        var most = Math.Max(2, bare.Length / 3);
        var nearest = names
            .Where(name => Math.Abs(Bare(name).Length - bare.Length) <= most)
            .Select(name => (name, distance: Distance(bare, Bare(name))))
            .OrderBy(n => n.distance)
            .FirstOrDefault();
        return nearest.name is not null && nearest.distance <= most && nearest.distance < Bare(nearest.name).Length
            ? $" (did you mean {nearest.name}?)"
            : "";
    }

    private static string Bare(string name) => name.TrimStart('-').ToLowerInvariant();

    /// <summary>Edits to get from one to the other; two swapped neighbours count as one.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        for (var j = 1; j <= b.Length; j++)
        {
            var cost = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
        }
        return d[a.Length, b.Length];
    }
}
