using System.Collections.Immutable;

namespace Recyclic.Cli.Init;

/// <summary>Pure: what Init says.</summary>
internal static class InitText
{
    public static IEnumerable<string> Found(RepositoryFacts facts, InitPlan plan)
    {
        yield return $"found   compose file {plan.ComposeFile}";
        if (!facts.Dockerfiles.IsEmpty)
            yield return $"        {Counted(facts.Dockerfiles)}";
        if (facts.Solution is { } solution)
            yield return $"        solution {solution}";
    }

    public static IEnumerable<string> Files(InitPlan plan, bool isOnlySaid)
    {
        foreach (var file in plan.Changes)
            yield return file.Fate == FileFate.Write
                ? $"{(isOnlySaid ? "would write" : "wrote  ")} {file.Path}"
                : $"{(isOnlySaid ? "would replace" : "replaced")} {file.Path}";
        if (!plan.Changes.Any())
            yield return "nothing to do: build/, build.sh and build.ps1 are there";
    }

    public static string Next(InitPlan plan) =>
        plan.Files.Any(file => file is { Path: InitPlanner.BuildClass, Fate: FileFate.Write })
            ? "next    $ ./build.sh AtomicDeploy --tag v1   deploys to this machine; build/Build.cs is yours now"
            : "next    $ ./build.sh --help   lists targets and options";

    private static string Counted(ImmutableArray<string> files) =>
        files.Length == 1 ? files[0]
        : files.Length <= 4 ? string.Join(", ", files)
        : $"{string.Join(", ", files.Take(4))} and {files.Length - 4} more";
}
