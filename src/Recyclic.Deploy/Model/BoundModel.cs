using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: what compose has resolved of an application, entry by entry, as an approval binds it. Each slot's model is made
/// of it and of nothing else but the release's images. Values of declared secrets are not in it, nor what a file of a
/// secret holds; every other value is there as a keyed fingerprint alone, for teams put passwords where nobody has
/// declared them, and a short one could be guessed from a plain hash.
/// </summary>
internal static class BoundModel
{
    /// <summary>What no container gets: how images are built, which its digest says, and what compose has read.</summary>
    private static readonly ImmutableHashSet<string> LeftOut = ["build", "develop", "env_file", "profiles", "extends"];

    /// <summary>What is of no service: networks, volumes, configs and secrets, and settings of ours.</summary>
    private static readonly ImmutableArray<string> Shared = ["networks", "volumes", "configs", "secrets", "models"];

    /// <summary>By `service setting`: a fingerprint of 32 hexadecimal digits, by a key that is the approval's own.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ComposeModel compose, string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        var entries = Texts(compose)
            .Select(entry =>
                KeyValuePair.Create(
                    entry.Key,
                    Convert.ToHexStringLower(HMACSHA256.HashData(bytes, Encoding.UTF8.GetBytes(entry.Value)))[..32]
                )
            )
            .Concat(Files(compose, key));
        return entries.DistinctBy(entry => entry.Key).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string>> Files(ComposeModel compose, string key)
    {
        var readable = new ReleaseFiles([.. compose.Files.All.Where(file => file.Kind != FileKind.Secret)]);
        return from service in readable.KeyedBy(key).Fingerprints
            from file in service.Value
            select KeyValuePair.Create($"{service.Key} {file.Key}", file.Value);
    }

    private static IEnumerable<KeyValuePair<string, string>> Texts(ComposeModel compose)
    {
        foreach (var (service, node) in compose.Resolved["services"] as JsonObject ?? [])
        foreach (var (setting, text) in OfService(node as JsonObject ?? []))
            yield return KeyValuePair.Create($"{service} {setting}", WithoutFolder(text, compose.Folder));
        foreach (var (service, extension) in compose.Extensions)
            yield return KeyValuePair.Create($"{service} x-recyclic", Text(extension));
        foreach (var list in Shared)
        foreach (var (name, node) in compose.Resolved[list] as JsonObject ?? [])
            yield return KeyValuePair.Create($"({list}) {name}", WithoutFolder(Text(node), compose.Folder));
    }

    private static IEnumerable<(string Setting, string Text)> OfService(JsonObject service)
    {
        foreach (var (attribute, value) in service.Where(entry => !LeftOut.Contains(entry.Key)))
            switch (value)
            {
                case null:
                    break;
                case JsonObject variables when attribute == "environment":
                    foreach (var (name, text) in variables)
                        yield return ($"environment {name}", Text(text));
                    break;
                case JsonArray mounts when attribute == "volumes":
                    foreach (var mount in mounts.GroupBy(mount => mount.At("target").AsText() ?? ""))
                        yield return ($"mount {mount.Key}", string.Join('\n', mount.Select(Text)));
                    break;
                default:
                    yield return (attribute, Text(value));
                    break;
            }
    }

    private static string Text(JsonNode? node) => ReleaseContent.Sorted(node)?.ToJsonString() ?? "null";

    /// <summary>The same files are the same wherever they are checked out.</summary>
    private static string WithoutFolder(string text, string folder)
    {
        var written = JsonValue.Create(folder).ToJsonString()[1..^1].TrimEnd('/');
        return written.Length > 1 ? text.Replace(written, ".", StringComparison.Ordinal) : text;
    }
}

/// <summary>What an approval is given for, besides images and environment.</summary>
/// <param name="Compose">What compose resolves, with a stand-in for each declared secret.</param>
/// <param name="Repository">Where the files are from, `host/team/name`; null: from no repository with an
/// address.</param>
/// <param name="Commit">All its digits; null: the release's tag is no commit.</param>
public sealed record ReleaseSubject(ComposeModel Compose, string? Repository, string? Commit)
{
    /// <summary>
    /// What stands for a declared secret: whoever approves has none, and a record is not to have a trace of one.
    /// </summary>
    public static string StandInFor(string variable) => $"recyclic-secret-{variable}";

    /// <summary>The approval, bound to this.</summary>
    /// <param name="key">Random, and of this approval alone.</param>
    public Approval Bind(Approval approval, string key) =>
        approval with
        {
            Repository = Repository,
            Commit = Commit,
            ModelKey = key,
            Model = BoundModel.Of(Compose, key),
        };
}
