using System.Text;

namespace Recyclic.Workflows.Yaml;

/// <summary>Writes a document: two spaces a level, block style throughout, line feeds, no anchors, no tags.</summary>
public static class YamlWriter
{
    /// <summary>The document as text.</summary>
    public static string Write(YamlMap document)
    {
        var text = new StringBuilder();
        Map(text, document, 0, isInLine: false);
        return text.ToString();
    }

    /// <param name="isInLine">The first entry follows a dash.</param>
    /// <param name="parent">The key that it stands behind; empty: none.</param>
    private static void Map(StringBuilder text, YamlMap map, int depth, bool isInLine, string parent = "")
    {
        foreach (var (key, value) in map.Entries)
        {
            // Top-level sections are set apart, as people write them.
            if (depth == 0 && text.Length > 0 && (value is YamlMap { Entries.IsEmpty: false } || key == "permissions")) text.Append('\n');
            if (!isInLine) Indent(text, depth);
            isInLine = false;
            text.Append(YamlScalar.Key(key)).Append(':');
            Value(text, value, depth, key);
            if (depth == 1 && parent == "jobs" && key != map.Entries[^1].Key && value is YamlMap { Entries: [_, _, _, ..] }) text.Append('\n');
        }
    }

    private static void List(StringBuilder text, YamlList list, int depth)
    {
        foreach (var item in list.Items)
        {
            Indent(text, depth);
            text.Append('-');
            if (item is YamlMap { Entries.IsEmpty: false } map)
            {
                text.Append(' ');
                Map(text, map, depth + 1, isInLine: true);
            }
            else
            {
                Value(text, item, depth);
            }
        }
    }

    /// <summary>What follows a key or a dash, to the end of the line or beyond.</summary>
    private static void Value(StringBuilder text, YamlNode value, int depth, string key = "")
    {
        switch (value)
        {
            case YamlMap { Entries.IsEmpty: true }:
                text.Append(" {}\n");
                break;
            case YamlList { Items.IsEmpty: true }:
                text.Append(" []\n");
                break;
            case YamlMap map:
                text.Append('\n');
                Map(text, map, depth + 1, isInLine: false, key);
                break;
            case YamlList list:
                text.Append('\n');
                List(text, list, depth + 1);
                break;
            case YamlLiteral literal:
                text.Append(' ').Append(literal.Value).Append('\n');
                break;
            case YamlText { Comment: null } scalar when YamlScalar.IsBlock(scalar.Value):
                text.Append(" |-\n");
                foreach (var line in scalar.Value.Split('\n'))
                {
                    if (line.Length > 0) Indent(text, depth + 1);
                    text.Append(line).Append('\n');
                }
                break;
            case YamlText scalar:
                text.Append(' ').Append(YamlScalar.Inline(scalar.Value));
                if (scalar.Comment is { } comment) text.Append(" # ").Append(comment.ReplaceLineEndings(" "));
                text.Append('\n');
                break;
        }
    }

    private static void Indent(StringBuilder text, int depth) => text.Append(' ', depth * 2);
}
