using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>
/// Says of a canary whether its release is as good as the one that serves beside it. One judge hears all shares of one
/// canary, one call at a time.
/// </summary>
public interface ICanaryJudge
{
    /// <summary>A share begins to be judged.</summary>
    void Begin(CanaryStage stage);

    /// <summary>A line of the edge's log, as it comes: JSON, a line a request; others are to be passed over.</summary>
    void Hear(string line);

    /// <summary>A line of the edge's log of before the deploy; only a watch has those. Default: passed over.</summary>
    void Remember(DateTimeOffset at, string line) { }

    /// <summary>What is to be said by now. It is asked about once a second.</summary>
    Task<CanaryVerdict> JudgeAsync(CanaryStage stage, CancellationToken cancellationToken);
}

/// <summary>A share of a canary while it is judged.</summary>
/// <param name="App">The application.</param>
/// <param name="Fresh">Where the new release is; the other slot has the one that serves.</param>
/// <param name="Percent">How many visitors of a hundred have the new one.</param>
/// <param name="Bake">How long it is to be judged at least.</param>
/// <param name="Elapsed">Since it began to be.</param>
public sealed record CanaryStage(string App, Slot Fresh, int Percent, TimeSpan Bake, TimeSpan Elapsed);

/// <summary>What a judge says.</summary>
public enum CanaryAnswer
{
    /// <summary>The new release is as good: once the time is over, the next share may come.</summary>
    Pass,

    /// <summary>That cannot be told yet: the share stays as it is.</summary>
    Hold,

    /// <summary>The new release is worse: everybody goes back.</summary>
    Breach,
}

/// <summary>What a judge says, and why.</summary>
/// <param name="Answer">What is to become of the canary.</param>
/// <param name="Reason">One line with the numbers, for a person and the journal.</param>
public sealed record CanaryVerdict(CanaryAnswer Answer, string Reason)
{
    /// <summary>
    /// All that went into it, for the journal: one line, by which it can be made once more. Null: there is nothing to
    /// keep.
    /// </summary>
    public string? Record { get; init; }

    /// <summary>Of a watch's breach: what it was found by, as `high_error_rate`. Null: nothing is wrong.</summary>
    public string? Trigger { get; init; }
}
