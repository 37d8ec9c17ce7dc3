using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Planning;

/// <summary>What a condition in GitHub's language must be. Pure.</summary>
internal static partial class ConditionRules
{
    /// <summary>Why a condition of a job is none; null: it is one.</summary>
    public static string? OfJob(string text) =>
        Common(text) is { } common ? common
        : Status().Match(Bare(text)) is { Success: true } status
            ? $"asks for {status.Groups[1].Value}(): what runs after a failure is said by the targets, as AssuredAfterFailure or ProceedAfterFailure"
        : OnlyInSteps().Match(Bare(text)) is { Success: true } context
            ? $"asks for {context.Groups[1].Value}, which GitHub does not tell before the job has begun: use github, needs, vars or inputs, or say If at a step"
        : null;

    /// <summary>Why a condition of a step is none; null: it is one.</summary>
    public static string? OfStep(string text) => Common(text);

    /// <summary>Why a text with expressions in it is none; null: it is one.</summary>
    public static string? OfText(string text)
    {
        var rest = Expression().Replace(text, "");
        if (rest.Contains("${{", StringComparison.Ordinal))
            return "has ${{ that nothing closes: write ${{ … }}";
        foreach (Match match in Expression().Matches(text))
            if (IsOpen(match.Groups[1].Value))
                return "has an expression with a quote or bracket that nothing closes: texts of it stand between '";
        return null;
    }

    private static string? Common(string text) =>
        string.IsNullOrWhiteSpace(text) ? "is empty: leave it out"
        : text.Contains("${{", StringComparison.Ordinal) || text.Contains("}}", StringComparison.Ordinal)
            ? "has ${{ }}, which is written by itself: leave it out"
        : IsOpen(text) ? "has a quote or bracket that nothing closes: texts of it stand between '"
        : Secret().IsMatch(Bare(text))
            ? "asks for a secret, which GitHub does not tell a condition: put whether it is there into a variable of the repository"
        : null;

    private static bool IsOpen(string text)
    {
        var depth = 0;
        foreach (var c in Bare(text))
        {
            if (c is '\'' or '"')
                return true;
            depth += c switch
            {
                '(' or '[' => 1,
                ')' or ']' => -1,
                _ => 0,
            };
            if (depth < 0)
                return true;
        }
        return depth != 0;
    }

    /// <summary>Without its texts.</summary>
    private static string Bare(string text) => Quoted().Replace(text, "");

    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$\{\{(.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(success|failure|always|cancelled)\s*\(")]
    private static partial Regex Status();

    [GeneratedRegex(@"\b(env|matrix|steps|runner|strategy|job|jobs)\s*[.\[]")]
    private static partial Regex OnlyInSteps();

    [GeneratedRegex(@"\bsecrets\s*[.\[]")]
    private static partial Regex Secret();
}
