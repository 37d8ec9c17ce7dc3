using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>Reads the team's compose files, wherever the application runs. Changes nothing.</summary>
public interface IComposeFiles
{
    /// <summary>The team's compose model. Not a change.</summary>
    /// <param name="tag">Null: the release has no name yet.</param>
    Task<ComposeModel> ReadComposeAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    );

    /// <summary>The application's name, by the same files. Default: what a model without a tag has.</summary>
    /// <exception cref="ConfigurationException">The files do not say.</exception>
    async Task<string> ReadNameAsync(
        string file,
        string? project,
        string? registry,
        CancellationToken cancellationToken
    ) =>
        (await ReadComposeAsync(file, project, null, registry, cancellationToken)).Resolved["name"].AsText()
        ?? throw new ConfigurationException(file, "it has no name", "Add a line to it: name: <name>.");
}
