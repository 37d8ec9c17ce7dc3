using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// When a job runs although others have failed, as its targets would locally. GitHub's own rule, that every job before
/// it has succeeded, knows neither targets that are assured nor those whose failure lets the others go on. Pure.
/// </summary>
internal sealed class FailureRules(PlanEdges edges)
{
    public bool IsAssured(JobDraft job) =>
        Acting(job.Targets, edges) is { Length: > 0 } acting && acting.All(name => edges[name].IsAssured);

    /// <summary>Whether its failure lets others go on.</summary>
    public bool IsTolerated(JobDraft job) =>
        Acting(job.Targets, edges) is { Length: > 0 } acting && acting.All(name => edges[name].ProceedsAfterFailure);

    /// <summary>Whether GitHub's own rule is not the one that holds locally.</summary>
    public bool IsOwn(JobDraft job) =>
        (job.Needs.Count > 0 && IsAssured(job)) || Before(job).Any(other => IsAssured(other) || IsTolerated(other));

    /// <summary>
    /// The jobs that decide whether this one runs. One that is assured runs after a failure too, and so says nothing of
    /// those before it.
    /// </summary>
    public HashSet<JobDraft> Deciding(JobDraft job) => Reach(job, IsAssured);

    /// <summary>Jobs whose targets fail by different rules, where GitHub sees one failure.</summary>
    public static IEnumerable<string> Mistakes(JobGraph jobs, BuildGraph graph)
    {
        var edges = new PlanEdges(jobs.Workflow, graph);
        foreach (var job in jobs.Jobs.Where(job => job.RescueOf is null))
        {
            var acting = Acting(job.Targets, edges);
            if (!job.Needs.IsEmpty && Parted(acting, name => edges[name].IsAssured) is { } assured)
                yield return $"the job {job.Id} runs {assured.With}, which is assured after a failure, beside {assured.Without}, which is not, and waits for {string.Join(" and ", job.Needs)}: "
                    + $"GitHub would run both or neither. Give {assured.With} a place of its own";
            if (
                jobs.Jobs.Any(other => other.RescueOf is null && jobs.Before(other.Id).Contains(job.Id))
                && Parted(acting, name => edges[name].ProceedsAfterFailure) is { } proceeding
            )
                yield return $"the job {job.Id} runs {proceeding.With}, whose failure lets others go on, beside {proceeding.Without}, whose failure does not: "
                    + $"GitHub would see that the job has failed, and not by which. Give {proceeding.With} a place of its own";
        }
    }

    private static (string With, string Without)? Parted(ImmutableArray<string> targets, Func<string, bool> has) =>
        targets.FirstOrDefault(has) is { } one && targets.FirstOrDefault(name => !has(name)) is { } other
            ? (one, other)
            : null;

    private static ImmutableArray<string> Acting(IEnumerable<string> targets, PlanEdges edges) =>
        [.. targets.Where(name => !edges[name].IsCollective)];

    private static HashSet<JobDraft> Before(JobDraft job) => Reach(job, _ => true);

    /// <summary>The jobs that it waits for, and those behind each that is to be seen through.</summary>
    private static HashSet<JobDraft> Reach(JobDraft job, Func<JobDraft, bool> isSeenThrough)
    {
        var found = new HashSet<JobDraft>();
        var due = new Stack<JobDraft>(job.Needs);
        while (due.TryPop(out var next))
            if (found.Add(next) && isSeenThrough(next))
                foreach (var need in next.Needs)
                    due.Push(need);
        return found;
    }
}
