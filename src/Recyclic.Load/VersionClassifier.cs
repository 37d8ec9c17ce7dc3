using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>
/// Reads from a response which versions answered it. Called on many threads at once; should take microseconds.
/// </summary>
/// <returns>The distinct versions seen; none when the response does not say. More than one is a page put together from
/// several.</returns>
public delegate ImmutableArray<string> VersionClassifier(LoadResponse response);

/// <summary>Ready-made classifiers.</summary>
public static class VersionClassifiers
{
    private const string Key = "\"version\"";

    /// <summary>Every distinct value of a JSON property <c>version</c> anywhere in the body.</summary>
    public static ImmutableArray<string> Json(LoadResponse response)
    {
        ImmutableArray<string> versions = [];
        var rest = response.Body.AsSpan();
        for (var at = rest.IndexOf(Key); at >= 0; at = rest.IndexOf(Key))
        {
            rest = rest[(at + Key.Length)..].TrimStart();
            if (rest is not [':', ..])
                continue;
            rest = rest[1..].TrimStart();
            if (rest is not ['"', ..])
                continue;
            var length = rest[1..].IndexOf('"');
            if (length < 0)
                break;
            var version = rest.Slice(1, length).ToString();
            if (!versions.Contains(version))
                versions = versions.Add(version);
            rest = rest[(length + 2)..];
        }
        return versions;
    }

    /// <summary>The value of a response header.</summary>
    public static VersionClassifier Header(string name) =>
        response => response.Header(name) is { } value ? [value] : [];
}
