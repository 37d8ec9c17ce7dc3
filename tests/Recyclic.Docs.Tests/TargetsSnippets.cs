using System.Reflection;
using Recyclic.Build;
using Recyclic.Build.ProjectModel;
using Recyclic.Build.Tooling;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Docs.Tests;

#pragma warning disable CA1822 // A target may have nothing to do with its instance.

// snippet: shop
public class Shop : RecyclicBuild, IPushPackages
{
    [Parameter("Version of the packages"), Required]
    public string? PackageVersion { get; set; }

    [Parameter("How long the tests may take")]
    public TimeSpan TestTimeout { get; set; } = TimeSpan.FromMinutes(5);

    public Target Clean => _ => _
        .Description("Removes what earlier builds made")
        .Before(Compile)
        .Executes(() => Log.Information("cleaning"));

    public Target Compile => _ => _
        .Executes(async cancellationToken => await Task.Delay(1, cancellationToken));

    public Target Test => _ => _
        .DependsOn(Compile)
        .ProceedAfterFailure()
        .Executes(() => Log.Information("testing for at most {Timeout}", TestTimeout));

    public Target Pack => _ => _
        .DependsOn(Compile)
        .After(Test)
        .Produces("output/*.nupkg")
        .Executes(() => Log.Information("packing {Version}", PackageVersion));

    public Target Withdraw => _ => _
        .TriggeredBy<IPushPackages>()
        .AssuredAfterFailure()
        .OnlyWhenDynamic(() => IsFailing)
        .Executes(() => Log.Information("withdrawing"));
}
// end

// snippet: component
[ParameterPrefix("Registry")]
public interface IPushPackages : IRecyclicBuild
{
    [Parameter("Key of the registry"), Secret]
    string? Key => TryGetValue(() => Key);

    Target Push => _ => _
        .TryDependsOn<Shop>(x => x.Pack)
        .Requires(() => Key)
        .Executes(() => Log.Information("pushing"));
}
// end

public class Images : RecyclicBuild
{
    // snippet: output
    Output<string> Digest => GetOutput<string>();

    public Target BuildImage => _ => _
        .Outputs(Digest)
        .Executes(() => Digest.Set("sha256:1234"));

    public Target ScanImage => _ => _
        .DependsOn(BuildImage)
        .Executes(() => Log.Information("scanning {Digest}", Digest.Value));
    // end

    // snippet: base
    public interface ISign : IRecyclicBuild
    {
        Target Sign => _ => _.Executes(() => Log.Information("signing"));
    }

    public class SignedBuild : RecyclicBuild, ISign
    {
        public Target Sign => _ => _
            .Base()
            .OnlyWhenStatic(() => InvokedTargets.Contains(Sign));
    }
    // end
}

// snippet: injected
public sealed class CommitAttribute : ValueInjectionAttributeBase
{
    public override object? GetValue(MemberInfo member, object instance) =>
        ProcessTasks.StartProcess("git", "rev-parse --short HEAD", RecyclicBuild.RootDirectory, logOutput: false, logInvocation: false)
            .AssertZeroExitCode().Output.StdToText();
}
// end

public class Idioms : RecyclicBuild
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromMinutes(30);
    [Solution] private readonly Solution Solution = null!;
    [PathVariable("npm")] private readonly Tool Npm = null!;

    // snippet: changed
    public Target Client => _ => _
        .OnlyWhenChanged("client", "!client/node_modules/**")
        .Produces("output/client/*.js")
        .Executes(() => Npm($"run build", workingDirectory: RootDirectory / "client"));
    // end

    // snippet: combined
    public Target TestAll => _ => _
        .Executes(cancellationToken => Combined.RunAsync(
            Solution.GetProjects("*.Tests"),
            async (project, token) => (await ProcessTasks.RunAsync(Command.Of("dotnet", "test", project.Path) with { Timeout = TestTimeout }, token)).EnsureSuccess(),
            cancellationToken,
            name: project => project.Name,
            degreeOfParallelism: 2,
            completeOnFailure: true));
    // end

    // snippet: events
    protected override void OnTargetFailed(string target) => Log.Warning("{Target} has failed on {Host}", target, Host);
    // end
}
