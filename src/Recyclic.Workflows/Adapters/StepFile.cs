using System.Collections.Immutable;

namespace Recyclic.Workflows.Adapters;

/// <summary>
/// Reads what a step wrote to its file of outputs: <c>name=value</c>, or <c>name&lt;&lt;mark</c>, lines, mark.
/// </summary>
internal static class StepFile
{
    public static ImmutableSortedDictionary<string, string> Read(string file)
    {
        var outputs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file))
            return outputs.ToImmutable();
        var lines = File.ReadAllText(file).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Split("<<", 2) is [var name, var mark] && !name.Contains('=', StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, mark, i + 1);
                if (end < 0)
                    break;
                outputs[name] = string.Join('\n', lines[(i + 1)..end]);
                i = end;
            }
            else if (lines[i].Split('=', 2) is [var key, var value])
            {
                outputs[key] = value;
            }
        }
        return outputs.ToImmutable();
    }
}
