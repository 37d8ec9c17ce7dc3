using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// From targets to jobs. A target that depends on another runs in the same job or in one that waits for it. A target
/// with an environment waits for all that comes before it in the local plan, because there a failure would have stopped
/// it. What a gate holds back here is what it holds back locally, no more and no less. Targets that no place lists
/// share no job with those that need a secret. </summary>
internal static class JobPlanner
{
    /// <exception cref="TargetFailedException">The targets wait for each other; exit code 2.</exception>
    public static JobGraph Plan(NamedWorkflow workflow, BuildGraph graph)
    {
        var edges = new PlanEdges(workflow, graph);
        var drafts = new List<JobDraft>();
        var jobOf = new Dictionary<string, JobDraft>();
        var earlier = new List<string>();
        foreach (var target in edges.Order)
        {
            var place = workflow.PlaceOf(target);
            var before = place.Source.Environment is null ? edges.Before(target) : [.. earlier];
            var gates = before
                .SelectMany(name => jobOf[name].Gates.Concat(workflow.PlaceOf(name).Source.IsGate ? [name] : []))
                .ToHashSet();
            var needs = before.Select(name => jobOf[name]).ToHashSet();
            var job = drafts.LastOrDefault(draft =>
                draft.Place == place
                && !place.Source.IsGate
                && draft.Gates.SetEquals(gates)
                && !needs.Any(need => need != draft && need.Reaches(draft))
                && SecretRules.MayShare(target, draft.Targets, place, workflow, edges)
            );
            if (job is null)
                drafts.Add(job = new(place, gates));
            job.Targets.Add(target);
            job.Needs.UnionWith(needs.Where(need => need != job));
            jobOf.Add(target, job);
            earlier.Add(target);
        }
        return new JobFinisher(workflow, edges, drafts, jobOf).Finish();
    }
}

/// <summary>A job while targets join it.</summary>
internal sealed class JobDraft(NamedPlace place, HashSet<string> gates)
{
    public NamedPlace Place { get; } = place;
    public HashSet<string> Gates { get; } = gates;
    public List<string> Targets { get; } = [];
    public HashSet<JobDraft> Needs { get; } = [];

    /// <summary>Whether it waits for the other, directly or not.</summary>
    public bool Reaches(JobDraft other)
    {
        var seen = new HashSet<JobDraft>();
        var due = new Stack<JobDraft>([this]);
        while (due.TryPop(out var next))
            foreach (var need in next.Needs)
            {
                if (need == other)
                    return true;
                if (seen.Add(need))
                    due.Push(need);
            }
        return false;
    }
}
