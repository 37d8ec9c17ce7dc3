using System.Collections.Immutable;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Why a step could not do its work, with the evidence: exit codes, the last probe, the last log lines.
/// </summary>
public sealed class StepFailedException(string reason, ImmutableArray<string> evidence) : Exception(reason)
{
    /// <summary>
    /// Lines for a person to read, which may hold anything a container printed; empty: there is none.
    /// </summary>
    public ImmutableArray<string> Evidence { get; } = evidence;

    /// <summary>The service that was to blame; null: none in particular.</summary>
    public string? Service { get; init; }

    /// <summary>Whether nothing is undone: users keep what they have until a person has decided. Default: false.</summary>
    public bool Stays { get; init; }

    /// <summary>What a person should do next; null: nothing in particular.</summary>
    public string? Next { get; init; }

    /// <summary>The same with one more line of evidence, before what containers printed.</summary>
    internal StepFailedException With(string line) =>
        new(Message, [line, .. Evidence])
        {
            Service = Service,
            Stays = Stays,
            Next = Next,
        };
}

/// <summary>A step that went wrong, and the exception that said so.</summary>
/// <param name="Number">The step's place in the plan, from 1; of an undo, that of the step that failed.</param>
/// <param name="Of">How many steps the plan has.</param>
/// <param name="Step">The step, or the undo, that went wrong.</param>
/// <param name="Cause">A cancellation too.</param>
public sealed record StepFailure(int Number, int Of, DeployStep Step, Exception Cause)
{
    /// <inheritdoc cref="StepFailedException.Evidence"/>
    public ImmutableArray<string> Evidence => Cause is StepFailedException failed ? failed.Evidence : [];
}

/// <summary>How a deploy or rollback ended.</summary>
/// <param name="Plan">What was to be done.</param>
/// <param name="Outcome">Success, Undone, Cancelled, or Failed: failed and *not* restored.</param>
/// <param name="Took">Steps and undo, without the wait for the lock.</param>
/// <param name="SwitchMs">From the last container healthy to the edge having confirmed the cutover.</param>
/// <param name="Requests">What the edge's log said meanwhile; null: nothing is published.</param>
/// <param name="Failure">Null: of a success, and of nothing else.</param>
/// <param name="Undone">What was taken back, in that order.</param>
/// <param name="UndoFailures">What could not be; empty: all was.</param>
/// <param name="Warnings">What went wrong and failed nothing, a line each.</param>
public sealed record DeployOutcome(
    DeployPlan Plan,
    Outcome Outcome,
    TimeSpan Took,
    double? SwitchMs,
    RequestCount? Requests,
    StepFailure? Failure,
    ImmutableArray<DeployStep> Undone,
    ImmutableArray<StepFailure> UndoFailures,
    ImmutableArray<string> Warnings
)
{
    /// <summary>
    /// The host after a failure, or after a rollback that succeeded; null: it was not read, or could not be.
    /// </summary>
    public Snapshot? After { get; init; }

    /// <summary>0 done, 1 failed and restored, 3 failed and not restored, 130 cancelled and restored.</summary>
    public int ExitCode =>
        Outcome switch
        {
            Outcome.Success => 0,
            Outcome.Undone => 1,
            Outcome.Cancelled => 130,
            _ => 3,
        };
}

/// <summary>What one deploy works with.</summary>
/// <param name="App">Null for a way back that needs no compose file.</param>
internal sealed record DeployContext(
    string DeployId,
    string AppName,
    Application? App,
    DeployOptions Options,
    long Generation
)
{
    /// <summary>The names that the application's things have on this host.</summary>
    public Naming Naming { get; init; } = new(AppName);

    /// <summary>What the deploy is to bring; null: it brings none.</summary>
    public Release? Release { get; init; }

    /// <summary>What hooks are told; null: there are none.</summary>
    public HookFacts? Facts { get; init; }
}
