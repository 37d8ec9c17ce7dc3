using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: the files that belong to a release, by service and path. They lie in one volume of the release, each file or
/// folder below a number of its own, and a container is given no more of it than what its service gets.
/// </summary>
/// <param name="All">What was read of this machine.</param>
internal sealed record ReleaseFiles(ImmutableArray<ReleaseFile> All)
{
    /// <summary>
    /// The <see cref="Naming.RoleLabel"/> of their volumes, and of the containers that are made to fill one.
    /// </summary>
    public const string Role = "files";

    /// <summary>On a volume: what is where in it, as <see cref="ToLabel"/> writes it.</summary>
    public const string Label = "recyclic.files";

    /// <summary>Of a folder with more files than this a plan says only that it differs.</summary>
    private const int MostNamed = 200;

    /// <summary>The fingerprint of what an earlier deploy has read: unlike any other.</summary>
    private const string Unknown = "#kept";

    private static readonly UTF8Encoding Encoding = new(false);

    public static ReleaseFiles None { get; } = new([]);

    /// <summary>
    /// By service, each file's title and what tells its content from another; empty before <see cref="KeyedBy"/>.
    /// </summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<string, string>> Fingerprints { get; private init; } =
        ImmutableDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>A new one for an application that has none yet.</summary>
    public string Key { get; init; } = "";

