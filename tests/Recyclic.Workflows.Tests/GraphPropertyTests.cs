using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// For any targets: what runs on GitHub is what runs locally, in the same order and behind the same gates.
/// </summary>
public class GraphPropertyTests
{
    private const int Graphs = 3000;

    [Test]
    public void Every_target_of_the_plan_has_one_job() =>
        ForEach(
            (graph, workflow, jobs) =>
                jobs
                    .Jobs.SelectMany(job => job.Targets)
                    .Order()
                    .ShouldBe(Plan(graph, workflow).Where(name => !workflow.OnEachRunner.Contains(name)).Order())
        );

    [Test]
    public void A_target_runs_after_all_that_it_waits_for_locally() =>
        ForEach(
            (graph, workflow, jobs) =>
            {
                foreach (var (earlier, later) in Edges(graph, workflow))
                    IsBefore(jobs, earlier, later).ShouldBeTrue($"{earlier} before {later}");
            }
        );

    [Test]
    public void A_deploy_waits_for_all_that_comes_before_it_locally() =>
        ForEach(
            (graph, workflow, jobs) =>
            {
                var plan = Plan(graph, workflow).Where(name => !workflow.OnEachRunner.Contains(name)).ToArray();
                for (var i = 0; i < plan.Length; i++)
                    if (workflow.PlaceOf(plan[i]).Source.Environment is not null)
                        foreach (var earlier in plan[..i])
                            IsBefore(jobs, earlier, plan[i]).ShouldBeTrue($"{earlier} before {plan[i]}");
            }
        );

    [Test]
    public void A_job_runs_its_targets_in_an_order_that_holds_locally_too() =>
        ForEach(
            (graph, workflow, jobs) =>
            {
                var edges = Edges(graph, workflow).ToArray();
                foreach (var job in jobs.Jobs)
                {
                    string[] run =
                    [
                        .. graph.Order(job.Targets).Select(target => target.Name).Where(job.Targets.Contains),
                    ];
                    foreach (
                        var (earlier, later) in edges.Where(edge =>
                            run.Contains(edge.Earlier) && run.Contains(edge.Later)
                        )
                    )
                        Array
                            .IndexOf(run, earlier)
                            .ShouldBeLessThan(Array.IndexOf(run, later), $"{earlier} before {later}");
                }
            }
        );

    [Test]
    public void The_gates_before_a_target_are_the_same_as_locally() =>
        ForEach(
            (graph, workflow, jobs) =>
            {
                var gates = LocalGates(graph, workflow);
                foreach (var (target, local) in gates)
                {
                    var before = jobs.Before(jobs.JobOf(target).Id);
                    var here = jobs
                        .Jobs.Where(job => job.Place.IsGate && before.Contains(job.Id))
                        .SelectMany(job => job.Targets);
                    here.Order().ShouldBe(local.Order(), target);
                }
            }
        );

    [Test]
    public void The_steps_of_the_jobs_one_after_the_other_are_a_local_run() =>
        ForEach(
            (graph, workflow, jobs) =>
            {
                string[] run = [.. jobs.Jobs.SelectMany(job => job.Targets)];
                foreach (var (earlier, later) in Edges(graph, workflow))
                    Array
                        .IndexOf(run, earlier)
                        .ShouldBeLessThan(Array.IndexOf(run, later), $"{earlier} before {later}");
            }
        );

    [Test]
    public void An_output_reaches_every_job_that_comes_after_it_by_an_edge() =>
        ForEach(
            (graph, workflow, jobs) =>
            {
                foreach (
                    var (earlier, later) in Edges(graph, workflow)
                        .Where(edge => jobs.JobOf(edge.Earlier) != jobs.JobOf(edge.Later))
                )
                foreach (var output in graph.Targets.Single(t => t.Name == earlier).Outputs)
                    jobs.JobOf(later).Inputs.ShouldContain(new HandedOutput(output, jobs.JobOf(earlier).Id));
            }
        );

    [Test]
    public void Each_job_comes_after_those_that_it_needs() =>
        ForEach(
            (_, _, jobs) =>
            {
                for (var i = 0; i < jobs.Jobs.Length; i++)
                    jobs.Jobs[i].Needs.Except(jobs.Jobs[..i].Select(job => job.Id)).ShouldBeEmpty();
            }
        );

    [Test]
    public void An_output_is_read_from_a_job_that_is_needed_directly() =>
        ForEach(
            (_, _, jobs) =>
            {
                foreach (var job in jobs.Jobs)
                    job.Inputs.Select(input => input.Job).Except(job.Needs).ShouldBeEmpty(job.Id);
            }
        );

    [Test]
    public void The_random_graphs_have_gates_shared_places_split_ones_and_targets_left_out()
    {
        int gated = 0,
            shared = 0,
            split = 0,
            skipped = 0;
        ForEach(
            (graph, workflow, jobs) =>
            {
                if (Plan(graph, workflow).Length < graph.Order(workflow.Targets).Length)
                    skipped++;
                if (jobs.Jobs.Any(job => !job.Gates.IsEmpty))
                    gated++;
                if (jobs.Jobs.Any(job => job.Targets.Length > 1))
                    shared++;
                if (jobs.Jobs.GroupBy(job => job.Place).Any(g => g.Count() > 1))
                    split++;
            }
        );
        new[] { gated, shared, split, skipped }.ShouldAllBe(count => count > Graphs / 20);
    }

