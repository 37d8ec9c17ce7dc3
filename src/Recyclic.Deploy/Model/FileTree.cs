using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>What a file, a folder or a link of this machine is, as far as a container sees it.</summary>
/// <param name="Path">Below what was read, with `/`; empty: that itself.</param>
/// <param name="Content">Of a file; null: it is none.</param>
/// <param name="Link">Where a link leads, as it is written; null: it is none.</param>
/// <param name="Mode">The permission bits.</param>
internal sealed record FileNode(
    string Path,
    byte[]? Content,
    string? Link,
    int Mode,
    int Uid,
    int Gid,
    DateTimeOffset ModifiedAt
);

/// <summary>The content of a file, or of a folder with all that is below it, as it was at one moment.</summary>
/// <param name="Nodes">A folder before what is in it.</param>
internal sealed record FileTree(ImmutableArray<FileNode> Nodes)
{
    public const int WorldReadable = 0b100_100_100;

    private const int Executable = 0b001_001_001;

    /// <summary>In bytes.</summary>
    public long Size => Nodes.Sum(node => (long)(node.Content?.Length ?? 0));

    public bool IsFolder => Nodes is [{ Content: null, Link: null }, ..];

    /// <summary>A file that is only a text.</summary>
    public static FileTree OfText(string text) =>
        new([new FileNode("", Encoding.UTF8.GetBytes(text), null, WorldReadable, 0, 0, DateTimeOffset.UnixEpoch)]);

    /// <summary>
    /// By path, what tells one content from another; nobody without the key can find a content by it. Who owns a file
    /// and when it was written is not part of it: that differs between two checkouts of the same commit.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> Fingerprints(byte[] key) =>
        Nodes
            .Where(node => node.Content is not null || node.Link is not null)
            .Select(node =>
                KeyValuePair.Create(
                    node.Path,
                    Fingerprint(key, [.. Encoding.UTF8.GetBytes(Head(node)), .. node.Content ?? []])
                )
            );

    private static string Head(FileNode node) =>
        node.Link is null ? $"file {node.Mode & Executable} " : $"link {node.Link} ";

    /// <summary>`#` and 16 hexadecimal digits of HMAC-SHA-256.</summary>
    public static string Fingerprint(byte[] key, byte[] content) =>
        "#" + Convert.ToHexStringLower(HMACSHA256.HashData(key, content))[..16];
}
