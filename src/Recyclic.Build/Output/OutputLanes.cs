using Recyclic.Build.Adapters;
using Recyclic.Processes;

namespace Recyclic.Build.Output;

/// <summary>What one target prints.</summary>
internal sealed class OutputLane(string target, Redactor redactor)
{
    public string Target { get; } = target;
    public LineRedactor Redactor { get; } = new(redactor);
    public OutputSpool Held { get; } = new();

    /// <summary>
    /// What was written to the console and has no line end yet, and whether a part of that line has been shown.
    /// </summary>
    public string Tail { get; set; } = "";
    public bool IsInLine { get; set; }
    public bool IsClosed { get; set; }

    /// <summary>Nobody wants to read what it prints from now on.</summary>
    public bool IsAbandoned { get; set; }
}

/// <summary>
/// Lets one target at a time print as it runs; what the others print is kept until it has ended, so that each target's
/// output stands together. Not thread-safe.
/// </summary>
internal sealed class OutputLanes(Action<bool, string> write)
{
    private readonly List<OutputLane> _open = [];
    private readonly List<OutputLane> _waiting = [];
    private OutputLane? _front;

    public void Open(OutputLane lane)
    {
        _open.Add(lane);
        _front ??= lane;
    }

    /// <param name="lane">The target's; null for the host itself, which may always print.</param>
    public void Write(OutputLane? lane, bool isError, string text)
    {
        if (lane is { IsAbandoned: true })
            return;
        if (lane is null || lane == _front || (lane.IsClosed && _front is null))
            write(isError, text);
        else
        {
            lane.Held.Add(isError, text);
            if (lane.IsClosed && !_waiting.Contains(lane))
                _waiting.Add(lane);
        }
    }

    /// <summary>Whether what the lane prints is seen at once.</summary>
    public bool IsLive(OutputLane? lane) => lane is null || lane == _front;

    public void Close(OutputLane lane)
    {
        lane.IsClosed = true;
        _open.Remove(lane);
        _waiting.Add(lane);
        if (lane != _front && _front is not null)
            return;
        foreach (var ended in _waiting)
            ended.Held.Drain(write);
        _waiting.Clear();
        _front = _open.FirstOrDefault();
        _front?.Held.Drain(write);
    }
}
