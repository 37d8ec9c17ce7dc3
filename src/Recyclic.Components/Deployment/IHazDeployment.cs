using Recyclic.Build;
using Recyclic.Components.Environments;

namespace Recyclic.Components;

/// <summary>
/// What every deployment target shares: which application, which version, where to, and how patiently.
/// </summary>
public partial interface IHazDeployment : IRecyclicBuild
{
    /// <summary>
    /// What the command line, variables and parameter files say of the deployment. A build class may say more:
    /// <c>DeploymentParameters IHazDeployment.Deployment => DeploymentParameters.Of(this) with { Registry =
    /// "registry.example" };</c> </summary>
    DeploymentParameters Deployment => DeploymentParameters.Of(this);

    /// <summary>
    /// The compose file when neither <c>--compose-file</c>, nor the environment, nor COMPOSE_FILE names one. As it is
    /// here, the file is found in the root directory as docker compose finds it there, with its override file; a build
    /// class may say otherwise, and then the COMPOSE_FILE of .env does not count. </summary>
    AbsolutePath DefaultComposeFile => RootDirectory / "docker-compose.yml";

    /// <summary>
    /// Where this build can deploy to; default: the local engine (or the one that DOCKER_HOST names) alone.
    /// </summary>
    IReadOnlyList<DeployEnvironment> DeployEnvironments => [DeployEnvironment.Local];

    /// <summary>The environment that DeployStaging deploys to; default: `staging`.</summary>
    string StagingName => "staging";
}
