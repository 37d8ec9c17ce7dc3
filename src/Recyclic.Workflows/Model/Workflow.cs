using System.Collections.Immutable;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows;

/// <summary>
/// A workflow as a team thinks of it: when it runs, what it would be asked for on the command line, and where targets
/// run. Jobs, their order, what they hand to each other and which secrets they see follow from the targets.
/// </summary>
/// <param name="Name">Letters, digits, <c>-</c> and <c>_</c>; also the name of the file.</param>
public sealed record Workflow(string Name)
{
    /// <summary>What GitHub shows in place of the name; default: the name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>
    /// What GitHub shows for a run; it may have expressions, such as <c>Deploy ${{ inputs.tag }}</c>. Default: what
    /// GitHub makes of its reason.
    /// </summary>
    public string? RunName { get; init; }

    /// <summary>When it runs.</summary>
    public ImmutableArray<Trigger> On { get; init; } = [];

    /// <summary>What it runs, as on the command line; dependencies come along.</summary>
    public ImmutableArray<TargetReference> Targets { get; init; } = [];

    /// <summary>
    /// Targets that it leaves out, as <c>--skip</c> does on the command line: a production that takes images as they
    /// are builds none. Default: none.
    /// </summary>
    public ImmutableArray<TargetReference> Skips { get; init; } = [];

    /// <summary>
    /// Where targets run; those in no place run on <see cref="Runner"/> and may only read the repository.
    /// </summary>
    public ImmutableArray<Place> Places { get; init; } = [];

    /// <summary>
    /// Targets that make a machine ready. Each job that depends on one runs it for itself, because each job has a
    /// machine of its own.
    /// </summary>
    public ImmutableArray<TargetReference> OnEachRunner { get; init; } = [];

    /// <summary>Label of the machine, or several as <c>[self-hosted, linux]</c>; default: ubuntu-24.04.</summary>
    public string Runner { get; init; } = Runners.Ubuntu2404;

    /// <summary>
    /// Why code of pull requests may run on a runner of one's own, where it stays on a machine that is not thrown away:
    /// for example "only our team sees this repository". Default: null, then a workflow on pull requests that has a job
    /// with the label <c>self-hosted</c> is refused.
    /// </summary>
    public string? TrustsPullRequests { get; init; }

    /// <summary>How long each job may take; default: 30 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// A newer run of the same branch ends an older one; default: false. Refused where a job deploys.
    /// </summary>
    public bool CancelsOlderRuns { get; init; }

    /// <summary>
    /// A group of one's own of which one run is at work at a time; default: none. Refused beside
    /// <see cref="CancelsOlderRuns"/>.
    /// </summary>
    public Concurrency? Concurrency { get; init; }

    /// <summary>Variables of every step of every job, none of them a secret; default: none.</summary>
    public Env Env { get; init; } = Env.None;

    /// <summary>
    /// Where the build is in the repository, with slashes, such as <c>services/shop</c>; default: empty, at its root.
    /// All workflows of a build say the same. Files for CI systems are written at the root of the repository, where
    /// those look for them. </summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Reusable workflows that run as jobs of this one; default: none.</summary>
    public ImmutableArray<Call> Calls { get; init; } = [];

    /// <summary>
    /// The check for stale files runs beside the other jobs, not before them: nothing delays a rollback. Default:
    /// false.
    /// </summary>
    public bool IsUrgent { get; init; }

    /// <summary>
    /// What every job does first; default: check out the commit, install the SDK that global.json names.
    /// </summary>
    public ImmutableArray<Step> Setup { get; init; } = [Actions.Checkout, Actions.SetupDotNet];

    /// <summary>
    /// What jobs without an environment keep between runs; default: NuGet packages. A deploy takes nothing that another
    /// run has written.
    /// </summary>
    public ImmutableArray<Cache> Caches { get; init; } = [Cache.NuGet];

    /// <summary>
    /// Whether the check for stale files hands the build project, as it was compiled there, to the jobs that wait for
    /// it on the same runner; where it cannot, a job compiles it for itself. Jobs in containers, on other machines and
    /// those of an urgent workflow do so anyway. Default: true. </summary>
    public bool CompilesOnce { get; init; } = true;

    /// <summary>
    /// Anything else at the top of the file, as it stands; must not repeat a key that is generated. Default: none.
    /// </summary>
    public YamlMap Extra { get; init; } = new();
}

/// <summary>Labels of machines. Others are given as text.</summary>
public static class Runners
{
    /// <summary>GitHub's Linux, x64.</summary>
    public const string Ubuntu2404 = "ubuntu-24.04";

    /// <summary>GitHub's Linux, arm64.</summary>
    public const string Ubuntu2404Arm = "ubuntu-24.04-arm";

    /// <summary>GitHub's Windows, x64.</summary>
    public const string Windows2025 = "windows-2025";

    /// <summary>GitHub's macOS, arm64.</summary>
    public const string MacOS15 = "macos-15";
}
