using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Which application a command means, and where: found out once a command, and the same for all targets.
/// </summary>
/// <param name="App">Its name, as compose says it. Everything of it on the host is called after it: see
/// <see cref="Naming"/>.</param>
/// <param name="Files">Its compose files by absolute path, the first one and what is merged over it.</param>
/// <param name="Environment">The environment's name, for example `local`.</param>
/// <param name="Engine">The engine's address, for example `unix:///var/run/docker.sock`.</param>
public sealed record ApplicationIdentity(string App, ImmutableArray<string> Files, string Environment, string Engine)
{
    /// <summary>
    /// Whether the name was given, by `--project` or by the environment, and not found in files and variables.
    /// </summary>
    public bool IsNamed { get; init; }

    /// <summary>Where its files are; null: the name was given and there are none.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The first line of a command that changes something.</summary>
    public override string ToString() => PrintableText.Of($"{App} ({Environment}) on {Engine}");
}