    private static void ForEach(Action<BuildGraph, NamedWorkflow, JobGraph> check)
    {
        for (var seed = 0; seed < Graphs; seed++)
        {
            var (graph, workflow) = Random(new Random(seed));
            try
            {
                check(graph, workflow, JobPlanner.Plan(workflow, graph));
            }
            catch (ShouldAssertException exception)
            {
                throw new ShouldAssertException($"seed {seed}: {exception.Message}");
            }
        }
    }

    private static (BuildGraph, NamedWorkflow) Random(Random random)
    {
        // Edges go from later to earlier in a shuffled list, so there is no circle; triggers go the other way.
        string[] names = [.. Enumerable.Range(0, random.Next(2, 11)).Select(i => $"T{i}")];
        var shuffled = names.ToArray();
        random.Shuffle(shuffled);
        string[] Some(IEnumerable<string> from, double chance) => [.. from.Where(_ => random.NextDouble() < chance)];
        var targets = shuffled.Select(
            (name, i) =>
                new GraphTarget(name)
                {
                    DependsOn = [.. Some(shuffled[..i], 0.3)],
                    After = [.. Some(shuffled[..i], 0.1)],
                    Triggers = [.. Some(shuffled[(i + 1)..], 0.05)],
                    Outputs = random.NextDouble() < 0.3 ? [$"O{name}"] : [],
                }
        );
        var graph = new BuildGraph([.. targets.OrderBy(t => t.Name, StringComparer.Ordinal)], []);

        var left = new Queue<string>(names.OrderBy(_ => random.Next()));
        var onEachRunner = random.NextDouble() < 0.3 ? [left.Dequeue()] : ImmutableArray<string>.Empty;
        var places = ImmutableArray.CreateBuilder<NamedPlace>();
        for (var i = 0; i < 4 && left.Count > 0; i++)
        {
            var isGate = random.NextDouble() < 0.3;
            ImmutableArray<string> own =
            [
                .. Enumerable
                    .Range(0, isGate ? 1 : random.Next(1, 4))
                    .Where(_ => left.Count > 0)
                    .Select(_ => left.Dequeue()),
            ];
            places.Add(
                new(
                    new Place
                    {
                        Name = $"p{i}",
                        IsGate = isGate,
                        Environment = isGate || random.NextDouble() < 0.4 ? $"e{i}" : null,
                    },
                    own,
                    null
                )
            );
        }
        var asked = Some(names, 0.4) is { Length: > 0 } some ? some : [names[0]];
        var skips = random.NextDouble() < 0.7 ? Some(left.Except(asked), 0.6) : [];
        return (graph, new(new Workflow("w"), [.. asked], places.ToImmutable(), onEachRunner) { Skips = [.. skips] });
    }

    private static string[] Plan(BuildGraph graph, NamedWorkflow workflow) =>
        [.. graph.Order(workflow.Targets, workflow.Skips).Select(target => target.Name)];

    /// <summary>
    /// Who waits for whom in the local plan; through targets that each machine runs for itself or that are left out,
    /// too.
    /// </summary>
    private static IEnumerable<(string Earlier, string Later)> Edges(BuildGraph graph, NamedWorkflow workflow)
    {
        string[] plan = [.. graph.Order(workflow.Targets).Select(target => target.Name)];
        string[] transparent = [.. workflow.OnEachRunner, .. plan.Except(Plan(graph, workflow))];
        var direct = graph
            .Targets.Where(t => plan.Contains(t.Name))
            .SelectMany(t =>
                t.DependsOn.Concat(t.After)
                    .Select(earlier => (earlier, t.Name))
                    .Concat(t.Triggers.Select(later => (t.Name, later)))
            )
            .Where(edge => plan.Contains(edge.Item1) && plan.Contains(edge.Item2))
            .ToHashSet();
        foreach (var through in transparent)
        foreach (var (earlier, _) in direct.Where(e => e.Item2 == through).ToArray())
        foreach (var (_, later) in direct.Where(e => e.Item1 == through).ToArray())
            direct.Add((earlier, later));
        return direct.Where(edge => !transparent.Contains(edge.Item1) && !transparent.Contains(edge.Item2));
    }

    private static Dictionary<string, HashSet<string>> LocalGates(BuildGraph graph, NamedWorkflow workflow)
    {
        var edges = Edges(graph, workflow).ToLookup(edge => edge.Later, edge => edge.Earlier);
        var gates = new Dictionary<string, HashSet<string>>();
        foreach (var name in Plan(graph, workflow).Where(name => !workflow.OnEachRunner.Contains(name)))
        {
            var before = workflow.PlaceOf(name).Source.Environment is null ? edges[name] : gates.Keys.ToArray();
            gates.Add(
                name,
                [
                    .. before.SelectMany(earlier =>
                        gates[earlier].Concat(workflow.PlaceOf(earlier).Source.IsGate ? [earlier] : [])
                    ),
                ]
            );
        }
        return gates;
    }

    private static bool IsBefore(JobGraph jobs, string earlier, string later)
    {
        var (first, second) = (jobs.JobOf(earlier), jobs.JobOf(later));
        return first == second
            ? first.Targets.IndexOf(earlier) < first.Targets.IndexOf(later)
            : jobs.Before(second.Id).Contains(first.Id);
    }
}
