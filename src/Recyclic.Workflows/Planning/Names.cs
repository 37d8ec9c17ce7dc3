using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Planning;

/// <summary>What GitHub takes as names.</summary>
internal static partial class Names
{
    /// <summary>The job that checks that the files are as the build defines them.</summary>
    public const string CheckJob = "workflows";

    /// <summary>From <c>BuildImages</c> to <c>build-images</c>.</summary>
    public static string Kebab(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    public static bool IsIdentifier(string name) => Identifier().IsMatch(name);

    public static bool IsVariable(string name) => Variable().IsMatch(name);

    /// <summary>Whether a shell takes the word as it stands.</summary>
    public static bool IsShellSafe(string word) => Safe().IsMatch(word);

    public static bool IsPinned(string uses) => Pinned().IsMatch(uses);

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^[A-Za-z0-9_./:=@%+,-]+\z")]
    private static partial Regex Safe();

    [GeneratedRegex(
        @"^([A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+@[0-9a-f]{40}|\./[A-Za-z0-9_./-]+|docker://[^\s@]+@sha256:[0-9a-f]{64})\z"
    )]
    private static partial Regex Pinned();
}
