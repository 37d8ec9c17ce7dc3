using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Workflows.Yaml;

/// <summary>A piece of a YAML document. Text, numbers and flags convert by themselves.</summary>
public abstract record YamlNode
{
    private protected YamlNode() { }

    /// <summary>A text.</summary>
    public static implicit operator YamlNode(string text) => new YamlText(text);

    /// <summary>A number.</summary>
    public static implicit operator YamlNode(int number) =>
        new YamlLiteral(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A flag.</summary>
    public static implicit operator YamlNode(bool flag) => new YamlLiteral(flag ? "true" : "false");
}

/// <summary>Text; quoted as it needs to be.</summary>
public sealed record YamlText(string Value) : YamlNode
{
    /// <summary>Stands behind it in the same line; one line, default: none.</summary>
    public string? Comment { get; init; }
}

/// <summary>A number or a flag: never quoted.</summary>
internal sealed record YamlLiteral(string Value) : YamlNode;

/// <summary>A list of nodes.</summary>
public sealed record YamlList(params ImmutableArray<YamlNode> Items) : YamlNode
{
    /// <summary>A list of texts.</summary>
    public static YamlList Of(IEnumerable<string> texts) => new([.. texts.Select(text => (YamlNode)text)]);
}

/// <summary>Keys and values in the order in which they were added.</summary>
public sealed record YamlMap(params ImmutableArray<(string Key, YamlNode Value)> Entries) : YamlNode
{
    /// <summary>A map of texts.</summary>
    public static YamlMap Of(IEnumerable<KeyValuePair<string, string>> entries) =>
        new([.. entries.Select(entry => (entry.Key, (YamlNode)entry.Value))]);

    /// <summary>With one more entry.</summary>
    public YamlMap With(string key, YamlNode value) => new(Entries.Add((key, value)));

    /// <summary>With the entry, unless there is nothing in it.</summary>
    public YamlMap WithAny(string key, YamlNode? value) =>
        value is null or YamlMap { Entries.IsEmpty: true } or YamlList { Items.IsEmpty: true }
            ? this
            : With(key, value);

    /// <summary>With the entries of another map behind its own.</summary>
    public YamlMap With(YamlMap others) => new(Entries.AddRange(others.Entries));

    /// <summary>The value; null when there is no such key.</summary>
    public YamlNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key).Value;
}
