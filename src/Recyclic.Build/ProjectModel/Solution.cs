using System.Diagnostics.CodeAnalysis;
using Recyclic.Build.Paths;

namespace Recyclic.Build.ProjectModel;

/// <summary>A solution file and the projects in it. Where a path is asked for, it stands for its own.</summary>
public sealed class Solution
{
    internal Solution(AbsolutePath path, IEnumerable<(string Name, AbsolutePath Path, string? Folder)> projects)
    {
        Path = path;
        AllProjects = [.. projects.Select(project => new Project(this, project.Name, project.Path, project.Folder))];
    }

    /// <summary>The file.</summary>
    public AbsolutePath Path { get; }

    /// <summary>The directory that holds it.</summary>
    public AbsolutePath Directory => Path.Parent!;

    /// <summary>The file's name, without its extension.</summary>
    public string Name => Path.NameWithoutExtension;

    /// <summary>The file's name.</summary>
    public string FileName => Path.Name;

    /// <summary>The projects that are in no folder of the solution, in the order of the file.</summary>
    public IReadOnlyCollection<Project> Projects => [.. AllProjects.Where(project => project.SolutionFolder is null)];

    /// <summary>All projects, in the order of the file.</summary>
    public IReadOnlyCollection<Project> AllProjects { get; }

    /// <summary>The project of that name, whatever its case, or of that file.</summary>
    /// <param name="nameOrPath">A name, an absolute path, or one relative to <see cref="Directory"/>.</param>
    /// <returns>Null when there is none.</returns>
    public Project? GetProject(string nameOrPath) =>
        AllProjects.FirstOrDefault(project => project.Name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase))
        ?? (
            nameOrPath.Length == 0
                ? null
                : AllProjects.FirstOrDefault(project => project.Path == Directory / nameOrPath)
        );

    /// <summary>The projects whose names match a pattern: <c>*.Tests</c>, <c>{Api,Worker}</c>.</summary>
    /// <exception cref="ArgumentException">A bracket or brace is not closed.</exception>
    public IEnumerable<Project> GetProjects(string wildcardPattern)
    {
        GlobPattern[] patterns = [.. GlobPattern.Parse(wildcardPattern)];
        return AllProjects.Where(project => Array.Exists(patterns, pattern => pattern.Matches([project.Name])));
    }

    /// <summary>Its path.</summary>
    [return: NotNullIfNotNull(nameof(solution))]
    public static implicit operator string?(Solution? solution) => solution?.Path;

    /// <summary>Its path.</summary>
    [return: NotNullIfNotNull(nameof(solution))]
    public static implicit operator AbsolutePath?(Solution? solution) => solution?.Path;

    /// <summary>Its path.</summary>
    public override string ToString() => Path;
}

/// <summary>A project of a solution. Where a path is asked for, it stands for its own.</summary>
public sealed class Project
{
    internal Project(Solution solution, string name, AbsolutePath path, string? folder) =>
        (Solution, Name, Path, SolutionFolder) = (solution, name, path, folder);

    /// <summary>The solution that it was found in.</summary>
    public Solution Solution { get; }

    /// <summary>As the solution shows it.</summary>
    public string Name { get; }

    /// <summary>The project file.</summary>
    public AbsolutePath Path { get; }

    /// <summary>The directory that holds it.</summary>
    public AbsolutePath Directory => Path.Parent!;

    /// <summary>The folder of the solution that it is in, <c>/tests/unit/</c>; null: in none.</summary>
    public string? SolutionFolder { get; }

    /// <summary>Its path.</summary>
    [return: NotNullIfNotNull(nameof(project))]
    public static implicit operator string?(Project? project) => project?.Path;

    /// <summary>Its path.</summary>
    [return: NotNullIfNotNull(nameof(project))]
    public static implicit operator AbsolutePath?(Project? project) => project?.Path;

    /// <summary>Its path.</summary>
    public override string ToString() => Path;
}
