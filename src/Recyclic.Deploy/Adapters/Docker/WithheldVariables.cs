using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Secrets that the team's files name. Where there are none, nothing is asked; else compose is asked who uses them,
/// before it gets any.
/// </summary>
internal sealed class WithheldVariables(DockerCli docker, ComposeQuestions questions)
{
    /// <summary>The secrets that services ask for, with their values.</summary>
    /// <param name="environment">What compose reads the files with.</param>
    /// <exception cref="ConfigurationException">One is used by what does not ask for it.</exception>
    public async Task<ImmutableDictionary<string, string>> ReadAskedAsync(
        string[] start,
        string file,
        string[] texts,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        var names = docker
            .Compose.WithheldFrom(Command.Of("docker", start))
            .Where(name => !environment.ContainsKey(name))
            .ToList();
        if (names.Count == 0)
            return ImmutableDictionary<string, string>.Empty;
        var standIns = WithheldUse.StandInsFor(names);
        var stood = environment.SetItems(standIns);
        var resolved = await questions.ResolveAsync(start, stood, cancellationToken);
        if (!resolved.Succeeded)
            throw new ConfigurationException(
                file,
                $"compose does not read it without {string.Join(" and ", names)}, which is {docker.Compose.Secrets.KindOf(names[0])}: {ComposeRefusal.Of(file, resolved).Problems[0].What}",
                "Use another variable there, or mend what compose says."
            );
        var extensions = await questions.ReadExtensionsAsync(start, file, texts, stood, cancellationToken);
        return WithheldUse
            .Judge(
                file,
                ComposeJson.Parse(file, resolved.StandardOutput),
                extensions,
                standIns,
                docker.Compose.Secrets.KindOf
            )
            .ToImmutableDictionary(name => name, name => Environment.GetEnvironmentVariable(name) ?? "");
    }
}
