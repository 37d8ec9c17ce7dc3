using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Processes;

/// <summary>The sample application in samples/recyclic, deployed by our own build.</summary>
partial class Build : ISetup, IBuildImages, IAtomicDeploy, IRollback, IInspect, IRecover, ICanary, ICertificates, IMaintainEdge, IRemove, IEveryday, IBackup
{
    private AbsolutePath Sample => RootDirectory / "samples" / "recyclic";

    AbsolutePath IHazDeployment.DefaultComposeFile => Sample / "docker-compose.yml";

    /// <summary>Publishes the services into the layout that their Dockerfile copies.</summary>
    async Task IBuildImages.PrepareImagesAsync(CancellationToken cancellationToken)
    {
        if (((IHazDeployment)this).Deployment.ComposeFile is not null) return;
        var stage = await CommandRunner.RunAsync(Command.Of("dotnet", "build", Sample / "stage.proj", "-v:quiet", "-clp:NoSummary", "-nodeReuse:false") with { Timeout = TimeSpan.FromMinutes(10) }, cancellationToken);
        if (!stage.Succeeded) throw new TargetFailedException($"the sample does not compile\n{stage.StandardOutput.Trim()}\n  users   untouched\n  next    mend what the lines above name");
    }
}
