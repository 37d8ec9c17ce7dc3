using Recyclic.Workflows.Checking;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.GitLab;

namespace Recyclic.Workflows.Adapters;

/// <summary>The workflow files of a repository.</summary>
/// <param name="root">The root of the repository.</param>
public sealed class WorkflowDirectory(string root)
{
    /// <summary>
    /// All workflow files by path relative to the root, with line feeds; a checkout on Windows may have others.
    /// </summary>
    public Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancellationToken) =>
        ReadAsync([], cancellationToken);

    /// <inheritdoc cref="ReadAsync(CancellationToken)"/>
    /// <param name="others">Files that are elsewhere, relative to the root: those of other CI systems.</param>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        IEnumerable<string> others,
        CancellationToken cancellationToken
    )
    {
        var directory = Path.Combine(root, WorkflowFile.Directory);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string[] workflows = Directory.Exists(directory)
            ?
            [
                .. Directory
                    .GetFiles(directory)
                    .Where(path => Path.GetExtension(path) is ".yml" or ".yaml")
                    .Select(path => $"{WorkflowFile.Directory}/{Path.GetFileName(path)}"),
            ]
            : [];
        foreach (
            var path in workflows
                .Concat(others)
                .Append(GitLabCi.File)
                .Distinct()
                .Where(path => File.Exists(Path.Combine(root, path)))
        )
            files.Add(
                path,
                (await File.ReadAllTextAsync(Path.Combine(root, path), cancellationToken)).ReplaceLineEndings("\n")
            );
        return files;
    }

    /// <summary>Makes the file as it should be, at once: a reader sees the old one or the new one.</summary>
    public async Task ApplyAsync(FileChange change, CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, change.Path);
        if (change.Wanted is null)
        {
            File.Delete(path);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Environment.ProcessId}.tmp";
        await File.WriteAllTextAsync(draft, change.Wanted, cancellationToken);
        File.Move(draft, path, overwrite: true);
    }
}
