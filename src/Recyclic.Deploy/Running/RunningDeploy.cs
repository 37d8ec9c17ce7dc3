using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// A deploy under way: what one step has found or done and a later one goes by. Steps tell each other nothing else.
/// </summary>
/// <param name="generation">The host's when the plan was made.</param>
internal sealed class RunningDeploy(long generation, TimeProvider time)
{
    private long _healthyAt;

    /// <summary>How many commits there have been; the next one is refused when others have made more.</summary>
    public long Generation { get; private set; } = generation;

    /// <summary>Whether a commit was begun of which nobody knows if it was made.</summary>
    public bool CommitIsInDoubt { get; private set; }

    /// <summary>The slot that passed the gate, as it was seen there; null: none has.</summary>
    public SeenSlot? Fresh { get; set; }

    /// <summary>Who judges the canary; null: nobody was asked yet.</summary>
    public ICanaryJudge? Judge { get; set; }

    /// <summary>Whether a person wants the shares that are left without a judgement.</summary>
    public bool PromotedFully { get; set; }

    /// <summary>The slot that this deploy last sent users to; null: it has left them where they were.</summary>
    public Slot? Users { get; private set; }

    /// <summary>
    /// From the last container healthy to the edge having confirmed the first cutover, in milliseconds; null before.
    /// </summary>
    public double? SwitchMs { get; private set; }

    /// <summary>What went wrong in steps and failed nothing, a line each.</summary>
    public ImmutableArray<string> Warnings { get; private set; } = [];

    public void Warn(string text) => Warnings = Warnings.Add(text);

    public void AllAreHealthy() => _healthyAt = time.GetTimestamp();

    public void UsersAreSentTo(Slot slot)
    {
        Users = slot;
        SwitchMs ??= _healthyAt == 0 ? null : time.GetElapsedTime(_healthyAt).TotalMilliseconds;
    }

    public void GenerationIs(long found) => Generation = found;

    public void CommitBegins() => CommitIsInDoubt = true;

    public void CommitIsMade()
    {
        CommitIsInDoubt = false;
        Generation++;
    }
}
