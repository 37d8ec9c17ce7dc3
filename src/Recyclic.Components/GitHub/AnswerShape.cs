using System.Text.Json;

namespace Recyclic.Components.GitHub;

/// <summary>
/// Pure: whether an answer is what GitHub's interface gives to a question. Octokit reads `{}` as a list without
/// entries, and nothing that is not understood may count as a good answer.
/// </summary>
internal static class AnswerShape
{
    /// <summary>By how a path ends: the list that the answer is (empty), or the list that it must have.</summary>
    private static readonly (string End, string List)[] Lists =
    [
        ("/issues", ""),
        ("/statuses", ""),
        ("/approvals", ""),
        ("/commits", ""),
        ("/check-runs", "check_runs"),
        ("/environments", "environments"),
        ("/deployment-branch-policies", "branch_policies"),
    ];

    /// <summary>Why an answer to a GET is not understood; null: it may be read.</summary>
    /// <param name="path">That of the address, without its query.</param>
    public static string? WhyNot(string path, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return WhyNot(path, document.RootElement);
        }
        catch (JsonException)
        {
            return "no whole JSON";
        }
    }

    private static string? WhyNot(string path, JsonElement root)
    {
        var list =
            Lists.FirstOrDefault(entry => path.EndsWith(entry.End, StringComparison.Ordinal)) is { List: { } known }
                ? known
            : path.Contains("/compare/", StringComparison.Ordinal) ? "commits"
            : null;
        if (list == "")
            return root.ValueKind == JsonValueKind.Array ? null : $"{Name(root)} where a list was expected";
        if (root.ValueKind != JsonValueKind.Object)
            return $"{Name(root)} where an object was expected";
        return list is null || root.TryGetProperty(list, out var value) && value.ValueKind == JsonValueKind.Array
            ? null
            : $"an object without the list '{list}'";
    }

    private static string Name(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();
}
