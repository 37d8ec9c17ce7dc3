using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows;

/// <summary>
/// Where targets run: targets of one place share a job unless their order or a gate between them forbids it.
/// </summary>
/// <param name="Targets">Each target is in one place at most.</param>
public sealed record Place(params ImmutableArray<TargetReference> Targets)
{
    /// <summary>The job's identifier; default: the name of its last target.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// What GitHub shows in place of the identifier; it may have expressions, such as <c>Test on ${{ matrix.runner
    /// }}</c>. Default: the identifier.
    /// </summary>
    public string? DisplayName { get; init; }

    /// <summary>
    /// When the job runs besides what holds anyway, in GitHub's language, without <c>${{ }}</c>:
    /// <c>github.repository_owner == 'acme'</c>. What waits for a job that does not run does not run either. What
    /// happens after a failure is said by the targets, not here. Default: always. </summary>
    public string? If { get; init; }

    /// <summary>Label of the machine, or several as <c>[self-hosted, linux]</c>; default: the workflow's.</summary>
    public string? Runner { get; init; }

    /// <summary>
    /// The GitHub environment: its secrets and its rules. Jobs of one environment run one after the other, and are
    /// never cancelled by a newer one. Default: none.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>Address that GitHub shows for the environment; default: none.</summary>
    public string? Url { get; init; }

    /// <summary>Whether reviewers of the environment approve here, before anything that comes later runs.</summary>
    public bool IsGate { get; init; }

    /// <summary>What the job's token may do; default: read the repository.</summary>
    public Permissions Permissions { get; init; } = Permissions.ReadContents;

    /// <summary>
    /// Environment variables that are filled from secrets of the same name, besides those that the targets require;
    /// default: none.
    /// </summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>
    /// Environment variables that are filled from the repository's or the environment's variables of the same name,
    /// besides those of parameters that the targets require; default: none.
    /// </summary>
    public ImmutableArray<string> Variables { get; init; } = [];

    /// <summary>
    /// Further options of the command line, such as <c>["--environment", "production"]</c>; default: none.
    /// </summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>How long the job may take; default: the workflow's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Runs the job once for each combination; default: once.</summary>
    public ImmutableArray<Axis> Matrix { get; init; } = [];

    /// <summary>
    /// Combinations to add, or values to add to those that they match; alone: a matrix of these combinations. Default:
    /// none.
    /// </summary>
    public ImmutableArray<Combination> Include { get; init; } = [];

    /// <summary>Combinations to leave out; each matches all that have its values. Default: none.</summary>
    public ImmutableArray<Combination> Exclude { get; init; } = [];

    /// <summary>Whether one combination that fails ends the others; default: false.</summary>
    public bool FailsFast { get; init; }

    /// <summary>How many combinations run at a time, at least one; default: as many as there are machines.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>
    /// Whether the workflow goes on, and may succeed, when this job fails; default: false. A target whose failure lets
    /// others go on says <c>ProceedAfterFailure</c>.
    /// </summary>
    public bool ContinuesOnError { get; init; }

    /// <summary>
    /// A group of one's own of which one job is at work at a time; default: for a deploy the queue of its environment,
    /// otherwise none.
    /// </summary>
    public Concurrency? Concurrency { get; init; }

    /// <summary>
    /// The container in which the job runs; it has bash, git and what else the job needs. Default: none, the machine
    /// itself.
    /// </summary>
    public Container? Container { get; init; }

    /// <summary>Containers that run beside the job; default: none.</summary>
    public ImmutableArray<Service> Services { get; init; } = [];

    /// <summary>
    /// Further variables of the step that runs the build, such as a secret under another name; what is said here holds
    /// over what follows from the targets. Default: none.
    /// </summary>
    public Env Env { get; init; } = Env.None;

    /// <summary>
    /// How long files that the job leaves are kept, in whole days, at least one; default: what the repository says.
    /// </summary>
    public TimeSpan? KeepsArtifacts { get; init; }

    /// <summary>
    /// A target that puts right what a failed or cancelled job left, in a job of its own that a cancellation does not
    /// stop. It may only read the repository, and has no GitHub token. Default: none.
    /// </summary>
    public TargetReference? Rescue { get; init; }

    /// <summary>Which of the <see cref="Secrets"/> the rescue sees; default: all but the GitHub token.</summary>
    public ImmutableArray<string>? RescueSecrets { get; init; }

    /// <summary>Steps before the targets; default: none.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>Steps after the targets, and after the files that they leave are kept; default: none.</summary>
    public ImmutableArray<Step> StepsAfter { get; init; } = [];

    /// <summary>
    /// Outputs of the job that its steps set, besides those of its targets: <c>Env.Of("sdk", "${{
    /// steps.sdk.outputs.dotnet-version }}")</c>. A job that waits for it reads them as <c>${{ needs.job.outputs.sdk
    /// }}</c>. Default: none. </summary>
    public Env StepOutputs { get; init; } = Env.None;

    /// <summary>
    /// Anything else of the job, as it stands; must not repeat a key that is generated. Default: none.
    /// </summary>
    public YamlMap Extra { get; init; } = new();

    /// <summary>An approval gate: the environment's reviewers approve, then the target runs and records it.</summary>
    public static Place Gate(string environment, TargetReference target) =>
        new(target) { Environment = environment, IsGate = true };

    /// <summary>Targets that deploy to an environment.</summary>
    public static Place Deploy(string environment, params ImmutableArray<TargetReference> targets) =>
        new(targets) { Environment = environment };
}
