using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Recyclic.Workflows.Yaml;

/// <summary>
/// Writes a document: two spaces a level, block style throughout, line feeds, no anchors, no tags, sections and long
/// jobs set apart by an empty line.
/// </summary>
public static class YamlWriter
{
    /// <summary>Nothing is folded: a line that a reader shows is a line of the file.</summary>
    private static readonly EmitterSettings Settings = new(
        bestIndent: 2,
        bestWidth: int.MaxValue,
        isCanonical: false,
        maxSimpleKeyLength: 1024,
        indentSequences: true,
        newLine: "\n"
    );

    /// <summary>The document as text.</summary>
    public static string Write(YamlMap document)
    {
        var text = new StringWriter();
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, document);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return SetApart(text.ToString(), document);
    }

    private static void Emit(Emitter emitter, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                emitter.Emit(
                    new MappingStart(
                        null,
                        null,
                        isImplicit: true,
                        map.Entries.IsEmpty ? MappingStyle.Flow : MappingStyle.Block
                    )
                );
                foreach (var (key, value) in map.Entries)
                {
                    emitter.Emit(YamlScalar.Key(key));
                    Emit(emitter, value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case YamlList list:
                emitter.Emit(
                    new SequenceStart(
                        null,
                        null,
                        isImplicit: true,
                        list.Items.IsEmpty ? SequenceStyle.Flow : SequenceStyle.Block
                    )
                );
                foreach (var item in list.Items)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case YamlLiteral literal:
                emitter.Emit(YamlScalar.Literal(literal.Value));
                break;
            case YamlText scalar:
                emitter.Emit(YamlScalar.Text(scalar.Value, isOnOneLine: scalar.Comment is not null));
                if (scalar.Comment is { } comment)
                    emitter.Emit(new Comment(comment.ReplaceLineEndings(" "), isInline: true));
                break;
        }
    }

    /// <summary>As people write it: an empty line before each section, and after a job that is long.</summary>
    private static string SetApart(string text, YamlMap document)
    {
        var apart = new StringBuilder();
        var sections = new Queue<(string Key, YamlNode Value)>(document.Entries);
        var entries = new Queue<(string Key, YamlNode Value)>();
        var isAfterLong = false;
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            if (line.Length > 0 && indent == 0 && sections.TryDequeue(out var section))
            {
                if (
                    apart.Length > 0
                    && (section.Value is YamlMap { Entries.IsEmpty: false } || section.Key == "permissions")
                )
                    apart.Append('\n');
                entries = new(section is { Key: "jobs", Value: YamlMap map } ? map.Entries : []);
                isAfterLong = false;
            }
            else if (line.Length > 0 && indent == 2 && entries.TryDequeue(out var entry))
            {
                if (isAfterLong)
                    apart.Append('\n');
                isAfterLong = entry.Value is YamlMap { Entries: [_, _, _, ..] };
            }
            apart.Append(line).Append('\n');
        }
        return apart.ToString();
    }
}
