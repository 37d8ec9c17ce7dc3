using System.Collections.Immutable;
using System.Formats.Tar;
using System.Globalization;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Files;

/// <summary>
/// Reads the files that go with a release, once and whole: what changes or vanishes later is of no concern to a deploy.
/// </summary>
internal static class FileReader
{
    /// <summary>In all, in bytes.</summary>
    public const long MostBytes = 64L * 1024 * 1024;

    /// <summary>In all; a file, a folder or a link each.</summary>
    public const int MostNodes = 20_000;

    /// <summary>A file that stays this machine's is compared only if it is as small as this.</summary>
    private const long MostCompared = 1024 * 1024;

    private const int MostNodesCompared = 500;

    private const string Elsewhere =
        "Put it into the image or into a named volume; or onto the engine's host, and mount it by its absolute path there.";

    /// <param name="values">What environment variables are set to.</param>
    /// <param name="engineIsLocal">Then what cannot be read stays this machine's.</param>
    /// <returns>Each with its tree, with a problem, or with neither: then it is not there, or it stays this
    /// machine's.</returns>
    public static ImmutableArray<ReleaseFile> Read(
        ImmutableArray<ReleaseFile> wanted,
        ImmutableDictionary<string, string> values,
        bool engineIsLocal,
        CancellationToken cancellationToken
    )
    {
        var budget = new Budget(MostBytes, MostNodes);
        var found = wanted
            .Where(file => file.Path is not null)
            .OrderByDescending(file => file.Travels)
            .DistinctBy(file => file.Path)
            .ToDictionary(
                file => file.Path!,
                file => Find(file.Path!, file, file.Travels ? budget : new Budget(MostCompared, MostNodesCompared))
            );
        var read = new Dictionary<string, (FileTree? Tree, (string, string)? Problem)>();
        return [.. wanted.Select(file => Stay(With(file), engineIsLocal))];

        ReleaseFile With(ReleaseFile file)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Variable is { } variable)
                return values.TryGetValue(variable, out var value)
                    ? file with
                    {
                        Tree = FileTree.OfText(value),
                    }
                    : file with
                    {
                        Problem = (
                            $"the {file.Title} is the value of the variable {variable}, which is not set",
                            $"Set {variable} in the environment or in .env."
                        ),
                    };
            if (file.Text is { } text)
                return file with { Tree = FileTree.OfText(text) };
            var path = file.Path!;
            if (!Path.Exists(path))
                return file;
            if (file.Kind != FileKind.Mount && Directory.Exists(path))
                return file with
                {
                    Problem = (
                        $"the {file.Title} is to be a file, but {file.Path} is a folder",
                        "Name the file in it."
                    ),
                };
            if (file.Travels && budget.Problem is { } tooMuch)
                return file with { Problem = tooMuch };
            if (!file.Travels && found[path].IsTooMuch)
                return file;
            if (!read.TryGetValue(path, out var known))
                read[path] = known = Tree(found[path], file, cancellationToken);
            return file with { Tree = known.Tree, Problem = file.Travels ? known.Problem : null };
        }
    }

    /// <summary>The engine of this machine reads what this user may not.</summary>
    private static ReleaseFile Stay(ReleaseFile file, bool engineIsLocal) =>
        engineIsLocal && file is { Problem: not null, Path: not null, Kind: not FileKind.Mount }
            ? file with
            {
                Problem = null,
                Tree = null,
                Travels = false,
            }
            : file;

    private sealed record Node(string Path, string Below, long Bytes);

    private sealed record Found(ImmutableArray<Node> Nodes, (string, string)? Problem, bool IsTooMuch);

    /// <summary>What is read in all.</summary>
    private sealed class Budget(long mostBytes, int mostNodes)
    {
        private readonly List<(string Name, long Bytes)> _all = [];
        private long _bytes;

        public bool IsSpent => _bytes > mostBytes || _all.Count > mostNodes;

        public void Take(string name, long bytes)
        {
            _all.Add((name, bytes));
            _bytes += bytes;
        }

        public (string, string)? Problem =>
            !IsSpent ? null
            : _all.MaxBy(file => file.Bytes) is var largest && _bytes > mostBytes
                ? (
                    $"the files that would go with the release have more than {Megabytes(mostBytes)}; "
                        + $"the largest is {largest.Name} with {Megabytes(largest.Bytes)}",
                    Elsewhere
                )
            : (
                string.Create(CultureInfo.InvariantCulture, $"more than {mostNodes} files would go with the release"),
                Elsewhere
            );

        private static string Megabytes(long bytes) =>
            string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.#} MB");
    }

    /// <summary>What there is to read, by the names and sizes alone; never through a link inside a folder.</summary>
    private static Found Find(string path, ReleaseFile first, Budget budget)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        try
        {
            if (!Path.Exists(path))
                return new Found([], null, false);
            var root = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            Add(root, "");
            return new Found(nodes.ToImmutable(), null, budget.IsSpent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Found(nodes.ToImmutable(), Unreadable(first, exception), false);
        }

        void Add(string at, string below)
        {
            if (budget.IsSpent)
                return;
            var file = new FileInfo(at);
            var isFolder = file.LinkTarget is null && Directory.Exists(at);
            var bytes = isFolder || file.LinkTarget is not null ? 0 : file.Length;
            nodes.Add(new Node(at, below, bytes));
            budget.Take(below.Length == 0 ? first.Name : $"{first.Name}/{below}", bytes);
            if (!isFolder)
                return;
            foreach (var entry in Directory.EnumerateFileSystemEntries(at).Order(StringComparer.Ordinal))
                Add(entry, below.Length == 0 ? Path.GetFileName(entry) : $"{below}/{Path.GetFileName(entry)}");
        }
    }

    private static (FileTree?, (string, string)?) Tree(
        Found found,
        ReleaseFile file,
        CancellationToken cancellationToken
    )
    {
        if (found.Problem is { } problem)
            return (null, problem);
        var nodes = ImmutableArray.CreateBuilder<FileNode>();
        try
        {
            foreach (var node in found.Nodes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ReadNode(node) is not { } read)
                    return (
                        null,
                        (
                            $"{(node.Below.Length == 0 ? file.Name : $"{file.Name}/{node.Below}")} is neither a file nor a folder nor a link: it cannot go with the release",
                            "Take it out of the folder, or mount what is wanted of the folder alone."
                        )
                    );
                nodes.Add(read);
            }
            var tree = new FileTree(nodes.ToImmutable());
            // One that grows while it is read.
            return tree.Size <= MostBytes
                ? (tree, null)
                : (null, ($"{file.Name} grew beyond what may go with a release while it was read", Elsewhere));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return (null, Unreadable(file, exception));
        }
    }

    /// <summary>
    /// As an archive has it, which knows a file's owner where there is such a thing; null: a pipe, a socket or a
    /// device.
    /// </summary>
    private static FileNode? ReadNode(Node node)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            try
            {
                writer.WriteEntry(node.Path, "it");
            }
            catch (IOException) when (Path.Exists(node.Path) && !IsReadable(node.Path))
            {
                return null;
            }
        }
        archive.Position = 0;
        using var reader = new TarReader(archive);
        var entry = reader.GetNextEntry()!;
        var (content, link) = entry.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile => (Bytes(entry.DataStream), (string?)null),
            TarEntryType.Directory => (null, null),
            TarEntryType.SymbolicLink => (null, entry.LinkName),
            _ => ([], ""),
        };
        return link is ""
            ? null
            : new FileNode(node.Below, content, link, (int)entry.Mode, entry.Uid, entry.Gid, entry.ModificationTime);
    }

    /// <summary>A socket has a name like a file, but nobody can open it.</summary>
    private static bool IsReadable(string path)
    {
        try
        {
            using var opened = File.OpenRead(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static byte[] Bytes(Stream? data)
    {
        if (data is null)
            return [];
        using var copy = new MemoryStream();
        data.CopyTo(copy);
        return copy.ToArray();
    }

    private static (string, string) Unreadable(ReleaseFile file, Exception exception) =>
        (
            $"{(file.Kind == FileKind.Mount ? file.Name : $"the {file.Title}")} cannot be read: {PrintableText.Of(exception.Message, 300)}",
            "Let this user read it, or mend the path."
        );

    /// <summary>The archive of a volume.</summary>
    public static async Task WriteAsync(
        IEnumerable<FileNode> nodes,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        await using var writer = new TarWriter(destination, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var node in nodes)
        {
            using var content = node.Content is null ? null : new MemoryStream(node.Content, writable: false);
            var type =
                node.Link is not null ? TarEntryType.SymbolicLink
                : content is null ? TarEntryType.Directory
                : TarEntryType.RegularFile;
            var entry = new PaxTarEntry(type, node.Path)
            {
                Mode = (UnixFileMode)node.Mode,
                Uid = node.Uid,
                Gid = node.Gid,
                ModificationTime = node.ModifiedAt,
            };
            if (node.Link is { } link)
                entry.LinkName = link;
            if (content is not null)
                entry.DataStream = content;
            await writer.WriteEntryAsync(entry, cancellationToken);
        }
    }
}
