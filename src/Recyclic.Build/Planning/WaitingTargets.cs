using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Recyclic.Build.Planning;

/// <summary>The targets of a plan that have no place in the order yet, and what each of them waits for.</summary>
internal sealed class WaitingTargets
{
    private readonly List<TargetNode> _nodes;
    private readonly List<int>[] _predecessors;
    private readonly List<int>[] _successors;
    private readonly int[] _missing;
    private readonly bool[] _isTaken;
    private readonly PriorityQueue<int, int> _ready = new();
    private int _left;
    private int _last;

    /// <param name="nodes">In the order that breaks ties.</param>
    public WaitingTargets(List<TargetNode> nodes)
    {
        _nodes = nodes;
        _left = nodes.Count;
        _last = nodes.Count - 1;
        _isTaken = new bool[nodes.Count];
        _predecessors = [.. nodes.Select(_ => new List<int>())];
        _successors = [.. nodes.Select(_ => new List<int>())];
        Connect();
        _missing = [.. _predecessors.Select(p => p.Count)];
        for (var i = 0; i < nodes.Count; i++)
            if (_missing[i] == 0)
                _ready.Enqueue(i, i);
    }

    public bool IsEmpty => _left == 0;

    /// <summary>The first one that waits for nothing.</summary>
    public bool TryTakeReady([NotNullWhen(true)] out string? name)
    {
        while (_ready.TryDequeue(out var index, out _))
        {
            if (_isTaken[index])
                continue;
            Take(index);
            name = _nodes[index].Name;
            return true;
        }
        name = null;
        return false;
    }

    /// <summary>
    /// When all wait: some that wait for each other. They are taken, so that further cycles can be found.
    /// </summary>
    public ImmutableArray<string> TakeCycle()
    {
        while (_isTaken[_last])
            _last--;
        var path = new List<int> { _last };
        var places = new Dictionary<int, int> { [_last] = 0 };
        while (true)
        {
            var next = _predecessors[path[^1]].First(p => !_isTaken[p]);
            path.Add(next);
            if (places.TryAdd(next, path.Count - 1))
                continue;
            var cycle = path[places[next]..];
            foreach (var index in cycle.Skip(1))
                Take(index);
            return [.. cycle.Select(index => _nodes[index].Name)];
        }
    }

    private void Connect()
    {
        var places = new Dictionary<string, int>(_nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
            places.Add(_nodes[i].Name, i);
        for (var i = 0; i < _nodes.Count; i++)
        {
            foreach (var name in _nodes[i].DependsOn.Concat(_nodes[i].After))
                if (places.TryGetValue(name, out var before))
                    Connect(before, i);
            foreach (var name in _nodes[i].Triggers)
                Connect(i, places[name]);
        }
    }

    private void Connect(int before, int after)
    {
        _predecessors[after].Add(before);
        _successors[before].Add(after);
    }

    private void Take(int index)
    {
        _isTaken[index] = true;
        _left--;
        foreach (var successor in _successors[index])
            if (--_missing[successor] == 0)
                _ready.Enqueue(successor, successor);
    }
}
