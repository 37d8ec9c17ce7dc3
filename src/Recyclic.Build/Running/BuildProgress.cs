using System.Collections.Immutable;
using Recyclic.Build.Output;

namespace Recyclic.Build.Running;

/// <summary>How one target of a run has fared.</summary>
internal sealed class TargetRun(ExecutableTarget target, bool isInvoked)
{
    private ImmutableArray<string> _notes = [];

    public ExecutableTarget Target { get; } = target;
    public bool IsInvoked { get; } = isInvoked;

    /// <summary>Its place in the plan.</summary>
    public int Place { get; init; }

    /// <summary>Whether it is no part of the plan, but undoes what a part of it has begun.</summary>
    public bool IsExtra { get; init; }
    public ExecutionStatus Status { get; set; } = ExecutionStatus.Scheduled;
    public TimeSpan Duration { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public int Attempts { get; set; }

    /// <summary>Its place among all that began, from 1; 0 while it has not begun.</summary>
    public int Began { get; set; }
    public bool HasBegun => Began > 0;

    /// <summary>Whether an earlier run did it and this one continues from there.</summary>
    public bool IsContinued { get; set; }

    /// <summary>How much longer it took than in the last run; null when that is not known.</summary>
    public TimeSpan? Change { get; set; }

    /// <summary>Where its output goes while it runs.</summary>
    public OutputLane? Lane { get; set; }

    public ImmutableArray<string> Notes => _notes;

    /// <summary>Results within the target, in the order in which they were asked for.</summary>
    public ImmutableArray<TargetPart> Parts { get; set; } = [];

    public void Note(string text) =>
        ImmutableInterlocked.Update(ref _notes, static (notes, note) => notes.Add(note), text);
}

/// <summary>One of several results within a target: how it fared, and for how long it ran.</summary>
internal sealed record TargetPart(string Name, ExecutionStatus Status, TimeSpan Duration, string? Note = null);

/// <summary>How a run has fared so far.</summary>
internal sealed class BuildProgress
{
    private readonly AsyncLocal<TargetRun?> _here = new();

    public IReadOnlyList<TargetRun> Runs { get; set; } = [];

    /// <summary>The target whose code calls; for a thread of its own, the one that runs alone.</summary>
    public TargetRun? Running =>
        _here.Value
        ?? (Runs.Where(r => r.Status == ExecutionStatus.Running).Take(2).ToArray() is [var only] ? only : null);
    public string RunningName => Running?.Target.Name ?? "";
    public IReadOnlyCollection<ExecutableTarget> Invoked => [.. Runs.Where(r => r.IsInvoked).Select(r => r.Target)];
    public bool IsFailing =>
        Runs.Any(r => r.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    public IReadOnlyCollection<ExecutableTarget> With(ExecutionStatus status) =>
        [.. Runs.Where(r => r.Status == status).Select(r => r.Target)];

    public void Report(string key, string value) => Running?.Note($"{key}: {value}");

    /// <summary>What this call and those it makes print and report belongs to the target.</summary>
    public void Enter(TargetRun run) => _here.Value = run;
}
