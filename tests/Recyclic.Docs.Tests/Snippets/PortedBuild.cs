#nullable disable
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Reflection;
using Recyclic.Build;
using Recyclic.Build.CI;
using Recyclic.Build.ProjectModel;
using Recyclic.Build.Tooling;
using Recyclic.Build.Tooling.DotNet;
using Recyclic.Build.Versions;
using Recyclic.Components;
using Recyclic.Workflows;
using Serilog;
using static Recyclic.Build.Tooling.DotNet.DotNetTasks;

class PackagesBuild : RecyclicBuild, IHazArtifacts, IWorkflows
{
    static readonly Step[] WholeHistory = [Actions.Checkout.And("fetch-depth", "0"), Actions.SetupDotNet];

    public IEnumerable<Workflow> WorkflowDefinitions =>
    [
        new("continuous") { On = [Trigger.Push("main"), Trigger.PullRequest("main")], Targets = [Test, Pack], Setup = [.. WholeHistory] },
        new("release") { On = [Trigger.PushTags("*.*.*")], Targets = [Push], Places = [new(Restore, Compile, Test, Pack, Push, Announce)], Setup = [.. WholeHistory] },
    ];

    public static int Main() => Execute<PackagesBuild>(x => x.Test);

    [Parameter("Debug or Release")]
    readonly Configuration Configuration = IsLocalBuild ? Configuration.Debug : Configuration.Release;

    [Parameter("Server that packages go to")]
    readonly string Source = "https://api.nuget.org/v3/index.json";

    [Parameter("Key of that server"), Secret]
    readonly string NuGetApiKey;

    [Parameter("Tests that are left out")]
    readonly string TestFilter = "Category!=Slow";

    [Solution]
    readonly Solution Solution;

    [MinVer]
    readonly MinVer MinVer;

    [Partition(2)]
    readonly Partition TestPartition;

    [Commit]
    readonly string Commit;

    [PathVariable("git")]
    readonly Tool Git;

    AbsolutePath SourceDirectory => RootDirectory / "src";
    AbsolutePath TestDirectory => RootDirectory / "tests";
    AbsolutePath ArtifactsDirectory => ((IHazArtifacts)this).ArtifactsDirectory;
    AbsolutePath PackagesDirectory => ArtifactsDirectory / "packages";
    AbsolutePath ResultsDirectory => ArtifactsDirectory / "results";

    Target Clean => _ => _
        .Description("Removes what earlier builds made")
        .Before(Restore)
        .Executes(() =>
        {
            SourceDirectory.GlobDirectories("**/bin", "**/obj").DeleteDirectories();
            TestDirectory.GlobDirectories("**/bin", "**/obj").DeleteDirectories();
            ArtifactsDirectory.CreateOrCleanDirectory();
        });

    Target Restore => _ => _
        .Executes(() =>
        {
            DotNetRestore(_ => _
                .SetProjectFile(Solution));
        });

    Target Compile => _ => _
        .Description("Compiles the solution")
        .DependsOn(Restore)
        .Executes(() =>
        {
            DotNetBuild(_ => _
                .SetProjectFile(Solution)
                .SetConfiguration(Configuration)
                .SetAssemblyVersion(MinVer.AssemblyVersion)
                .SetFileVersion(MinVer.FileVersion)
                .SetInformationalVersion($"{MinVer.Version}+{Commit}")
                .SetDeterministic(IsServerBuild)
                .SetContinuousIntegrationBuild(IsServerBuild)
                .SetVerbosity(DotNetVerbosity.minimal)
                .EnableNoRestore());
        });

    IEnumerable<Project> TestProjects => TestPartition.GetCurrent(Solution.GetProjects("*.Tests"));

    Target Test => _ => _
        .Description("Runs the tests of this partition, two projects at a time")
        .DependsOn(Compile)
        .ProceedAfterFailure()
        .Produces(ResultsDirectory / "*.trx")
        .Executes(() =>
        {
            DotNetTest(_ => _
                    .SetConfiguration(Configuration)
                    .SetFilter(TestFilter)
                    .SetResultsDirectory(ResultsDirectory)
                    .EnableNoBuild()
                    .EnableNoRestore()
                    .CombineWith(TestProjects, (_, project) => _
                        .SetProjectFile(project)
                        .SetLoggers($"trx;LogFileName={project.Name}.trx")),
                degreeOfParallelism: 2,
                completeOnFailure: true);
        });

    Target Pack => _ => _
        .Description("Makes the packages")
        .DependsOn(Compile)
        .After(Test)
        .Produces(PackagesDirectory / "*.nupkg")
        .Executes(() =>
        {
            DotNetPack(_ => _
                .SetProject(Solution)
                .SetConfiguration(Configuration)
                .SetVersion(MinVer.PackageVersion)
                .SetOutputDirectory(PackagesDirectory)
                .EnableNoBuild()
                .EnableNoRestore());
            ReportSummary("Version", MinVer.PackageVersion);
        });

    Target Push => _ => _
        .Description("Sends the packages to the server")
        .DependsOn(Test, Pack)
        .Consumes(Pack)
        .Requires(() => NuGetApiKey)
        .Requires(() => Configuration == Configuration.Release)
        .OnlyWhenDynamic(() => SucceededTargets.Contains(Test))
        .Executes(() =>
        {
            DotNetNuGetPush(_ => _
                    .SetSource(Source)
                    .SetApiKey(NuGetApiKey)
                    .EnableSkipDuplicate()
                    .CombineWith(PackagesDirectory.GlobFiles("*.nupkg"), (_, package) => _
                        .SetTargetPath(package)),
                degreeOfParallelism: 4,
                completeOnFailure: true);
        });

    Target Announce => _ => _
        .Description("Tells people of the release")
        .TriggeredBy(Push)
        .OnlyWhenStatic(() => Host is GitHubActions)
        .Executes(() =>
        {
            Log.Information("Released {Version} in run {Run}", MinVer.Version, GitHubActions.Instance.RunNumber);
            Git($"tag --force released {Commit}");
        });

    protected override void OnTargetFailed(string target)
    {
        Log.Warning("{Target} has failed at {Commit}", target, Commit);
    }

    protected override void OnBuildFinished()
    {
        Log.Information("Done with {Solution}", Solution.Name);
    }
}

interface IHazArtifacts : IRecyclicBuild
{
    AbsolutePath ArtifactsDirectory => RootDirectory / "artifacts";
}

class CommitAttribute : ValueInjectionAttributeBase
{
    public override object GetValue(MemberInfo member, object instance)
    {
        return ProcessTasks
            .StartProcess("git", "rev-parse --short HEAD", RecyclicBuild.RootDirectory, logOutput: false, logInvocation: false)
            .AssertZeroExitCode()
            .Output.StdToText();
    }
}

public enum Configuration
{
    Debug,
    Release,
}
