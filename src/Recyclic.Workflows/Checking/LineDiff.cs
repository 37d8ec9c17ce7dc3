using System.Text;

namespace Recyclic.Workflows.Checking;

/// <summary>What changed between two texts, as lines with <c>-</c> and <c>+</c> and three lines around each change. Pure.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    /// <summary>Beyond this the table of the comparison would be large, and nobody would read its result.</summary>
    private const int MostLines = 3000;

    public static string Of(string path, string before, string after)
    {
        var (old, fresh) = (Lines(before), Lines(after));
        var text = new StringBuilder($"--- {path}\n+++ {path}, as the build defines it\n");
        if (old.Length > MostLines || fresh.Length > MostLines) return text.Append($"  {old.Length} lines, and {fresh.Length} as defined\n").ToString();
        var all = Script(old, fresh);
        var shown = -1;
        for (var i = 0; i < all.Count; i++)
        {
            if (!Enumerable.Range(Math.Max(0, i - Context), Math.Min(all.Count, i + Context + 1) - Math.Max(0, i - Context)).Any(k => all[k].Mark != ' ')) continue;
            if (i != shown + 1) text.Append($"@@ line {all[i].Line} @@\n");
            text.Append(all[i].Mark).Append(all[i].Text).Append('\n');
            shown = i;
        }
        return text.ToString();
    }

    private static List<(char Mark, string Text, int Line)> Script(string[] old, string[] fresh)
    {
        var common = new int[old.Length + 1, fresh.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = fresh.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == fresh[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var script = new List<(char, string, int)>();
        for (int i = 0, j = 0; i < old.Length || j < fresh.Length;)
        {
            if (i < old.Length && j < fresh.Length && old[i] == fresh[j]) script.Add((' ', old[i++], ++j));
            else if (j == fresh.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1])) script.Add(('-', old[i++], j + 1));
            else script.Add(('+', fresh[j++], j));
        }
        return script;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
}
