using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Components.Environments.Adapters;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

/// <summary>Shows where this build can deploy to, and what is missing for it.</summary>
public interface IEnvironments : IHazDeployment, ICanCheck
{
    /// <summary>
    /// All environments, or the one that --environment names. With --check it exits with 2 where something is missing.
    /// </summary>
    Target Environments =>
        _ =>
            _.Description("Shows the environments as they take effect, secrets hidden; --check says what is missing")
                .Executes(ShowAsync);

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        try
        {
            EnvironmentCheck.Throw(DeployEnvironments);
            var shown = (Deployment.Environment is { } name ? [this.FindEnvironment(name)] : DeployEnvironments)
                .Select(this.Effective)
                .ToList();
            if (Json)
                WriteDocument(EnvironmentReport.ToJson(shown));
            else
                WriteLine(EnvironmentReport.ToText(shown));
            if (!Check)
                return;
            var problems = shown
                .SelectMany(environment => environment.Missing)
                .Concat(
                    shown.SelectMany(environment =>
                        FilesCheck.Missing(environment.Spec.Name, Adapters.DeployFiles.Named(this, environment.Spec))
                    )
                )
                .Concat(
                    // What stands in for the engines is there.
                    FindStandIn<Deploy.Ports.IPlatformSource>() is null
                        ? await EngineCheck.UnreachableAsync(shown, cancellationToken)
                        : []
                )
                .Concat(
                    await GitHub.Adapters.GitHubEnvironments.MissingAsync(
                        EnvironmentVariables,
                        shown.Select(environment => environment.Spec).Where(spec => spec.Name != "local"),
                        WriteLine,
                        cancellationToken
                    )
                )
                .ToList();
            if (problems.Count > 0)
                throw new ConfigurationException([.. problems]);
            WriteLine("Nothing is missing.");
        }
        catch (ConfigurationException exception)
        {
            throw new TargetFailedException(exception.Message, 2, exception);
        }
    }
}
