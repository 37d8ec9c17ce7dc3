using System.Collections.Immutable;
using Recyclic.Components.Gates;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Environments;

/// <summary>
/// A place that releases go to, as a build class states it: a value, complete, without secrets in it.
/// </summary>
/// <param name="Name">As `--environment` takes it: lower-case letters, digits and dashes.</param>
public sealed record DeployEnvironment(string Name)
{
    /// <summary>The environment that every build has: the engine that docker is set to, and no more.</summary>
    public static DeployEnvironment Local { get; } = new("local");

    /// <summary>Default: what `DOCKER_HOST` or the docker context in use names.</summary>
    public EngineAddress Engine { get; init; } = EngineAddress.Local;

    /// <summary>
    /// Where its images come from, `host[:port][/path]`; null: the engine's own store. `--registry` wins.
    /// </summary>
    public string? Registry { get; init; }

    /// <summary>The application's name there; null: the compose file's own. `--project` wins.</summary>
    public string? Project { get; init; }

    /// <summary>
    /// The compose file and what is merged over it, below the root directory; empty: the build's one file.
    /// `--compose-file` takes their place.
    /// </summary>
    public ImmutableArray<string> ComposeFiles { get; init; } = [];

    /// <summary>
    /// Files of variables for the compose files, below the root directory, instead of `.env`; empty: as compose finds
    /// them. `--env-file` takes their place.
    /// </summary>
    public ImmutableArray<string> EnvFiles { get; init; } = [];

    /// <summary>
    /// The profiles of the compose files to enable; empty: those of COMPOSE_PROFILES. `--compose-profile` takes their
    /// place.
    /// </summary>
    public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>
    /// The variable that the release's tag goes into; null: as the compose files say, else `TAG`. `--tag-variable`
    /// wins.
    /// </summary>
    public string? TagVariable { get; init; }

    /// <summary>
    /// The services to release, and no others; empty: as the compose files say. `--release` takes their place.
    /// </summary>
    public ImmutableArray<string> Released { get; init; } = [];

    /// <summary>Variables for the compose files. No secrets: those are <see cref="Secrets"/>.</summary>
    public ImmutableArray<EnvironmentVariable> Variables { get; init; } = [];

    /// <summary>Where the compose files' secret variables come from.</summary>
    public ImmutableArray<EnvironmentSecret> Secrets { get; init; } = [];

    /// <summary>
    /// Further variables of the build that its definition reads, so that jobs of a workflow get them; no secrets.
    /// Default: none.
    /// </summary>
    public ImmutableArray<string> BuildVariables { get; init; } = [];

    /// <summary>Where users find it, for smoke tests, notices and GitHub; null: nowhere from outside.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>What is asked of <see cref="PublicUrl"/> after a deploy by `DeployStaging`; default: nothing.</summary>
    public ImmutableArray<SmokeTest> SmokeTests { get; init; } = [];

    /// <summary>How patient a deploy is there; options of the command line win.</summary>
    public DeployStrategy Strategy { get; init; } = new();

    /// <summary>The environment that a release has to come from; null: from anywhere.</summary>
    public string? PromotesFrom { get; init; }

    /// <summary>
    /// Whether a release is refused there that has a service without a health check: neither the file's, nor its
    /// image's, nor `x-recyclic: { health: … }`. Default: false, then such a service has a weak gate, which the plan
    /// says. </summary>
    public bool RequireHealthChecks { get; init; }

    /// <summary>
    /// Whether a run on GitHub may deploy there only where GitHub keeps the environment's key by reviewers, no
    /// self-review and a branch rule, and `--check` asks for these; default: only `production`.
    /// </summary>
    public bool Protected { get; init; } = Name == "production";

    /// <summary>Whether a release is refused there without a valid approval; default: false.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>
    /// The GitHub environment whose reviewers release the approval's job; the deploy's own job is in one of this
    /// environment's name.
    /// </summary>
    public string GateName => $"{Name}-approval";

    /// <summary>
    /// Where the job that approves gets in with a key that can only approve, `ssh://user@host`; what a variable names is
    /// left out where the variable is not set. `--approval-host` wins. Null: it needs the engine, with the key of a
    /// deploy.
    /// </summary>
    public EngineAddress? ApprovalHost { get; init; }

    /// <summary>How long an approval lasts; default: 24 hours.</summary>
    public TimeSpan ApprovalLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The branch that a hotfix has to be on; null: any. Default: `main`.</summary>
    public string? HotfixBranch { get; init; } = "main";

    /// <summary>
    /// What must hold before a release is approved, and the window also when it is deployed; default: nothing.
    /// </summary>
    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>
    /// The channels that hear of its deploys (`telegram`, `slack`, `pagerduty`, `webhook`); null: all that are set up.
    /// </summary>
    public ImmutableArray<string>? Notifications { get; init; }

    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>A variable of the compose files with its value.</summary>
/// <param name="Name">As the compose files have it.</param>
/// <param name="Value">Shown in reports and plans.</param>
public sealed record EnvironmentVariable(string Name, string Value);

/// <summary>A secret variable of the compose files.</summary>
/// <param name="Variable">Its name in the compose files.</param>
public sealed record EnvironmentSecret(string Variable)
{
    /// <summary>
    /// The variable of the build that holds it; with `_FILE` after it, the one that names a file that holds it.
    /// Default: the same name.
    /// </summary>
    public string From { get; init; } = Variable;
}

/// <summary>How patient a deploy is; null: as everywhere.</summary>
public sealed record DeployStrategy
{
    /// <summary>
    /// How long a health gate waits; null: 120 s, or as long as the slowest health check lets a start take.
    /// </summary>
    public TimeSpan? DeployTimeout { get; init; }

    /// <summary>At most this long between health probes; null or zero: as the compose file says.</summary>
    public TimeSpan? HealthCheckInterval { get; init; }

    /// <summary>How long open sessions may last after the cutover; null: 30 s.</summary>
    public TimeSpan? DrainTimeout { get; init; }

    /// <summary>
    /// How long the new containers have to have been up before a deploy is over; zero: it is over at the cutover; null:
    /// 2.5 s.
    /// </summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>
    /// How long after the cutover a release is judged by the last hour of the one before it; on a breach everybody goes
    /// back. Null or zero: it is not.
    /// </summary>
    public TimeSpan? WatchFor { get; init; }

    /// <summary>
    /// Whether the release before runs on, without traffic, until the next deploy or Retire; default: false.
    /// </summary>
    public bool KeepWarm { get; init; }

    /// <summary>
    /// How a release earns its traffic: `new CanaryTerms([5, 25, 50], TimeSpan.FromMinutes(5))`; null: it gets all of it at
    /// once.
    /// </summary>
    public CanaryTerms? Canary { get; init; }
}

/// <summary>One request to the public address after a deploy.</summary>
/// <param name="Path">For example `/version`.</param>
public sealed record SmokeTest(string Path)
{
    /// <summary>The status that is expected; default: 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>A text that the answer must hold; `{tag}` stands for the release's tag; null: any.</summary>
    public string? Contains { get; init; }
}
