using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Environments.Adapters;

/// <summary>Whether environments' engines answer.</summary>
internal static class EngineCheck
{
    public static async Task<ImmutableArray<ConfigurationProblem>> UnreachableAsync(
        IEnumerable<EffectiveEnvironment> environments,
        CancellationToken cancellationToken
    )
    {
        var asked = await Task.WhenAll(
            environments
                .Where(environment => environment.EngineProblem is null)
                .Select(async environment =>
                {
                    try
                    {
                        var variables = environment.Engine.Variables();
                        await using var tunnel = await EngineTunnel.OpenAsync(
                            new ToolRunner(),
                            variables,
                            cancellationToken
                        );
                        using var engine = new DockerEngine(
                            new DockerCli(new ToolRunner(), variables: variables, tunnel: tunnel)
                        );
                        await engine.ReadFactsAsync(cancellationToken);
                        return null;
                    }
                    catch (ConfigurationException exception)
                    {
                        var problem = exception.Problems[0];
                        return problem with
                        {
                            Place = $"environment {environment.Spec.Name}, {problem.Place} at {environment.Engine}",
                        };
                    }
                    catch (Exception exception) when (exception is EngineException or CommandFailedException)
                    {
                        return new ConfigurationProblem(
                            $"environment {environment.Spec.Name}, engine at {environment.Engine}",
                            exception.Message.Split('\n')[0],
                            "Is it running, and may you reach it?"
                        );
                    }
                })
        );
        return [.. asked.OfType<ConfigurationProblem>()];
    }
}

/// <summary>Whether environments' compose files are there.</summary>
internal static class FilesCheck
{
    public static IEnumerable<ConfigurationProblem> Missing(string environment, IEnumerable<string> files) =>
        from path in files
        where !File.Exists(path)
        select new ConfigurationProblem(
            $"environment {environment}, ComposeFiles",
            $"there is no file {path}",
            "Give the path below the root directory."
        );
}
