using System.Collections.Concurrent;

namespace Recyclic.Build.Tests;

/// <summary>What a test wants of each target of <see cref="GraphBuild"/>, and what they did.</summary>
internal sealed class GraphScript
{
    private int _time;

    public Dictionary<string, Action<GraphBuild, ITargetDefinition>> Edges { get; } = [];
    public Dictionary<string, Func<CancellationToken, Task>> Work { get; } = [];
    public ConcurrentDictionary<string, (int Start, int End, int Count)> Done { get; } = [];
    public ConcurrentQueue<string> Order { get; } = [];
    public int MostAtOnce { get; private set; }
    private int _now;

    public GraphScript Edge(string target, Action<GraphBuild, ITargetDefinition> define)
    {
        Edges[target] = Edges.TryGetValue(target, out var before) ? before + define : define;
        return this;
    }

    public GraphScript Does(string target, Func<CancellationToken, Task> work)
    {
        Work[target] = work;
        return this;
    }

    public async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        Order.Enqueue(name);
        lock (this)
            MostAtOnce = Math.Max(MostAtOnce, ++_now);
        var start = Interlocked.Increment(ref _time);
        try
        {
            if (Work.TryGetValue(name, out var work))
                await work(cancellationToken);
            else
                await Task.Yield();
        }
        finally
        {
            var end = Interlocked.Increment(ref _time);
            Done.AddOrUpdate(name, (start, end, 1), (_, before) => before with { Count = before.Count + 1 });
            lock (this)
                _now--;
        }
    }
}

/// <summary>Eight targets whose edges and work the test chooses.</summary>
public class GraphBuild : RecyclicBuild
{
    internal static GraphScript Script { get; set; } = new();

    public Target A => _ => Define("A", _);
    public Target B => _ => Define("B", _);
    public Target C => _ => Define("C", _);
    public Target D => _ => Define("D", _);
    public Target E => _ => Define("E", _);
    public Target F => _ => Define("F", _);
    public Target G => _ => Define("G", _);
    public Target H => _ => Define("H", _);

    public Target Named(string name) =>
        name switch
        {
            "A" => A,
            "B" => B,
            "C" => C,
            "D" => D,
            "E" => E,
            "F" => F,
            "G" => G,
            _ => H,
        };

    private ITargetDefinition Define(string name, ITargetDefinition definition)
    {
        if (Script.Edges.TryGetValue(name, out var define))
            define(this, definition);
        return definition.Executes(cancellationToken => Script.RunAsync(name, cancellationToken));
    }

    internal void Print(string text) => WriteLine(text);
}
