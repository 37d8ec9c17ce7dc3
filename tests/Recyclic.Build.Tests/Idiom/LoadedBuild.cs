using Recyclic.Build.ProjectModel;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>A build as a process of its own that says which libraries it has loaded.</summary>
public class LoadedBuild : RecyclicBuild
{
    public Target Loaded =>
        _ =>
            _.Executes(() =>
            {
                foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
                    WriteLine($"loaded {assembly.GetName().Name}.");
            });

    public static int Run() => Execute<LoadedBuild>(x => x.Loaded);

    public static int RunWithSolution() => Execute<WithSolution>(x => x.LoadedWithSolution);

    public class WithSolution : LoadedBuild
    {
        [Solution]
        public Solution? Solution { get; set; }

        public Target LoadedWithSolution => _ => _.Inherit(Loaded);
    }
}
