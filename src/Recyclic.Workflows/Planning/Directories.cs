using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Planning;

/// <summary>Directories of a repository, with slashes. Pure.</summary>
internal static partial class Directories
{
    /// <summary>Why a text is no directory below the root; null: it is one.</summary>
    public static string? WhyNot(string directory) =>
        Form().IsMatch(directory) && !directory.Split('/').Contains("..")
            ? null
            : "is no directory of the repository: letters, digits and - _ . / alone, no / at either end, no ..";

    /// <summary>A path below the build's own directory as one below the root of the repository.</summary>
    public static string InRepository(Workflow workflow, string path) =>
        workflow.WorkingDirectory.Length == 0 || path.StartsWith('~') || Path.IsPathRooted(path) ? path
        : path == "." ? workflow.WorkingDirectory
        : path.StartsWith('!') ? "!" + InRepository(workflow, path[1..])
        : $"{workflow.WorkingDirectory}/{(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)}";

    /// <summary>The root of the repository of a build that is in this directory of it; null: it is not there.</summary>
    public static string? RootOf(string build, string directory)
    {
        if (directory.Length == 0)
            return build;
        var root = build;
        foreach (var segment in directory.Split('/').Reverse())
        {
            if (root is null || Path.GetFileName(root) != segment)
                return null;
            root = Path.GetDirectoryName(root);
        }
        return root;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
