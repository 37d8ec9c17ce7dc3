using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Recyclic.Build.Output;

/// <summary>A line of source that a problem is about.</summary>
internal sealed partial record SourcePlace(
    string Path,
    int Line,
    int Column,
    bool IsError,
    string Title,
    string Message
)
{
    /// <summary>Where compilers of deterministic builds say that sources are.</summary>
    private const string MappedRoot = "/_/";

    /// <summary>
    /// The place that a compiler's line names, as in <c>src/A.cs(3,14): error CS1002: ; expected</c>; null for any
    /// other line.
    /// </summary>
    public static SourcePlace? In(string text)
    {
        // Most lines are no such line; the two words are cheap to look for.
        if (
            !text.Contains(": error ", StringComparison.Ordinal)
            && !text.Contains(": warning ", StringComparison.Ordinal)
        )
            return null;
        return Compiler().Match(text) is { Success: true } match
            ? new(
                match.Groups["file"].Value,
                Number(match, "line"),
                Number(match, "column"),
                match.Groups["level"].Value == "error",
                match.Groups["code"].Value,
                match.Groups["message"].Value
            )
            : null;
    }

    /// <summary>
    /// The innermost line of the build's own source that threw; null when debug information or source is not there.
    /// </summary>
    public static SourcePlace? Of(Exception failure, string workspace)
    {
        foreach (var frame in new StackTrace(failure, fNeedFileInfo: true).GetFrames())
            if (
                frame.GetFileName() is { } file
                && (
                    file.StartsWith(workspace, StringComparison.Ordinal)
                    || file.StartsWith(MappedRoot, StringComparison.Ordinal)
                )
            )
                return new(file, frame.GetFileLineNumber(), frame.GetFileColumnNumber(), IsError: true, "", "");
        return null;
    }

    public string RelativeTo(string workspace) =>
        Path.StartsWith(MappedRoot, StringComparison.Ordinal) ? Path[MappedRoot.Length..]
        : Path.StartsWith(workspace.TrimEnd('/') + "/", StringComparison.Ordinal)
            ? Path[(workspace.TrimEnd('/').Length + 1)..]
        : Path;

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    [GeneratedRegex(
        @"^\s*(?<file>[^\s(:][^(:]*)\((?<line>\d+)(,(?<column>\d+))?[\d,]*\): (?<level>error|warning) (?<code>[A-Za-z]+\d+): (?<message>.*?)( \[[^\]]+\])?$",
        RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Compiler();
}
