using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>The labels of a machine: one as text, several as <c>[self-hosted, linux]</c>. Pure.</summary>
internal static class RunnerLabels
{
    public static YamlNode Of(string runner) => IsList(runner) ? YamlList.Of(Labels(runner)) : runner;

    /// <summary>Each of them.</summary>
    public static ImmutableArray<string> All(string runner) => IsList(runner) ? [.. Labels(runner)] : [runner];

    /// <summary>Whether there is a label that no machine can have.</summary>
    public static bool AreWrong(string runner) => IsList(runner) ? Labels(runner).Any(IsWrong) : IsWrong(runner);

    private static bool IsList(string runner) => runner.StartsWith('[') && runner.EndsWith(']');

    private static string[] Labels(string runner) => runner[1..^1].Split(',', StringSplitOptions.TrimEntries);

    private static bool IsWrong(string label) =>
        label.Length == 0
        || (
            !label.Contains("${{", StringComparison.Ordinal)
            && label.IndexOfAny([' ', ',', '[', ']', '"', '\'', '\n']) >= 0
        );
}
