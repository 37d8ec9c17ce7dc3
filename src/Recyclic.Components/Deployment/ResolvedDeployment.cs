using Recyclic.Components.Environments;
using Recyclic.Components.Environments.Adapters;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components;

/// <summary>What targets ask of a build's <see cref="DeploymentResolver"/>, as if the build itself said it.</summary>
internal static class ResolvedDeployment
{
    extension(IHazDeployment build)
    {
        public DeployEnvironment TargetEnvironment => build.Resolver.Target;

        public DeployEnvironment ImageEnvironment => build.Resolver.ForImages;

        public bool HasRegistry => build.Resolver.HasRegistry;

        public bool HasImagesInRegistry => build.Resolver.HasImagesInRegistry;

        // Anew each time: a build class may say its parameters and environments anew each time.
        private DeploymentResolver Resolver =>
            new(build.Deployment, build.DeployEnvironments, build.StagingName)
            {
                Planned = [.. build.ExecutionPlan.Select(target => target.Name)],
                Invoked = [.. build.InvokedTargets.Select(target => target.Name)],
            };

        public DeployEnvironment FindEnvironment(string name) => build.Resolver.Find(name);

        public string? RegistryOf(DeployEnvironment environment) => build.Resolver.RegistryOf(environment);

        public DeployOptions OptionsOf(DeployEnvironment environment) => build.Resolver.OptionsOf(environment);

        /// <summary>An environment with what the variables of this build add to it.</summary>
        public EffectiveEnvironment Effective(DeployEnvironment environment) =>
            EffectiveEnvironment.Of(environment, build.EnvironmentVariables, SecretFiles.TryRead);
    }
}
