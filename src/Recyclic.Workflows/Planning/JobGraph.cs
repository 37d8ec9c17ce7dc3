using System.Collections.Immutable;

namespace Recyclic.Workflows.Planning;

/// <summary>Files that a target makes, carried to other jobs or kept for a person.</summary>
/// <param name="Name">Of the artifact; made from the target's name.</param>
/// <param name="Patterns">Relative to the root of the repository.</param>
/// <param name="IsConsumed">Whether another job of the workflow reads it.</param>
/// <param name="IsOfMatrix">Whether several jobs of a matrix make one each.</param>
internal sealed record Artifact(string Name, ImmutableArray<string> Patterns, bool IsConsumed, bool IsOfMatrix);

/// <summary>A value that another job has set.</summary>
internal sealed record HandedOutput(string Name, string Job);

/// <summary>One job: the targets that one machine runs, and what it waits for.</summary>
internal sealed record JobPlan(string Id, Place Place, ImmutableArray<string> Targets)
{
    /// <summary>Targets that make this machine ready, before the others.</summary>
    public ImmutableArray<string> Prepares { get; init; } = [];

    /// <summary>Jobs that it waits for; those that follow from others are left out, unless their outputs are read.</summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>The gate targets that come before it.</summary>
    public ImmutableArray<string> Gates { get; init; } = [];

    /// <summary>Outputs that its targets set.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];
    public ImmutableArray<HandedOutput> Inputs { get; init; } = [];
    public ImmutableArray<Artifact> Uploads { get; init; } = [];
    public ImmutableArray<Artifact> Downloads { get; init; } = [];

    /// <summary>The job whose failure or cancellation this one puts right; null for any other job.</summary>
    public string? RescueOf { get; init; }

    /// <summary>All that it runs.</summary>
    public IEnumerable<string> All => Prepares.Concat(Targets);
}

/// <summary>The jobs of a workflow; each comes after those that it waits for.</summary>
internal sealed record JobGraph(NamedWorkflow Workflow, ImmutableArray<JobPlan> Jobs)
{
    public JobPlan JobOf(string target) => Jobs.First(job => job.Targets.Contains(target) && job.RescueOf is null);

    /// <summary>The jobs that have ended when this one begins.</summary>
    public IReadOnlySet<string> Before(string id)
    {
        var seen = new HashSet<string>();
        var due = new Stack<string>([id]);
        while (due.TryPop(out var next))
            foreach (var need in Jobs.First(job => job.Id == next).Needs)
                if (seen.Add(need)) due.Push(need);
        return seen;
    }
}
