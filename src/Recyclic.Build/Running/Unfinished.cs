namespace Recyclic.Build.Running;

/// <summary>What targets have said that they would leave if they were ended now.</summary>
internal sealed class Unfinished
{
    private readonly Lock _lock = new();
    private readonly List<Func<string?>> _descriptions = [];

    /// <summary>Describes it until the result is disposed of.</summary>
    public IDisposable While(Func<string?> describe)
    {
        lock (_lock)
            _descriptions.Add(describe);
        return new Entry(this, describe);
    }

    /// <summary>What a person who insists is told.</summary>
    /// <param name="targets">Those at work.</param>
    public string Describe(IEnumerable<string> targets)
    {
        Func<string?>[] descriptions;
        lock (_lock)
            descriptions = [.. _descriptions];
        var left = descriptions
            .Select(describe => describe())
            .OfType<string>()
            .SelectMany(text => text.Split('\n'))
            .Select(line => "\n  " + line)
            .ToArray();
        var names = string.Join(", ", targets);
        return $"still waiting{(names.Length > 0 ? $" for {names}" : "")}. A third signal would end it where it is{(left.Length > 0 ? " and leave:" : ".")}{string.Concat(left)}";
    }

    private sealed class Entry(Unfinished all, Func<string?> describe) : IDisposable
    {
        public void Dispose()
        {
            lock (all._lock)
                all._descriptions.Remove(describe);
        }
    }
}
