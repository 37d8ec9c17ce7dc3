using System.Collections.Immutable;

namespace Recyclic.Workflows.Rehearsal;

/// <summary>How a job ended; the names are GitHub's.</summary>
public enum JobOutcome
{
    /// <summary>All that had to succeed has.</summary>
    Success,

    /// <summary>A step has failed.</summary>
    Failure,

    /// <summary>It did not run, by its condition or after a failure.</summary>
    Skipped,

    /// <summary>It, or one before it, waits for an approval.</summary>
    Waiting,
}

/// <summary>How a job of a rehearsal went.</summary>
/// <param name="Note">Why it failed or did not run; null otherwise.</param>
public sealed record JobResult(string Job, JobOutcome Outcome, string? Note = null)
{
    /// <summary>What it hands to jobs that need it, by name.</summary>
    public ImmutableSortedDictionary<string, string> Outputs { get; init; } = RehearsedJob.NoTexts;
}

/// <summary>How a rehearsal went.</summary>
public sealed record RehearsalResult(ImmutableArray<JobResult> Jobs)
{
    /// <summary>Whether a job has failed.</summary>
    public bool HasFailed => Jobs.Any(job => job.Outcome == JobOutcome.Failure);

    /// <summary>The gates at which it stopped.</summary>
    public ImmutableArray<string> WaitsAt { get; init; } = [];

    /// <summary>A line for each job.</summary>
    public string ToText()
    {
        var width = Jobs.Max(job => job.Job.Length);
        return string.Join(
            '\n',
            Jobs.Select(job =>
                $"  {job.Job.PadRight(width)}  {job.Outcome.ToString().ToLowerInvariant()}{(job.Note is null ? "" : $": {job.Note}")}"
            )
        );
    }
}

/// <summary>What a person gives to a rehearsal.</summary>
/// <param name="Inputs">Of a run by hand.</param>
/// <param name="Secrets">By name; a job sees those that it names.</param>
/// <param name="Variables">Of the repository and its environments, by name; not secret.</param>
/// <param name="Approved">Environments whose gates are open.</param>
/// <param name="Done">Jobs that are taken as done.</param>
public sealed record RehearsalRequest(
    ImmutableSortedDictionary<string, string> Inputs,
    ImmutableDictionary<string, string> Secrets,
    ImmutableDictionary<string, string> Variables,
    ImmutableHashSet<string> Approved,
    ImmutableHashSet<string> Done
)
{
    /// <summary>
    /// What conditions may ask for of <c>github</c>, such as <c>repository</c> and <c>ref</c>; a condition that asks
    /// for more fails its job, and is not guessed. Default: none.
    /// </summary>
    public ImmutableDictionary<string, string> GitHub { get; init; } = ImmutableDictionary<string, string>.Empty;
}
