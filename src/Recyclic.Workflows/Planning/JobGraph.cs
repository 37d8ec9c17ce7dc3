using System.Collections.Immutable;

namespace Recyclic.Workflows.Planning;

/// <summary>Files that a target makes, carried to other jobs or kept for a person.</summary>
/// <param name="Name">Of the artifact; made from the target's name.</param>
/// <param name="Patterns">Relative to the root of the repository.</param>
/// <param name="IsConsumed">Whether another job of the workflow reads it.</param>
/// <param name="IsOfMatrix">Whether several jobs of a matrix make one each.</param>
public sealed record Artifact(string Name, ImmutableArray<string> Patterns, bool IsConsumed, bool IsOfMatrix);

/// <summary>A value that another job has set.</summary>
/// <param name="Name">Of the output; <see cref="Build.Definition.OutputText.VariableOf"/> is the variable by which the
/// build reads it.</param>
/// <param name="Job">The job that sets it.</param>
public sealed record HandedOutput(string Name, string Job);

/// <summary>One job: the targets that one machine runs, and what it waits for.</summary>
/// <param name="Id">Unique in its workflow; letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Place">Where it runs, as the build class says it.</param>
/// <param name="Targets">In the order in which they run.</param>
public sealed record JobPlan(string Id, Place Place, ImmutableArray<string> Targets)
{
    /// <summary>Targets that make this machine ready, before the others.</summary>
    public ImmutableArray<string> Prepares { get; init; } = [];

    /// <summary>
    /// Jobs that it waits for; those that follow from others are left out, unless their outputs are read.
    /// </summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>Whether it runs after a failure or a cancellation of those that it waits for, too.</summary>
    public bool IsAssured { get; init; }

    /// <summary>
    /// Of <see cref="Needs"/>, those whose failure lets it go on; null: the usual rule, that all jobs before it have
    /// succeeded.
    /// </summary>
    public ImmutableArray<string>? MayFail { get; init; }

    /// <summary>The gate targets that come before it.</summary>
    public ImmutableArray<string> Gates { get; init; } = [];

    /// <summary>Outputs that its targets set.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>Outputs of other jobs that it can read; each of those jobs is among its <see cref="Needs"/>.</summary>
    public ImmutableArray<HandedOutput> Inputs { get; init; } = [];

    /// <summary>Files that it leaves for other jobs or for a person.</summary>
    public ImmutableArray<Artifact> Uploads { get; init; } = [];

    /// <summary>
    /// Files of other jobs that it reads; such a job has ended before it, and need not be among its
    /// <see cref="Needs"/>.
    /// </summary>
    public ImmutableArray<Artifact> Downloads { get; init; } = [];

    /// <summary>The job whose failure or cancellation this one puts right; null for any other job.</summary>
    public string? RescueOf { get; init; }

    /// <summary>All that it runs.</summary>
    public IEnumerable<string> All => Prepares.Concat(Targets);

    /// <summary>What it runs in the root of the repository; a shell takes each word as it stands.</summary>
    public ImmutableArray<string> Command => ["./build.sh", .. All, "--skip", .. Place.Arguments];
}

/// <summary>A reusable workflow that runs as a job.</summary>
/// <param name="Source">As the build class says it; its name is unique among the jobs.</param>
/// <param name="Needs">Jobs that it waits for.</param>
public sealed record CallPlan(Call Source, ImmutableArray<string> Needs);

/// <summary>
/// The jobs of a workflow; each comes after those that it waits for. It is what a CI system's files are generated from
/// (<see cref="ICiSystem"/>), and has the facts, not the words of any system: which targets share a machine, who waits
/// for whom, which failure stops what, what is handed over. </summary>
/// <param name="Workflow">The definition; its targets have names.</param>
public sealed record JobGraph(NamedWorkflow Workflow, ImmutableArray<JobPlan> Jobs)
{
    /// <summary>Reusable workflows that run as jobs beside them; a job may wait for one by its name.</summary>
    public ImmutableArray<CallPlan> Calls { get; init; } = [];

    /// <summary>The job that runs a target of the workflow.</summary>
    public JobPlan JobOf(string target) => Jobs.First(job => job.Targets.Contains(target) && job.RescueOf is null);

    /// <summary>Whether its failure lets a job go on that waits for it.</summary>
    public bool IsTolerated(JobPlan job) => Jobs.Any(other => other.MayFail is { } mayFail && mayFail.Contains(job.Id));

    /// <summary>The jobs that have ended when this one begins.</summary>
    public IReadOnlySet<string> Before(string id)
    {
        var seen = new HashSet<string>();
        var due = new Stack<string>([id]);
        while (due.TryPop(out var next))
            foreach (
                var need in Jobs.FirstOrDefault(job => job.Id == next)?.Needs
                    ?? Calls.First(call => call.Source.Name == next).Needs
            )
                if (seen.Add(need))
                    due.Push(need);
        return seen;
    }
}
