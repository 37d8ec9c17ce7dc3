using Recyclic.Build;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

/// <summary>
/// What the command line, variables and parameter files say of a deployment, each under the name of its option; where
/// they say nothing, the <see cref="Environments.DeployEnvironment"/> does.
/// </summary>
public sealed record DeploymentParameters
{
    /// <summary>What this run was given, and nothing else.</summary>
    public static DeploymentParameters Of(IHazDeployment build) => build.GivenParameters;

    /// <summary>The release; null: HEAD's 7 hex digits, or of a rollback the previous good release.</summary>
    public ReleaseTag? Tag { get; init; }

    /// <summary>Where to, by name; null: `local`.</summary>
    public string? Environment { get; init; }

    /// <summary>Where images come from and go to, `host[:port][/path]`; null: as the environment says.</summary>
    public string? Registry { get; init; }

    /// <summary>Null: the login that docker has.</summary>
    public string? RegistryUser { get; init; }

    /// <summary>A secret. Goes with <see cref="RegistryUser"/>: one without the other is refused.</summary>
    public string? RegistryPassword { get; init; }

    /// <summary>A secret: the text of a private key, not a path. Null: what ssh finds by itself.</summary>
    public string? DeploySshKey { get; init; }

    /// <summary>Lines for ssh's known_hosts, which are added to it; null: those it has.</summary>
    public string? DeployKnownHosts { get; init; }

    /// <summary>
    /// The compose file and what is merged over it; null or empty: as the environment says, or as compose finds them.
    /// </summary>
    public IReadOnlyList<AbsolutePath>? ComposeFile { get; init; }

    /// <summary>
    /// Files of variables for the compose files, in place of `.env`; null or empty: as the environment says, or as
    /// compose finds them.
    /// </summary>
    public IReadOnlyList<AbsolutePath>? EnvFile { get; init; }

    /// <summary>The profiles to enable; null or empty: as the environment says, or those of COMPOSE_PROFILES.</summary>
    public IReadOnlyList<string>? ComposeProfile { get; init; }

    /// <summary>
    /// The variable of the compose files that the tag goes into; null: as environment or files say, else `TAG`.
    /// </summary>
    public string? TagVariable { get; init; }

    /// <summary>The services to release, and no others (`--release`); null: as environment or files say.</summary>
    public IReadOnlyList<string>? ReleasedServices { get; init; }

    /// <summary>Each `service=image`, without a tag (`--image`); null: as the files say.</summary>
    public IReadOnlyList<string>? ServiceImages { get; init; }

    /// <summary>
    /// Whether variables of the compose files that are not set are refused; default: false, then they are named and
    /// empty.
    /// </summary>
    public bool StrictVariables { get; init; }

    /// <summary>The application's name; null: as the environment says, or the compose file.</summary>
    public string? Project { get; init; }

    /// <summary>
    /// How long a health gate waits; null: as the environment says, else 120 s, or as long as the slowest health check
    /// lets a start take.
    /// </summary>
    public TimeSpan? DeployTimeout { get; init; }

    /// <summary>
    /// At most this long between health probes; zero: as the compose file says; null: as the environment says.
    /// </summary>
    public TimeSpan? HealthCheckInterval { get; init; }

    /// <summary>How long open sessions may last after the cutover; null: as the environment says, else 30 s.</summary>
    public TimeSpan? DrainTimeout { get; init; }

    /// <summary>
    /// How long the new containers have to have been up before a deploy is over; zero: it is over at the cutover; null:
    /// as the environment says, else 2.5 s.
    /// </summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>How long a release is judged after the cutover; null: as the environment says, else not.</summary>
    public TimeSpan? WatchFor { get; init; }

    /// <summary>
    /// The shares of the visitors that a release has one after the other, in percent; null: as the environment says, else
    /// all at once.
    /// </summary>
    public IReadOnlyList<int>? Canary { get; init; }

    /// <summary>How long each share is judged; null: as the environment says, else 5 min.</summary>
    public TimeSpan? Bake { get; init; }

    /// <summary>
    /// How much longer a share may last while it cannot be judged or is held; null: as the environment says, else an hour.
    /// </summary>
    public TimeSpan? HoldLimit { get; init; }

    /// <summary>
    /// Whether the release before runs on, without traffic; default: false, then the environment decides.
    /// </summary>
    public bool KeepWarm { get; init; }

    /// <summary>
    /// How long the release before runs on after a deploy, for pages that were open before it; null: no longer than
    /// otherwise.
    /// </summary>
    public TimeSpan? KeepAssets { get; init; }

    /// <summary>Why the smoke tests of the release do not run; null: they do. Recorded; empty is refused.</summary>
    public string? SkipSmokeTests { get; init; }

    /// <summary>
    /// Whether it goes on where the host seems to have too little memory for two releases at a time, and where something
    /// else than the new release is killed for want of it; default: false.
    /// </summary>
    public bool AllowLowMemory { get; init; }

    /// <summary>Whether a deploy queues behind one that is at work; default: false, then it exits with 4.</summary>
    public bool Wait { get; init; }

    /// <summary>
    /// The application that this deploy may replace whole, all its services or all its ports; null: none, and it is
    /// refused.
    /// </summary>
    public string? Replace { get; init; }

    /// <summary>
    /// Whether a first deploy takes over from what plain compose runs of the application already; default: false, then a
    /// person at a terminal is asked, and elsewhere it is refused.
    /// </summary>
    public bool Adopt { get; init; }

    /// <summary>Whether nobody is asked anything; default: false.</summary>
    public bool Yes { get; init; }

    /// <summary>Release and environment alone: a record's own text would have the secrets in it.</summary>
    public override string ToString() => $"{Tag?.Value ?? "HEAD"} to {Environment ?? "local"}";
}
