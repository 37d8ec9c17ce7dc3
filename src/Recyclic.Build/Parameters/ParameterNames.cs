using System.Text;

namespace Recyclic.Build.Parameters;

/// <summary>From <c>DeployTimeout</c> to <c>deploy-timeout</c> and <c>DEPLOY_TIMEOUT</c>.</summary>
internal static class ParameterNames
{
    private const string EnvironmentPrefix = "RECYCLIC_";
    private static readonly string[] OneWord =
    [
        "GitHub",
        "DotNet",
        "NuGet",
        "MSBuild",
        "GitLab",
        "TeamCity",
        "HAProxy",
    ];

    public static string Kebab(string memberName)
    {
        foreach (var word in OneWord)
            memberName = memberName.Replace(word, word[0] + word[1..].ToLowerInvariant(), StringComparison.Ordinal);
        var kebab = new StringBuilder();
        for (var i = 0; i < memberName.Length; i++)
        {
            if (i > 0 && StartsWord(memberName, i))
                kebab.Append('-');
            if (memberName[i] != '_')
                kebab.Append(char.ToLowerInvariant(memberName[i]));
        }
        return kebab.ToString().Trim('-');
    }

    /// <summary>
    /// Variables in the order in which they are read. One word alone (TAG, HOST) may belong to anyone, so it needs the
    /// prefix.
    /// </summary>
    public static string[] Environment(string kebab)
    {
        var snake = Variable(kebab);
        return snake.Contains('_') ? [EnvironmentPrefix + snake, snake] : [EnvironmentPrefix + snake];
    }

    public static string Pascal(string kebab) =>
        string.Concat(
            kebab
                .Split('-', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => char.ToUpperInvariant(word[0]) + word[1..])
        );

    /// <summary>The name as a variable, without a prefix.</summary>
    public static string Variable(string kebab) => kebab.Replace('-', '_').ToUpperInvariant();

    /// <summary>What remains when case and dashes do not count.</summary>
    public static string Normal(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static bool StartsWord(string name, int i) =>
        name[i] == '_'
        || (
            char.IsUpper(name[i])
            && name[i - 1] != '_'
            && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
        );
}
