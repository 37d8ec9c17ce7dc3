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
}
