using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>One deploy or rollback that is over.</summary>
/// <param name="Id">The deploy's own, as its journal records have it.</param>
/// <param name="Kind">Deploy or rollback.</param>
/// <param name="Tag">The release that it was for.</param>
/// <param name="From">The tag that served before; null: none did.</param>
/// <param name="StartedAt">By the clock of the deployer's machine.</param>
/// <param name="Seconds">Null: it has no end.</param>
/// <param name="Outcome">Interrupted also while it is at work.</param>
/// <param name="SwitchMs">From the last container healthy to the edge having confirmed the cutover; null: nothing was
/// cut over.</param>
/// <param name="Requests">Null: not counted.</param>
/// <param name="By">The person or the CI run; `?`: not recorded.</param>
/// <param name="Reason">What went wrong; null: nothing.</param>
public sealed record HistoryEntry(
    string Id,
    Operation Kind,
    string Tag,
    string? From,
    DateTimeOffset StartedAt,
    double? Seconds,
    Outcome Outcome,
    double? SwitchMs,
    RequestCount? Requests,
    string By,
    string? Reason
)
{
    /// <summary>Null: not recorded.</summary>
    public string? Environment { get; init; }

    /// <summary>Why its smoke tests did not run, as a person said; null: they ran, or there were none.</summary>
    public string? SmokeTestsSkipped { get; init; }

    /// <summary>The release by its exact content.</summary>
    public string ReleaseId { get; init; } = Tag;

    /// <summary>What its watch found, as `high_error_rate`; null: nothing, or it had none.</summary>
    public string? Trigger { get; init; }

    /// <summary>The shares of its canary in percent; empty: it had none.</summary>
    public ImmutableArray<int> Canary { get; init; } = [];
}
