using System.Text;
using DiffPlex.Chunkers;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Recyclic.Workflows.Checking;

/// <summary>
/// What changed between two texts, as lines with <c>-</c> and <c>+</c> and three lines around each change. Pure.
/// </summary>
internal static class LineDiff
{
    private const int Context = 3;

    public static string Of(string path, string before, string after)
    {
        var lines = InlineDiffBuilder
            .Diff(before, after, ignoreWhiteSpace: false, ignoreCase: false, LineEndingsPreservingChunker.Instance)
            .Lines;
        var text = new StringBuilder($"--- {path}\n+++ {path}, as the build defines it\n");
        var isNear = lines
            .Select(
                (_, at) =>
                    lines
                        .Skip(at - Context)
                        .Take(Context + 1 + Math.Min(at, Context))
                        .Any(line => line.Type != ChangeType.Unchanged)
            )
            .ToList();
        for (int i = 0, line = 1; i < lines.Count; i++)
        {
            if (isNear[i] && (i == 0 || !isNear[i - 1]))
                text.Append($"@@ line {line} @@\n");
            if (isNear[i])
                text.Append(Mark(lines[i].Type)).Append(lines[i].Text.TrimEnd('\n')).Append('\n');
            if (lines[i].Type != ChangeType.Deleted)
                line++;
        }
        return text.ToString();
    }

    private static char Mark(ChangeType type) =>
        type switch
        {
            ChangeType.Inserted => '+',
            ChangeType.Deleted => '-',
            _ => ' ',
        };
}
