namespace Recyclic.Deploy.Model;

/// <summary>One deploy or rollback that is over.</summary>
public sealed record HistoryEntry(
    string Id, Operation Kind, string Tag, string? From, DateTimeOffset StartedAt, double? Seconds, Outcome Outcome,
    double? SwitchMs, RequestCount? Requests, string By, string? Reason)
{
    /// <summary>Null: not recorded.</summary>
    public string? Environment { get; init; }

    /// <summary>The release by its exact content.</summary>
    public string ReleaseId { get; init; } = Tag;
}
