using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Model;

/// <summary>What a command set out to do. The names stand in journals.</summary>
public enum Operation
{
    /// <summary>A release is started and gets the traffic.</summary>
    Deploy,

    /// <summary>An earlier release gets the traffic again.</summary>
    Rollback,
}

/// <summary>How a deploy or a rollback ended. The names stand in journals.</summary>
public enum Outcome
{
    /// <summary>Users have what was asked for.</summary>
    Success,

    /// <summary>It failed, and users have what they had before.</summary>
    Undone,

    /// <summary>
    /// It failed and could not be undone: the host is to be put right, which the next deploy or Recover does.
    /// </summary>
    Failed,

    /// <summary>A person stopped it, and users have what they had before.</summary>
    Cancelled,

    /// <summary>Its deployer died; the command that put things right has recorded the end.</summary>
    Interrupted,
}

/// <summary>What the edge's log said of the requests during a deploy.</summary>
/// <param name="Total">All requests that ended in that time.</param>
/// <param name="Failed">A 5xx, or a session that the server or the edge broke off; what the client broke off is
/// none.</param>
public sealed record RequestCount(long Total, long Failed)
{
    /// <summary>How many of them waited in the edge while their service was handed over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Held { get; init; }

    /// <summary>How long the one that waited longest did, in milliseconds; 0: none waited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LongestHeldMs { get; init; }
}

/// <summary>One line of the journal. <see cref="Kind"/> says which of the other fields are present.</summary>
/// <param name="At">By the clock of the deployer's machine.</param>
/// <param name="Deploy">The id of the deploy, rollback or approval that it belongs to.</param>
/// <param name="Kind">Says which of the other fields there are.</param>
public sealed record JournalRecord(DateTimeOffset At, string Deploy, JournalKind Kind)
{
    /// <summary>Of Begin.</summary>
    public Operation? Operation { get; init; }

    /// <summary>Of Begin, Commit, SmokeTest and Contract.</summary>
    public Release? Release { get; init; }

    /// <summary>Where the release goes; of Begin and Commit.</summary>
    public Slot? Slot { get; init; }

    /// <summary>The tag that served before; of Begin. Null: none did.</summary>
    public string? From { get; init; }

    /// <summary>The person or the CI run; of Begin and Approve, and of Canary where a person spoke.</summary>
    public string? By { get; init; }

    /// <summary>The step's sentence, <see cref="Steps.DeployStep.Describe"/>; of StepBegun, UndoBegun and Contract.</summary>
    public string? Step { get; init; }

    /// <summary>The step's place in the plan, from 1; of StepBegun and StepEnded.</summary>
    public int? Number { get; init; }

    /// <summary>Of End and SmokeTest.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>How long steps and undo took, without the wait for the lock; of End.</summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// From the last container healthy to the edge having confirmed the cutover, in milliseconds; of End. Null: nothing
    /// was cut over.
    /// </summary>
    public double? SwitchMs { get; init; }

    /// <summary>Of End; null: nothing is published.</summary>
    public RequestCount? Requests { get; init; }

    /// <summary>What went wrong, or how a recovery ended it; of End and SmokeTest. Null: nothing did.</summary>
    public string? Reason { get; init; }

    /// <summary>The environment's name; null in records of before there were any.</summary>
    public string? Environment { get; init; }

    /// <summary>Of Approve.</summary>
    public Approval? Approval { get; init; }

    /// <summary>
    /// Whether the release that served before runs on, without traffic, once this is through; null: no.
    /// </summary>
    public bool? KeepWarm { get; init; }

    /// <summary>Why the smoke tests of the release do not run, as a person said; of Begin. Null: they run, or there are
    /// none.</summary>
    public string? SmokeTestsSkipped { get; init; }

    /// <summary>Where the release keeps what it writes without the file naming a volume; null: nowhere.</summary>
    public DataVolume[]? Volumes { get; init; }

    /// <summary>
    /// By which the files of releases are compared; random, the same in each record of an application. Null: the
    /// release has none.
    /// </summary>
    public string? FilesKey { get; init; }

    /// <summary>
    /// The services of the release that do their work once and end; of Begin. Null: it has none, or they were not
    /// recorded yet.
    /// </summary>
    public string[]? OneOffs { get; init; }

    /// <summary>Where it was deployed from; null in records of before that was written down.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The commit that the release is of, all its digits; of Begin. Null: not known.</summary>
    public string? Commit { get; init; }

    /// <summary>How the release is to earn its traffic; of Begin. Null: it gets all of it at once.</summary>
    public CanaryTerms? Canary { get; init; }

    /// <summary>How long it is judged once users have it; of Begin. Null: it is not.</summary>
    public TimeSpan? WatchFor { get; init; }

    /// <summary>What ran under plain compose and was taken over from; of Begin. Null: nothing did.</summary>
    public AdoptedContainer[]? Adopted { get; init; }

    /// <summary>What a breach was found by; of Watch. Null: none was found.</summary>
    public string? Trigger { get; init; }

    /// <summary>Whether a breach has moved nobody, since a person is needed; of Watch. Null: no.</summary>
    public bool? Stays { get; init; }

    /// <summary>How many visitors of a hundred had the new release; of Canary.</summary>
    public int? Percent { get; init; }

    /// <summary>All that a judge's word came from, as JSON, by which it can be made once more; of Canary. Null: nothing was
    /// kept.</summary>
    public string? Judgement { get; init; }

    /// <summary>What a person wanted; of Canary. Null: the judge's word ended the share.</summary>
    public CanaryWord? Word { get; init; }

    /// <summary>How the journal is to be read, by who wrote this; null: as ever since the first version.</summary>
    public int? Schema { get; init; }

    /// <summary>The record as one line of the journal, without its line feed. What is null is left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JournalJson.Default.JournalRecord);
}

/// <summary>What a record is of, and which fields it has. The names stand in journals.</summary>
public enum JournalKind
{
    /// <summary>
    /// A deploy or rollback began: operation, release, slot, from, by, environment, keepWarm, smokeTestsSkipped, volumes,
    /// filesKey, oneOffs, origin, canary, watchFor, adopted.
    /// </summary>
    Begin,

    /// <summary>A step is about to run: number, step.</summary>
    StepBegun,

    /// <summary>A step ended well: number.</summary>
    StepEnded,

    /// <summary>An undo is about to run: step.</summary>
    UndoBegun,

    /// <summary>A release became the one that users get, durably: release, slot.</summary>
    Commit,

    /// <summary>The last commit is taken back: there was no release before it to return to.</summary>
    Withdraw,

    /// <summary>
    /// A deploy or rollback ended: outcome, seconds, switchMs, requests, reason. A second one follows `failed` once
    /// that is put right.
    /// </summary>
    End,

    /// <summary>A release may enter this environment: approval, by.</summary>
    Approve,

    /// <summary>The release that serves was tried as users see it: release, outcome, reason.</summary>
    SmokeTest,

    /// <summary>
    /// A contract migration of a release is about to run, after which what was released before may not work any more:
    /// release, step.
    /// </summary>
    Contract,

    /// <summary>A share of a canary was judged, or a person said how it goes on: percent, reason, judgement, word, by.</summary>
    Canary,

    /// <summary>
    /// The watch over a release that users have ended, or found a breach: reason, judgement, trigger, stays.
    /// </summary>
    Watch,
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(JournalRecord))]
internal sealed partial class JournalJson : JsonSerializerContext;
