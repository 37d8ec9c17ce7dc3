using Recyclic.Build.Running;

namespace Recyclic.Build.Tests;

/// <summary>What may begin, over many random graphs.</summary>
public class SchedulerTests
{
    private static readonly ExecutionStatus[] Ends =
    [
        ExecutionStatus.Succeeded,
        ExecutionStatus.Skipped,
        ExecutionStatus.Failed,
        ExecutionStatus.Collective,
    ];

    public static IEnumerable<int> Seeds => Enumerable.Range(1, 200);

    [TestCaseSource(nameof(Seeds))]
    public void Every_order_respects_every_edge_and_runs_each_target_once(int seed)
    {
        var random = new Random(seed);
        var graph = Graph(random, size: random.Next(1, 30));
        var degree = random.Next(1, 6);
        var statuses = Enumerable.Repeat(ExecutionStatus.Scheduled, graph.Nodes.Length).ToArray();
        var begun = new List<int>();
        var running = new List<int>();
        while (true)
        {
            foreach (var next in Scheduler.Ready(graph, statuses, degree))
            {
                statuses[next].ShouldBe(ExecutionStatus.Scheduled);
                graph.Nodes[next].Predecessors.ShouldAllBe(p => Scheduler.IsSettled(statuses[p]));
                graph.Nodes[next].Exclusives.ShouldAllBe(other => statuses[other] != ExecutionStatus.Running);
                statuses[next] = ExecutionStatus.Running;
                begun.Add(next);
                running.Add(next);
            }
            running.Count.ShouldBeLessThanOrEqualTo(degree);
            if (running.Count == 0)
                break;
            var ended = running[random.Next(running.Count)];
            running.Remove(ended);
            statuses[ended] = Ends[random.Next(Ends.Length)];
        }
        begun.Order().ShouldBe(Enumerable.Range(0, graph.Nodes.Length));
        if (degree == 1)
            begun.ShouldBe(Enumerable.Range(0, graph.Nodes.Length));
    }

    [Test]
    public void Nothing_waits_that_could_run()
    {
        // A diamond: 0 before 1 and 2, both before 3.
        var graph = new RunGraph([Node(), Node(0), Node(0), Node(1, 2)]);
        Scheduler.Ready(graph, Statuses("S..."), 4).ShouldBe([1, 2]);
        Scheduler.Ready(graph, Statuses("S..."), 1).ShouldBe([1]);
        Scheduler.Ready(graph, Statuses("SR.."), 4).ShouldBe([2]);
        Scheduler.Ready(graph, Statuses("SSR."), 4).ShouldBe([]);
        Scheduler.Ready(graph, Statuses("SSS."), 4).ShouldBe([3]);
    }

    private static ExecutionStatus[] Statuses(string text) =>
        [
            .. text.Select(c =>
                c switch
                {
                    'S' => ExecutionStatus.Succeeded,
                    'R' => ExecutionStatus.Running,
                    _ => ExecutionStatus.Scheduled,
                }
            ),
        ];

    private static RunNode Node(params int[] predecessors) => new([.. predecessors], []);

    private static RunGraph Graph(Random random, int size)
    {
        var exclusives = Enumerable.Range(0, size).Select(_ => new HashSet<int>()).ToArray();
        for (var i = 0; i < size; i++)
        {
            if (random.Next(4) != 0)
                continue;
            var other = random.Next(size);
            if (other == i)
                continue;
            exclusives[i].Add(other);
            exclusives[other].Add(i);
        }
        return new([
            .. Enumerable
                .Range(0, size)
                .Select(i => new RunNode(
                    [.. Enumerable.Range(0, i).Where(_ => random.Next(5) == 0)],
                    [.. exclusives[i]]
                )),
        ]);
    }
}
