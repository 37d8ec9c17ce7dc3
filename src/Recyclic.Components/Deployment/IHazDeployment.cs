using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Smoke;

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

    /// <summary>
    /// What is tried of each new release, in every environment: before it gets traffic, where no user sees it, and again
    /// through the front door. Default: nothing.
    /// <code>Func&lt;SmokeTests, SmokeTests&gt; IHazDeployment.SmokeTests => _ => _.Http("/health", h => h.JsonPath("$.status", "ok"));</code>
    /// </summary>
    Func<SmokeTests, SmokeTests> SmokeTests => tests => tests;

    /// <summary>
    /// What else runs before and after the phases of a deploy or rollback, and when it fails; the executables of
    /// <see cref="HooksDirectory"/> come behind them. Default: nothing.
    /// <code>Func&lt;DeployHooks, DeployHooks&gt; IHazDeployment.Hooks => _ => _.After(Phase.Shift, "warm the cache", WarmAsync);</code>
    /// </summary>
    Func<DeployHooks, DeployHooks> Hooks => hooks => hooks;

    /// <summary>Where hooks lie that are executables, each by the name of its point; default: `deploy/hooks`.</summary>
    AbsolutePath HooksDirectory => RootDirectory / "deploy" / "hooks";

    /// <summary>How long each executable of <see cref="HooksDirectory"/> may take; default: 5 min.</summary>
    TimeSpan HookDeadline => Hook.UsualDeadline;

    /// <summary>The environment that DeployStaging deploys to; default: `staging`.</summary>
    string StagingName => "staging";
}
