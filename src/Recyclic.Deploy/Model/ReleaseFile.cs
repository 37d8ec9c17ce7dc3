using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>By what a compose file gives a file to a service.</summary>
internal enum FileKind
{
    /// <summary>A bind mount of a file or a folder.</summary>
    Mount,

    /// <summary>One of the file's `configs`.</summary>
    Config,

    /// <summary>One of the file's `secrets`.</summary>
    Secret,
}

/// <summary>What a service gets of this machine's files.</summary>
/// <param name="Target">The absolute path in the service's containers, without a slash at its end.</param>
/// <param name="Name">As the team knows it: `./conf/nginx.conf`, or the name of a config or secret.</param>
internal sealed record ReleaseFile(string Service, string Target, FileKind Kind, string Name)
{
    /// <summary>Where it is on this machine; null: it is a text.</summary>
    public string? Path { get; init; }

    /// <summary>The content that the file itself has; null: it is elsewhere.</summary>
    public string? Text { get; init; }

    /// <summary>The environment variable that has its content; null: none has.</summary>
    public string? Variable { get; init; }

    /// <summary>Whose it is in the container; null: as on this machine.</summary>
    public int? Uid { get; init; }

    /// <summary>Of which group it is in the container; null: as on this machine.</summary>
    public int? Gid { get; init; }

    /// <summary>Its permission bits in the container; null: as on this machine.</summary>
    public int? Mode { get; init; }

    /// <summary>Whether it belongs to the user that the container runs as, and nobody else may read it.</summary>
    public bool IsForUserAlone { get; init; }

    /// <summary>
    /// Whether each release has a copy of its own; false: it stays this machine's, and is only compared.
    /// </summary>
    public bool Travels { get; init; }

    /// <summary>What is in it; null: it was not read.</summary>
    public FileTree? Tree { get; init; }

    /// <summary>Why it could not be read, and what to do; null: it could, or is not there.</summary>
    public (string What, string Mend)? Problem { get; init; }

    /// <summary>As a plan names it: `./conf/nginx.conf`, `secret token`.</summary>
    public string Title =>
        Kind switch
        {
            FileKind.Config => $"config {Name}",
            FileKind.Secret => $"secret {Name}",
            _ => Name,
        };

    /// <summary>Whether an entry of a service's `volumes`, `configs` or `secrets` is this one.</summary>
    public bool IsEntry(JsonObject entry) =>
        Kind == FileKind.Mount
            ? entry["type"].AsText() == "bind" && Mount.Clean(entry["target"].AsText() ?? "") == Target
            : entry["source"].AsText() == Name && TargetOf(Kind, entry) == Target;

    /// <summary>Where a config or a secret is in a container, by an entry of the service.</summary>
    public static string TargetOf(FileKind kind, JsonObject entry)
    {
        var target = entry["target"].AsText() is { Length: > 0 } given ? given : entry["source"].AsText() ?? "";
        return Mount.Clean(
            target.StartsWith('/') ? target
            : kind == FileKind.Secret ? $"/run/secrets/{target}"
            : $"/{target}"
        );
    }
}
