using System.Collections.Immutable;

namespace Recyclic.Workflows.Planning;

/// <summary>Gives jobs their names, and says what they hand to each other.</summary>
internal sealed class JobFinisher(
    NamedWorkflow workflow,
    PlanEdges edges,
    List<JobDraft> drafts,
    Dictionary<string, JobDraft> jobOf
)
{
    private readonly Dictionary<JobDraft, string> _ids = [];
    private readonly FailureRules _rules = new(edges);

    public JobGraph Finish()
    {
        var order = InOrder();
        foreach (var draft in order)
            _ids.Add(draft, Unused(draft.Place.Source.Name ?? Names.Kebab(draft.Targets[^1]), Taken(_ids.Values)));
        var jobs = order.Select(Job).ToList();
        foreach (var draft in order)
            if (draft.Place.Rescue is { } rescue)
                jobs.Add(Rescue(draft, rescue, Taken(jobs.Select(job => job.Id))));
        return new(workflow, [.. jobs.Select(Called)])
        {
            Calls =
            [
                .. workflow.Calls.Select(call => new CallPlan(
                    call.Source,
                    [
                        .. jobs.Where(job => job.RescueOf is null && job.Targets.Any(call.After.Contains))
                            .Select(job => job.Id),
                    ]
                )),
            ],
        };
    }

    private IEnumerable<string> Taken(IEnumerable<string> ids) =>
        ids.Append(Names.CheckJob).Concat(workflow.Calls.Select(call => call.Source.Name));

    private JobPlan Called(JobPlan job) =>
        job.RescueOf is not null
            ? job
            : job with
            {
                Needs =
                [
                    .. job.Needs,
                    .. workflow
                        .Calls.Where(call => job.Targets.Any(call.Before.Contains))
                        .Select(call => call.Source.Name),
                ],
            };

    private JobPlan Job(JobDraft draft)
    {
        var inputs = Inputs(draft);
        ImmutableArray<string> needs = [.. Needs(draft, inputs)];
        var tolerated = drafts.Where(_rules.IsTolerated).Select(other => _ids[other]).ToHashSet();
        return new(_ids[draft], draft.Place.Source, [.. draft.Targets])
        {
            Prepares = Prepares(draft.Targets),
            Needs = needs,
            IsAssured = draft.Needs.Count > 0 && _rules.IsAssured(draft),
            MayFail = _rules.IsOwn(draft) ? [.. needs.Where(tolerated.Contains)] : null,
            Gates = [.. edges.Order.Where(draft.Gates.Contains)],
            Outputs = [.. draft.Targets.SelectMany(name => edges[name].Outputs)],
            Inputs = inputs,
            Uploads = [.. draft.Targets.Select(Artifact).OfType<Artifact>()],
            Downloads =
            [
                .. draft
                    .Targets.SelectMany(name => edges[name].Consumes.Keys)
                    .Distinct()
                    .Where(name => jobOf.TryGetValue(name, out var job) && job != draft)
                    .Select(Artifact)
                    .OfType<Artifact>(),
            ],
        };
    }

    private JobPlan Rescue(JobDraft draft, string target, IEnumerable<string> taken) =>
        new(Unused(Names.Kebab(target), taken), RescuePlace.Of(draft.Place.Source), [target])
        {
            Prepares = Prepares([target]),
            Needs = [_ids[draft]],
            MayFail = _rules.IsOwn(draft) ? [] : null,
            Gates = [.. edges.Order.Where(draft.Gates.Contains)],
            RescueOf = _ids[draft],
        };

    private ImmutableArray<string> Prepares(List<string> targets)
    {
        var prepared = targets.SelectMany(edges.PreparedBy).ToHashSet();
        return [.. edges.Plan.Where(prepared.Contains)];
    }

    private ImmutableArray<HandedOutput> Inputs(JobDraft draft)
    {
        var owners = draft.Targets.SelectMany(edges.AllBefore).ToHashSet();
        return
        [
            .. from name in edges.Order
            where owners.Contains(name) && jobOf[name] != draft
            from output in edges[name].Outputs
            select new HandedOutput(output, _ids[jobOf[name]]),
        ];
    }

    /// <summary>
    /// What another need waits for anyway is left out; but only the outputs of a direct need can be read.
    /// </summary>
    private IEnumerable<string> Needs(JobDraft draft, ImmutableArray<HandedOutput> inputs)
    {
        var read = inputs.Select(input => input.Job).ToHashSet();
        var deciding = _rules.Deciding(draft);
        return from need in _ids.Keys
            where
                deciding.Contains(need)
                    && (
                        read.Contains(_ids[need])
                        || !deciding.Any(other => other != need && !_rules.IsAssured(other) && other.Reaches(need))
                    )
                || read.Contains(_ids[need]) && draft.Reaches(need)
            select _ids[need];
    }

    private Artifact? Artifact(string target)
    {
        var consumers = edges
            .Order.Where(name => edges[name].Consumes.ContainsKey(target) && jobOf[name] != jobOf[target])
            .ToArray();
        ImmutableArray<string> patterns =
        [
            .. edges[target].Produces.Concat(consumers.SelectMany(name => edges[name].Consumes[target])).Distinct(),
        ];
        return patterns.IsEmpty
            ? null
            : new(Names.Kebab(target), patterns, consumers.Length > 0, Matrix.Has(jobOf[target].Place.Source));
    }

    /// <summary>Each after those that it waits for; otherwise as they came.</summary>
    private List<JobDraft> InOrder()
    {
        var order = new List<JobDraft>();
        var left = new List<JobDraft>(drafts);
        while (left.Find(draft => draft.Needs.All(order.Contains)) is { } next)
        {
            left.Remove(next);
            order.Add(next);
        }
        return left.Count == 0 ? order : throw new InvalidOperationException("the jobs wait for each other");
    }

    private static string Unused(string wanted, IEnumerable<string> taken)
    {
        var used = taken.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return used.Contains(wanted)
            ? Enumerable.Range(2, used.Count + 1).Select(n => $"{wanted}-{n}").First(id => !used.Contains(id))
            : wanted;
    }
}
