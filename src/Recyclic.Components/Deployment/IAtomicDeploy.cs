using Recyclic.Build;

namespace Recyclic.Components;

/// <summary>
/// Deploys a release: it starts beside the old one, gets traffic once it is healthy, and all services switch at one
/// instant.
/// </summary>
public interface IAtomicDeploy : IHazDeployment
{
    /// <summary>
    /// Exits with 1 when it failed and users have what they had, 3 when that could not be restored, 4 when another
    /// deploy holds the lock.
    /// </summary>
    Target AtomicDeploy =>
        _ =>
            _.Description("Deploys a tag without a failed request; any failure leaves users on the release they have")
                .TryDependsOn<ISetup>(build => build.Setup)
                .TryDependsOn<IBuildImages>(build => build.BuildImages)
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        () => this.TargetEnvironment,
                        session => DeployRun.DeployAsync(this, session, cancellationToken),
                        cancellationToken
                    )
                );
}
