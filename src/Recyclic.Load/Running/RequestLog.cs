using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>Finished requests, and the counters that can be read while load is running.</summary>
internal sealed class RequestLog
{
    private readonly Lock _lock = new();
    private readonly List<RequestRecord> _records = [];
    private readonly Dictionary<string, long> _byVersion = [];
    private readonly Dictionary<string, ImmutableArray<string>> _versions = [];
    private long _sent;
    private long _failed;

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void Add(RequestRecord record)
    {
        lock (_lock)
        {
            _records.Add(record with { Versions = Shared(record.Versions) });
            if (record.Failed)
                _failed++;
            foreach (var version in record.Versions)
                _byVersion[version] = _byVersion.GetValueOrDefault(version) + 1;
        }
    }

    public LoadCounters Counters()
    {
        lock (_lock)
            return new LoadCounters(
                Interlocked.Read(ref _sent),
                _records.Count,
                _failed,
                _byVersion.ToImmutableSortedDictionary(StringComparer.Ordinal)
            );
    }

    public (long Sent, ImmutableArray<RequestRecord> Records) Snapshot()
    {
        lock (_lock)
            return (Interlocked.Read(ref _sent), [.. _records]);
    }

    /// <summary>One array for all records that saw the same versions.</summary>
    private ImmutableArray<string> Shared(ImmutableArray<string> versions)
    {
        if (versions.IsDefaultOrEmpty)
            return [];
        var key = versions.Length == 1 ? versions[0] : string.Join('\n', versions);
        return _versions.TryGetValue(key, out var shared) ? shared : _versions[key] = versions;
    }
}
