using System.Collections.Immutable;

namespace Recyclic.Cli.Init;

/// <summary>Pure: from what there is to what is written.</summary>
/// <param name="templates">The content of the templates and scripts, by name.</param>
/// <param name="version">Of the packages.</param>
internal sealed class InitPlanner(Func<string, string> templates, string version)
{
    public const string BuildClass = "build/Build.cs";
    public const string Project = "build/_build.csproj";

    /// <summary>Files by which a build of another kind is known.</summary>
    public static readonly ImmutableArray<string> OfOthers =
    [
        "build.cake",
        "build/Build.csproj",
        "build/build.csproj",
        "build/Program.cs",
    ];

    /// <summary>Those that may be written.</summary>
    public static readonly ImmutableArray<string> Written =
    [
        BuildClass,
        Project,
        "build/.gitignore",
        "build.sh",
        "build.ps1",
        ".nuke/parameters.json",
        ".nuke/.gitignore",
    ];

    /// <summary>What `docker compose` finds by itself.</summary>
    private static readonly string[] Usual =
    [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
    ];

    /// <param name="named">By --compose-file, below the root; null: the one that is there.</param>
    public InitPlan Of(RepositoryFacts facts, string? named)
    {
        if (OtherBuild(facts) is { } other)
            return Refused(
                $"there is a build already: {other}\n  files   untouched\n  next    bring its targets over (docs/from-nuke.md says how), or move it away and run this again"
            );
        if (named is null && facts.ComposeFiles.IsEmpty)
            return Refused(
                "there is no compose file here\n  files   untouched\n  next    run this in the folder of your docker-compose.yml, or name it: recyclic init --compose-file <path>"
            );
        if (named is null && facts.ComposeFiles.Length > 1)
            return Refused(
                $"there are {facts.ComposeFiles.Length} compose files: {string.Join(", ", facts.ComposeFiles)}\n  files   untouched\n  next    name the one that is deployed: recyclic init --compose-file {facts.ComposeFiles[0]}"
            );
        var compose = named ?? facts.ComposeFiles[0];
        return new(
            compose,
            [
                Own(BuildClass, Class(facts, compose)),
                Own(
                    Project,
                    templates("Template._build.csproj.txt").Replace("{version}", version, StringComparison.Ordinal)
                ),
                Own("build/.gitignore", "bin/\nobj/\n"),
                Script("build.sh"),
                Script("build.ps1"),
                Own(".nuke/parameters.json", "{\n  \"$schema\": \"./build.schema.json\"\n}\n"),
                Own(".nuke/.gitignore", "temp/\n"),
            ]
        );

        InitPlan Refused(string mistake) => new(null, [], mistake);

        // Its owner changes it, so that any content is right.
        PlannedFile Own(string path, string content) =>
            new(path, content, facts.Existing.ContainsKey(path) ? FileFate.Keep : FileFate.Write);

        PlannedFile Script(string path)
        {
            var content = templates(path);
            var fate = facts.Existing.TryGetValue(path, out var there)
                ? there.ReplaceLineEndings("\n") == content.ReplaceLineEndings("\n")
                    ? FileFate.Keep
                    : FileFate.Replace
                : FileFate.Write;
            return new(path, content, fate);
        }
    }

    /// <summary>A build of Recyclic is known by its package or its project.</summary>
    private static string? OtherBuild(RepositoryFacts facts)
    {
        if (facts.Existing.TryGetValue(Project, out var project))
            return project.Contains("Recyclic.", StringComparison.Ordinal) ? null
                : project.Contains("Nuke.", StringComparison.Ordinal) ? $"{Project}, of NUKE"
                : Project;
        return OfOthers.Append(BuildClass).FirstOrDefault(facts.Existing.ContainsKey);
    }

    private string Class(RepositoryFacts facts, string compose)
    {
        var test = facts.Solution is null
            ? "WriteLine(\"There are no tests yet.\")"
            : $"DotNetTasks.DotNetTest(_ => _.SetProjectFile({PathOf(facts.Solution)}))";
        var file = Usual.Contains(compose, StringComparer.Ordinal)
            ? ""
            : $"\n    AbsolutePath IHazDeployment.DefaultComposeFile => {PathOf(compose)};\n";
        return templates("Template.Build.cs.txt")
            .Replace(
                "{usings}",
                facts.Solution is null ? "" : "using Recyclic.Build.Tooling.DotNet;\n",
                StringComparison.Ordinal
            )
            .Replace("{compose}", file, StringComparison.Ordinal)
            .Replace("{test}", test, StringComparison.Ordinal);
    }

    private static string PathOf(string path) =>
        "RootDirectory"
        + string.Concat(
            path.Split('/')
                .Select(part =>
                    $" / \"{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                )
        );
}
