namespace Recyclic.Workflows.Yaml;

/// <summary>Keys that a map must have once.</summary>
internal static class YamlKeys
{
    /// <summary>Those that a map has twice, at any depth, with the way to them: <c>services.db</c>.</summary>
    public static IEnumerable<string> Twice(YamlNode node) =>
        node switch
        {
            YamlMap map => map
                .Entries.GroupBy(entry => entry.Key)
                .Where(same => same.Count() > 1)
                .Select(same => same.Key)
                .Concat(map.Entries.SelectMany(entry => Twice(entry.Value).Select(inner => $"{entry.Key}.{inner}"))),
            YamlList list => list.Items.SelectMany(Twice),
            _ => [],
        };
}
