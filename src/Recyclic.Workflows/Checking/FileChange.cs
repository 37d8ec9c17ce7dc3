using System.Collections.Immutable;
using Recyclic.Workflows.Generation;

namespace Recyclic.Workflows.Checking;

/// <summary>Why a file is not as the build defines it.</summary>
public enum FileState
{
    /// <summary>There is no such file yet.</summary>
    Missing,

    /// <summary>The definition has changed since the file was generated.</summary>
    Stale,

    /// <summary>Somebody changed it after it was generated.</summary>
    Edited,

    /// <summary>Nobody generated it.</summary>
    Handwritten,

    /// <summary>It was generated from a workflow that the build no longer defines.</summary>
    Orphan,
}

/// <summary>A file that is not as the build defines it.</summary>
/// <param name="Path">Relative to the root of the repository.</param>
/// <param name="Now">Null when it is missing.</param>
/// <param name="Wanted">Null when it should not be there.</param>
public sealed record FileChange(string Path, FileState State, string? Now, string? Wanted)
{
    /// <summary>Whether a person's work would be lost.</summary>
    public bool LosesWork => State is FileState.Edited or FileState.Handwritten;

    /// <summary>What is wrong with it, in one line.</summary>
    public string Describe() =>
        State switch
        {
            FileState.Missing => $"{Path} is missing",
            FileState.Stale => $"{Path} is older than its definition",
            FileState.Edited => $"{Path} was generated, and edited by hand afterwards",
            FileState.Handwritten => $"{Path} was written by hand",
            _ => $"{Path} was generated from a workflow that the build no longer defines",
        };

    /// <summary>The lines that differ.</summary>
    public string Diff() => LineDiff.Of(Path, Now ?? "", Wanted ?? "");

    /// <summary>Compares what should be with what is. Pure.</summary>
    /// <param name="wanted">As the build defines it.</param>
    /// <param name="existing">All files in the directory of workflows, by path.</param>
    public static ImmutableArray<FileChange> Between(
        ImmutableArray<WorkflowFile> wanted,
        IReadOnlyDictionary<string, string> existing
    )
    {
        var paths = wanted.Select(file => file.Path).ToHashSet();
        bool IsOurs(string text) =>
            wanted.IsEmpty
                ? text.StartsWith(WorkflowFile.Mark, StringComparison.Ordinal)
                : wanted[0].IsOfSameBuild(text);
        return
        [
            .. from file in wanted
            let now = existing.GetValueOrDefault(file.Path)
            where now != file.Text
            select new FileChange(file.Path, StateOf(now, file), now, file.Text),
            .. from file in existing
            where !paths.Contains(file.Key) && IsOurs(file.Value)
            orderby file.Key
            select new FileChange(
                file.Key,
                WorkflowFile.IsUntouched(file.Value) ? FileState.Orphan : FileState.Edited,
                file.Value,
                null
            ),
        ];
    }

    private static FileState StateOf(string? now, WorkflowFile wanted) =>
        now is null ? FileState.Missing
        : !wanted.IsOfSameBuild(now) ? FileState.Handwritten
        : WorkflowFile.IsUntouched(now) ? FileState.Stale
        : FileState.Edited;
}
