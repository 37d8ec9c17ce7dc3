using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: which services use variables that compose does not get, and whether they ask for them. Compose has read the
/// files with a stand-in for each of these, so anchors, included files and defaults are all followed.
/// </summary>
internal static class WithheldUse
{
    /// <summary>The setting of a service by which it asks: names of variables.</summary>
    public const string Setting = "secrets";

    /// <summary>What stands for the value of one; no other text has it.</summary>
    public static ImmutableDictionary<string, string> StandInsFor(IEnumerable<string> names) =>
        names
            .Order(StringComparer.Ordinal)
            .Select((name, index) => KeyValuePair.Create(name, $"recyclic-withheld-{index}z"))
            .ToImmutableDictionary();

    /// <summary>The names that a service's `x-recyclic` lists.</summary>
    public static ImmutableHashSet<string> AskedBy(JsonNode? extension) =>
        [.. (extension.At(Setting) as JsonArray ?? []).Select(name => name.AsText()).OfType<string>()];

    /// <summary>What compose is to get after all.</summary>
    /// <param name="model">As compose resolved it with the stand-ins.</param>
    /// <param name="extensions">`x-recyclic` by service.</param>
    /// <param name="kindOf">What a variable is called in a sentence.</param>
    /// <returns>Names of variables.</returns>
    /// <exception cref="ConfigurationException">Something uses one that it does not ask for.</exception>
    public static ImmutableHashSet<string> Judge(
        string file,
        JsonObject model,
        JsonObject extensions,
        ImmutableDictionary<string, string> standIns,
        Func<string, string> kindOf
    )
    {
        var uses = UsesIn(model, [], standIns).Distinct().ToList();
        var problems = uses.Where(use =>
                use.Service is null || !AskedBy(extensions[use.Service]).Contains(use.Variable)
            )
            .Select(use => Refusal(file, use, kindOf(use.Variable)))
            .ToList();
        return problems.Count > 0
            ? throw new ConfigurationException([.. problems])
            : [.. uses.Select(use => use.Variable), .. FilesIn(model).Where(standIns.ContainsKey)];
    }

    private static ConfigurationProblem Refusal(string file, Use use, string kind) =>
        new(
            $"{file}: {use.Path}",
            $"it uses {use.Variable}, {kind}, which a container gets only if its service asks for it",
            use.Service is null
                ? $"Use another variable; or let a service have it: as a file by `secrets:` with `environment: {use.Variable}`."
                : $"If {use.Service} is to have it, say so there: x-recyclic: {{ {Setting}: [{use.Variable}] }}; or let it be a file, which `docker inspect` does not show: `secrets:` with `environment: {use.Variable}`. Else use another variable."
        );

    /// <summary>The variables that are the content of a secret or a config: so a service asks for a file.</summary>
    private static IEnumerable<string> FilesIn(JsonObject model) =>
        from list in new[] { "secrets", "configs" }
        from declared in model[list] as JsonObject ?? []
        let name = declared.Value.At("environment").AsText()
        where name is not null
        select name;

    private static IEnumerable<Use> UsesIn(
        JsonNode? node,
        ImmutableArray<string> path,
        ImmutableDictionary<string, string> standIns
    )
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    ImmutableArray<string> below = [.. path, key];
                    // What compose itself makes of `environment: X` of a secret is that secret's content.
                    if (below is ["secrets" or "configs", _, "content"] && map["environment"] is not null)
                        continue;
                    foreach (var use in UsesOf(key, below, standIns).Concat(UsesIn(value, below, standIns)))
                        yield return use;
                }
                break;
            case JsonArray list:
                foreach (var use in list.SelectMany(value => UsesIn(value, path, standIns)))
                    yield return use;
                break;
            case JsonValue value:
                foreach (var use in UsesOf(value.AsText() ?? "", path, standIns))
                    yield return use;
                break;
        }
    }

    private static IEnumerable<Use> UsesOf(
        string text,
        ImmutableArray<string> path,
        ImmutableDictionary<string, string> standIns
    ) =>
        from entry in standIns
        where text.Contains(entry.Value, StringComparison.Ordinal)
        select new Use(
            entry.Key,
            path is ["services", var service, ..] ? service : null,
            string.Join(
                '.',
                path.Select(part => part.Contains(entry.Value, StringComparison.Ordinal) ? $"${{{entry.Key}}}" : part)
            )
        );

    private readonly record struct Use(string Variable, string? Service, string Path);
}
