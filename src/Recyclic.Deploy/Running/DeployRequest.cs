using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Running;

/// <summary>What to deploy.</summary>
/// <param name="ComposeFile">The team's compose file.</param>
/// <param name="Project">The application's name; null: the compose file's own.</param>
/// <param name="Tag">Null: of a rollback to the previous release, or of a file that is itself the release.</param>
/// <param name="Registry">Where images come from, for example `registry.local:5000`; null: the engine's own
/// store.</param>
/// <param name="By">Who deploys, for lock and journal, for example `ann@laptop`.</param>
/// <param name="Wait">Queue behind a deploy that holds the lock instead of failing at once.</param>
/// <param name="Options">How patient the deploy is.</param>
public sealed record DeployRequest(
    string ComposeFile,
    string? Project,
    ReleaseTag? Tag,
    string? Registry,
    string By,
    bool Wait,
    DeployOptions Options
)
{
    /// <summary>Who deploys, for lock and journal: one printable line, at most 200 characters of it.</summary>
    public string By { get; init; } = PrintableText.Of(By, 200);

    /// <summary>
    /// The options with which a next command means the same files, each with a space before it: ` --compose-file
    /// b.yml`; default: none.
    /// </summary>
    public string CommandOptions { get; init; } = "";

    /// <summary>
    /// Which application this is for; null: whatever the compose file says, and nothing is written down of where it is.
    /// </summary>
    public ApplicationIdentity? Identity { get; init; }

    /// <summary>Whether a person has agreed to deploy from elsewhere than last time; default: false.</summary>
    public bool AgreesToOrigin { get; init; }

    /// <summary>
    /// The name of the application, where a person has agreed that this deploy replaces all its services, or all its
    /// ports; null: nobody has.
    /// </summary>
    public string? Replaces { get; init; }

    /// <summary>
    /// Asks whether a first deploy takes over from what plain compose runs, which the question names; null: nobody has
    /// agreed, and it is refused.
    /// </summary>
    public Func<string, CancellationToken, Task<bool>>? Adopts { get; init; }

    /// <summary>The commit that the release is of, all its digits; null: not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The environment and what it asks of a release; null: nothing is asked and no name recorded.</summary>
    public AdmissionRule? Admission { get; init; }

    /// <summary>
    /// Whether a release is refused that has a service without a health check; default false. A way back is not.
    /// </summary>
    public bool RequiresHealthChecks { get; init; }

    /// <summary>
    /// By image reference with tag: the digest, `sha256:…`, that the registry has for it. These are pulled and run by
    /// digest.
    /// </summary>
    public ImmutableDictionary<string, string> RegistryDigests { get; init; } =
        ImmutableDictionary<string, string>.Empty;
}

/// <summary>What a run would do now.</summary>
/// <param name="App">Null for a way back that reads no compose file.</param>
public sealed record DryRun(DeployPlan Plan, Application? App);
