using System.Collections.Immutable;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// Where the files of an artifact come from, and so where they must go again. The upload action takes away what all
/// patterns begin with, and the download action does not put it back.
/// </summary>
internal static class ArtifactRoot
{
    /// <returns>A directory relative to the root of the repository; <c>.</c> for the root itself.</returns>
    public static string Of(ImmutableArray<string> patterns)
    {
        var paths = patterns.Select(Base).ToArray();
        var common = paths.Length == 1 ? Directory(patterns[0], paths[0]) : paths.Aggregate(Common);
        return common.Length == 0 ? "." : string.Join('/', common);
    }

    /// <summary>
    /// Whether a directory or file in it begins with a dot: the upload action leaves those out unless told otherwise.
    /// </summary>
    public static bool HasHidden(ImmutableArray<string> patterns) =>
        patterns.Any(pattern =>
            Segments(pattern).Any(segment => segment.Length > 1 && segment[0] == '.' && segment != "..")
        );

    private static string[] Base(string pattern) =>
        [.. Segments(pattern).TakeWhile(segment => segment.IndexOfAny(['*', '?', '[']) < 0)];

    /// <summary>
    /// One pattern without a wildcard is a file when it has an extension: the action then takes away its directory.
    /// </summary>
    private static string[] Directory(string pattern, string[] path) =>
        path.Length == Segments(pattern).Length
        && path.Length > 0
        && !pattern.EndsWith('/')
        && path[^1].TrimStart('.').Contains('.', StringComparison.Ordinal)
            ? path[..^1]
            : path;

    private static string[] Common(string[] a, string[] b) =>
        [.. a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];

    private static string[] Segments(string pattern) =>
        pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").ToArray();
}
