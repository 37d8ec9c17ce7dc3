using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Adapters;

/// <summary>
/// Artifacts of a rehearsal: directories that stand in for GitHub's store, with the habits of its upload and download
/// actions. The number of an artifact is its name.
/// </summary>
internal sealed class ArtifactStore(string directory)
{
    /// <summary>What an upload gives to the steps behind it.</summary>
    public static ImmutableSortedDictionary<string, string> Outputs(IReadOnlyDictionary<string, string> with) =>
        ImmutableSortedDictionary<string, string>.Empty.Add("artifact-id", NameOf(with));

    /// <returns>Why it failed; null when it did not.</returns>
    public string? Upload(string clone, IReadOnlyDictionary<string, string> with)
    {
        string[] patterns =
        [
            .. with.GetValueOrDefault("path", "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        var showsHidden = with.GetValueOrDefault("include-hidden-files") == "true";
        string[] files =
        [
            .. patterns
                .SelectMany(pattern => Found(clone, pattern))
                .Distinct()
                .Where(file => showsHidden || !IsHidden(Path.GetRelativePath(clone, file))),
        ];
        var name = NameOf(with);
        if (files.Length == 0)
            return with.GetValueOrDefault("if-no-files-found") == "error"
                ? $"no file matches {string.Join(", ", patterns)}"
                : null;
        if (Directory.Exists(Path.Combine(directory, name)))
            return $"there is an artifact {name} already";
        var start = Start(clone, patterns);
        foreach (var file in files)
            Copy(file, Path.Combine(directory, name, Path.GetRelativePath(start, file)));
        return null;
    }

    /// <inheritdoc cref="Upload" path="/returns"/>
    public string? Download(string clone, IReadOnlyDictionary<string, string> with)
    {
        var target = Path.Combine(clone, with.GetValueOrDefault("path", "."));
        var pattern =
            with.GetValueOrDefault("artifact-ids")
            ?? with.GetValueOrDefault("pattern")
            ?? with.GetValueOrDefault("name")
            ?? "*";
        Directory.CreateDirectory(directory);
        string[] artifacts = Directory.GetDirectories(directory, pattern);
        if (artifacts.Length == 0)
            return $"there is no artifact {pattern}";
        foreach (var artifact in artifacts)
        foreach (var file in Directory.GetFiles(artifact, "*", SearchOption.AllDirectories))
            Copy(file, Path.Combine(target, Path.GetRelativePath(artifact, file)));
        return null;
    }

    /// <summary>
    /// What the upload takes away in front of every file: what all patterns have in common before their first wildcard.
    /// </summary>
    private static string Start(string clone, string[] patterns)
    {
        string[][] bases =
        [
            .. patterns.Select(pattern =>
                pattern
                    .Split('/', StringSplitOptions.RemoveEmptyEntries)
                    .TakeWhile(segment => segment.IndexOfAny(['*', '?', '[']) < 0)
                    .ToArray()
            ),
        ];
        var common = bases.Aggregate(
            (a, b) => [.. a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)]
        );
        var start = Path.GetFullPath(Path.Combine([clone, .. common]));
        return File.Exists(start) ? Path.GetDirectoryName(start)! : start;
    }

    /// <summary>
    /// The files of a clone that a pattern names: a file, all of a directory, or what a wildcard finds.
    /// </summary>
    public static IEnumerable<string> Found(string clone, string pattern)
    {
        var path = Path.Combine(clone, pattern);
        return File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories)
            : new AbsolutePath(clone).GlobFiles(pattern).Select(file => file.ToString());
    }

    private static string NameOf(IReadOnlyDictionary<string, string> with) =>
        with.GetValueOrDefault("name", "artifact");

    private static bool IsHidden(string path) => path.Split('/', '\\').Any(segment => segment.StartsWith('.'));

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