    /// <summary>By service, the user that its image runs as; default: not known.</summary>
    public ImmutableDictionary<string, string> Users { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// What is where in the volume that an earlier deploy has filled; null: the volume is to be filled with what was
    /// read.
    /// </summary>
    public ImmutableDictionary<string, string>? Kept { get; private init; }

    /// <summary>Those of which the release has its own.</summary>
    public IEnumerable<ReleaseFile> Travelling => All.Where(file => file is { Travels: true, Tree: not null });

    public bool IsEmpty => !Travelling.Any();

    /// <summary>Those of some services.</summary>
    public ReleaseFiles Of(IEnumerable<string> services)
    {
        var names = services.ToHashSet();
        return this with { All = All.RemoveAll(file => !names.Contains(file.Service)) };
    }

    /// <summary>The same, comparable with those of an earlier release.</summary>
    /// <param name="key">The application's, which is on its host alone.</param>
    public ReleaseFiles KeyedBy(string key)
    {
        var bytes = Encoding.GetBytes(key);
        return this with
        {
            Key = key,
            Fingerprints = All.Where(file => file.Tree is not null)
                .GroupBy(file => file.Service)
                .ToImmutableDictionary(
                    service => service.Key,
                    service =>
                        service
                            .SelectMany(file => Named(file, bytes))
                            .DistinctBy(entry => entry.Key)
                            .ToImmutableSortedDictionary(StringComparer.Ordinal)
                ),
        };
    }

    public IEnumerable<KeyValuePair<string, string>> FingerprintsOf(string service) =>
        Fingerprints.TryGetValue(service, out var found) ? found : [];

    /// <summary>All of them, and where each is for whom, as one text; empty: there are none.</summary>
    public string Fingerprint =>
        All.IsEmpty
            ? ""
            : string.Join(
                '\n',
                [
                    .. Fingerprints
                        .OrderBy(service => service.Key, StringComparer.Ordinal)
                        .SelectMany(service =>
                            service.Value.Select(entry => $"{service.Key} {entry.Key} {entry.Value}")
                        ),
                    .. Travelling.Select(file => $"{EntryOf(file)} {SubpathOf(file)} {OwnerOf(file)}"),
                ]
            );

    /// <summary>The same, out of a volume that an earlier deploy has filled; null: that lacks something.</summary>
    public ReleaseFiles? KeptIn(ImmutableDictionary<string, string> labels)
    {
        if (
            FromLabel(labels.GetValueOrDefault(Label)) is not { } kept
            || !Travelling.All(file => kept.ContainsKey(EntryOf(file)))
        )
            return null;
        var unknown = Fingerprints.ToImmutableDictionary(
            service => service.Key,
            service => service.Value.ToImmutableSortedDictionary(file => file.Key, _ => Unknown, StringComparer.Ordinal)
        );
        return this with { Kept = kept, Fingerprints = unknown };
    }

    /// <summary>Where a file or folder is in the volume.</summary>
    public string SubpathOf(ReleaseFile file) =>
        Kept?[EntryOf(file)] ?? Places()[PlaceOf(file)].ToString(CultureInfo.InvariantCulture);

    public string ToLabel() =>
        JsonSerializer.Serialize(
            Travelling.DistinctBy(EntryOf).ToImmutableSortedDictionary(EntryOf, SubpathOf, StringComparer.Ordinal),
            ReleaseFilesJson.Default.ImmutableSortedDictionaryStringString
        );

    /// <summary>What goes into the volume: each with its whole path, its owner and its mode.</summary>
    public IEnumerable<FileNode> Archive()
    {
        var places = Places();
        foreach (var file in Travelling.DistinctBy(PlaceOf))
        {
            var (root, (uid, gid, mode)) = (
                places[PlaceOf(file)].ToString(CultureInfo.InvariantCulture),
                OwnerOf(file)
            );
            foreach (var node in file.Tree!.Nodes)
            {
                var path = node.Path.Length == 0 ? root : $"{root}/{node.Path}";
                yield return node with
                {
                    Path = path,
                    Uid = uid ?? node.Uid,
                    Gid = gid ?? node.Gid,
                    Mode = mode ?? node.Mode,
                };
            }
        }
    }

    /// <summary>
    /// Puts the volume's files into a slot's or the accessories' model, in the place of what the file says of them.
    /// </summary>
    /// <param name="folder">Where the volume is on its host, for an engine that cannot mount a part of one; null: it
    /// can.</param>
    public void MountInto(JsonObject document, string volume, string? folder)
    {
        foreach (var file in Travelling)
        {
            if (document["services"].At(file.Service) is not JsonObject service)
                continue;
            var list = file.Kind switch
            {
                FileKind.Config => "configs",
                FileKind.Secret => "secrets",
                _ => "volumes",
            };
            if (
                service[list] is not JsonArray entries
                || entries.OfType<JsonObject>().FirstOrDefault(file.IsEntry) is not { } entry
            )
                continue;
            entries.Remove(entry);
            if (entries.Count == 0)
                service.Remove(list);
            if (service["volumes"] is not JsonArray mounts)
                service["volumes"] = mounts = [];
            var (type, source) = folder is null
                ? ("volume", volume)
                : ("bind", $"{folder.TrimEnd('/')}/{SubpathOf(file)}");
            var mount = new JsonObject
            {
                ["type"] = type,
                ["source"] = source,
                ["target"] = file.Target,
                ["read_only"] = true,
            };
            if (folder is null)
                mount["volume"] = new JsonObject { ["nocopy"] = true, ["subpath"] = SubpathOf(file) };
            mounts.Add(mount);
            if (folder is not null)
                continue;
            if (document["volumes"] is not JsonObject known)
                document["volumes"] = known = [];
            known[volume] = new JsonObject { ["name"] = volume, ["external"] = true };
        }
        // What no service takes any more need not be told to anybody.
        foreach (var list in new[] { "configs", "secrets" })
        {
            if (document[list] is not JsonObject declared)
                continue;
            var uses = (document["services"] as JsonObject ?? []).SelectMany(service =>
                service.Value.At(list) as JsonArray ?? []
            );
            var used = uses.Select(use => use.At("source").AsText()).ToHashSet();
            foreach (var name in declared.Select(entry => entry.Key).Where(name => !used.Contains(name)).ToList())
                declared.Remove(name);
            if (declared.Count == 0)
                document.Remove(list);
        }
    }

    private static string EntryOf(ReleaseFile file) => $"{file.Service}:{file.Target}";

    private static ImmutableDictionary<string, string>? FromLabel(string? label)
    {
        try
        {
            return string.IsNullOrEmpty(label)
                ? null
                : JsonSerializer
                    .Deserialize(label, ReleaseFilesJson.Default.ImmutableSortedDictionaryStringString)
                    ?.ToImmutableDictionary();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Named(ReleaseFile file, byte[] key)
    {
        if (file.Kind != FileKind.Mount)
            return file.Tree!.Fingerprints(key).Select(entry => KeyValuePair.Create(file.Title, entry.Value));
        var named = file.Tree!.Fingerprints(key).ToList();
        return named.Count <= MostNamed
            ? named.Select(entry =>
                KeyValuePair.Create($"file {file.Name}{(entry.Key.Length == 0 ? "" : $"/{entry.Key}")}", entry.Value)
            )
            :
            [
                KeyValuePair.Create(
                    $"folder {file.Name}",
                    FileTree.Fingerprint(
                        key,
                        Encoding.GetBytes(string.Join('\n', named.Select(entry => $"{entry.Key} {entry.Value}")))
                    )
                ),
            ];
    }

    /// <summary>The same content under the same owner is there once.</summary>
    private Dictionary<string, int> Places() =>
        Travelling.Select(PlaceOf).Distinct().Index().ToDictionary(place => place.Item, place => place.Index);

    private string PlaceOf(ReleaseFile file)
    {
        var (uid, gid, mode) = OwnerOf(file);
        return string.Create(CultureInfo.InvariantCulture, $"{file.Path ?? file.Title} {uid} {gid} {mode}");
    }

    private (int? Uid, int? Gid, int? Mode) OwnerOf(ReleaseFile file)
    {
        if (!file.IsForUserAlone)
            return (file.Uid, file.Gid, file.Mode);
        var user = Users.GetValueOrDefault(file.Service, "").Split(':')[0];
        if (user.Length == 0)
            return (0, file.Gid ?? 0, file.Mode);
        // Which number a name has is known in the image alone: then everybody in the container may read it, as compose
        // itself has it.
        return int.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            ? (uid, file.Gid, file.Mode)
            : (0, file.Gid ?? 0, FileTree.WorldReadable);
    }
}

[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
internal sealed partial class ReleaseFilesJson : JsonSerializerContext;
