using System.Collections.Immutable;

namespace Recyclic.Cli.Init;

/// <summary>What there is in a repository, as far as a build for it depends on that.</summary>
/// <param name="ComposeFiles">Below the root, with slashes; overrides are left out.</param>
/// <param name="Dockerfiles">Below the root, with slashes.</param>
/// <param name="Solution">The only solution of the root directory; null: there is none, or more than one.</param>
/// <param name="Existing">The content of those files that are there already, of the ones that Init may write or that
/// belong to a build of another kind.</param>
internal sealed record RepositoryFacts(
    ImmutableArray<string> ComposeFiles,
    ImmutableArray<string> Dockerfiles,
    string? Solution,
    ImmutableDictionary<string, string> Existing
);

/// <summary>What becomes of a file.</summary>
internal enum FileFate
{
    /// <summary>It is not there.</summary>
    Write,

    /// <summary>It is there as it would be written, or it is its owner's since it was written.</summary>
    Keep,

    /// <summary>It is there, with other content.</summary>
    Replace,
}

/// <param name="Path">Below the root, with slashes.</param>
internal sealed record PlannedFile(string Path, string Content, FileFate Fate)
{
    /// <summary>Whether it is started by its name.</summary>
    public bool IsProgram => Path.EndsWith(".sh", StringComparison.Ordinal);
}

/// <param name="Mistake">Why there is no plan, with what to do; null: there is one.</param>
internal sealed record InitPlan(string? ComposeFile, ImmutableArray<PlannedFile> Files, string? Mistake = null)
{
    public IEnumerable<PlannedFile> Changes => Files.Where(file => file.Fate != FileFate.Keep);

    public IEnumerable<PlannedFile> Replaced => Files.Where(file => file.Fate == FileFate.Replace);
}
