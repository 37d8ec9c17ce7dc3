using Recyclic.Build;
using Recyclic.Cli.Init;
using Recyclic.Cli.Init.Adapters;
using Recyclic.Components;

namespace Recyclic.Cli;

/// <summary>
/// The command <c>recyclic</c>: a build class like any other one, with the targets that need no build project.
/// </summary>
internal sealed class RecyclicTool
    : RecyclicBuild,
        ISetup,
        IBuildImages,
        IAtomicDeploy,
        IRollback,
        IInspect,
        IRecover,
        ICanary,
        ICertificates,
        IMaintainEdge
{
    /// <summary>Default: false, then a script with other content is refused, with exit code 2.</summary>
    [Parameter("With Init: replace build.sh and build.ps1 even though they have other content")]
    public bool Overwrite { get; set; }

    /// <summary>With --check it only says.</summary>
    public Target Init =>
        _ =>
            _.Description(
                    "Writes a build for the compose file that is here: build/, build.sh, build.ps1; --check only says"
                )
                .Executes(WriteBuild);

    /// <summary>The short word for AtomicDeploy.</summary>
    public Target Deploy => _ => _.Description("As AtomicDeploy").DependsOn<IAtomicDeploy>(build => build.AtomicDeploy);

    public static int Main() => ExecuteTool<RecyclicTool>("recyclic");

    private void WriteBuild()
    {
        var files = new RepositoryFiles(RootDirectory);
        var named = ((IHazDeployment)this).Deployment.ComposeFile;
        if (named is { Count: > 1 })
            throw new TargetFailedException("a build has one compose file: name one\n  files   untouched", exitCode: 2);
        var facts = files.Read();
        var plan = new InitPlanner(Templates.Read, Templates.Version).Of(
            facts,
            named is null ? null : files.Named(named[0])
        );
        if (plan.Mistake is { } mistake)
            throw new TargetFailedException(mistake, exitCode: 2);
        var isOnlySaid = DryRun || ((ICanCheck)this).Check;
        foreach (var line in InitText.Found(facts, plan))
            WriteLine(line);
        if (!isOnlySaid && !Overwrite && plan.Replaced.Any())
            throw new TargetFailedException(
                $"there with other content: {string.Join(", ", plan.Replaced.Select(file => file.Path))}\n  files   untouched\n  next    see what would be lost, then: recyclic init --overwrite",
                exitCode: 2
            );
        if (!isOnlySaid)
            foreach (var file in plan.Changes)
                files.Write(file);
        foreach (var line in InitText.Files(plan, isOnlySaid))
            WriteLine(line);
        WriteLine(InitText.Next(plan));
    }
}
