using System.Collections.Immutable;
using System.Text.Json;

namespace Recyclic.Deploy.Model;

/// <summary>A release as committed at some time.</summary>
/// <param name="Release">By its exact images.</param>
/// <param name="Slot">Where it was started.</param>
/// <param name="At">By the clock of the deployer's machine.</param>
/// <param name="By">The person or the CI run; `?`: not recorded.</param>
public sealed record Commitment(Release Release, Slot Slot, DateTimeOffset At, string By);

/// <summary>
/// A deploy that began and did not end, because its deployer died, or ended with something that it could not undo.
/// </summary>
/// <param name="Deploy">Its id, which its records have.</param>
/// <param name="Operation">What it set out to do.</param>
/// <param name="Release">What it was to bring to users.</param>
/// <param name="Slot">Where that was to run.</param>
/// <param name="StartedAt">By the clock of its machine.</param>
/// <param name="By">The person or the CI run; `?`: not recorded.</param>
/// <param name="Number">The place in the plan of the last step begun, from 1; null: none, or an undo was.</param>
/// <param name="Step">The last step begun; null: none.</param>
/// <param name="Committed">Whether its release was committed, and not taken back since.</param>
/// <param name="Undoing">Whether it had begun to undo: then the way is back, whatever works by now.</param>
/// <param name="Before">What was committed when it began; null: nothing.</param>
public sealed record InterruptedDeploy(
    string Deploy,
    Operation Operation,
    Release Release,
    Slot Slot,
    DateTimeOffset StartedAt,
    string By,
    int? Number,
    string? Step,
    bool Committed,
    bool Undoing,
    Commitment? Before
)
{
    /// <summary>
    /// Whether it, its undo or a recovery of it has committed anything: then restart policies may be half set.
    /// </summary>
    public bool HasCommitted { get; init; }

    /// <summary>How its release was to earn its traffic; null: all at once.</summary>
    public CanaryTerms? Canary { get; init; }

    /// <summary>How long its release was to be judged once users have it; null: not at all.</summary>
    public TimeSpan? WatchFor { get; init; }

    /// <summary>What it took over from, which ran under plain compose; empty: nothing.</summary>
    public ImmutableArray<AdoptedContainer> Adopted { get; init; } = [];

    /// <summary>Whether its watch has found that everybody must go back.</summary>
    public bool Breached { get; init; }

    /// <summary>How many words of persons its canary has heard.</summary>
    public int Words { get; init; }
}

/// <summary>The journal, read: what was committed, in order, and what was interrupted.</summary>
/// <param name="Records">As they were written, oldest first.</param>
public sealed partial record Journal(ImmutableArray<JournalRecord> Records)
{
    /// <summary>The latest <see cref="JournalRecord.Schema"/> that this version understands.</summary>
    public const int KnownSchema = 1;

    /// <summary>That of a host to which nothing was deployed.</summary>
    public static Journal Empty { get; } = new([]);

    /// <summary>
    /// Reads journal lines. A line that a crash or a full disk cut short is passed over; the records around it stand.
    /// </summary>
    /// <exception cref="ConfigurationException">A later version has written here: what it meant by a record must not be
    /// guessed.</exception>
    public static Journal Parse(IEnumerable<string> lines)
    {
        var records = ImmutableArray.CreateBuilder<JournalRecord>();
        foreach (var line in lines)
        {
            if (line.Contains("\"schema\":", StringComparison.Ordinal))
                RefuseLaterSchema(line);
            if ((ParseRecord(line) ?? ParseRest(line)) is { } record)
                records.Add(record);
        }
        return new Journal(records.ToImmutable());
    }

    /// <summary>The record behind one that was cut short before its line ended.</summary>
    private static JournalRecord? ParseRest(string line) =>
        line.LastIndexOf("{\"at\":", StringComparison.Ordinal) is > 0 and var at ? ParseRecord(line[at..]) : null;

    private static void RefuseLaterSchema(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (
                document.RootElement is not { ValueKind: JsonValueKind.Object } record
                || !record.TryGetProperty("schema", out var schema)
            )
                return;
            if (
                schema.ValueKind == JsonValueKind.Number
                && !(schema.TryGetInt32(out var number) && number <= KnownSchema)
            )
                throw new ConfigurationException(
                    "journal",
                    $"a later version of Recyclic has written on this host (schema {PrintableText.Of(schema.ToString(), 20)}; this version knows {KnownSchema})",
                    "Use that version or a later one."
                );
        }
        catch (JsonException)
        {
            // Cut short: passed over like any other.
        }
    }

    /// <summary>
    /// Null when it was cut short by a crash: its step counts as not recorded, which recovery allows for.
    /// </summary>
    private static JournalRecord? ParseRecord(string line)
    {
        // Every record has one; a file of nothing else is not worth an exception a line.
        if (!line.Contains("\"deploy\":", StringComparison.Ordinal))
            return null;
        try
        {
            return
                JsonSerializer.Deserialize(line, JournalJson.Default.JournalRecord) is { Deploy: not null } record
                && IsWhole(record)
                ? record with
                {
                    Seconds = Finite(record.Seconds),
                    SwitchMs = Finite(record.SwitchMs),
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A number too large to be one could not be written again.</summary>
    private static double? Finite(double? number) => number is { } given && double.IsFinite(given) ? given : null;

    private static bool IsWhole(JournalRecord record) =>
        Enum.IsDefined(record.Kind)
        && (record.Slot is not { } slot || Enum.IsDefined(slot))
        && (record.Operation is not { } operation || Enum.IsDefined(operation))
        && (record.Outcome is not { } outcome || Enum.IsDefined(outcome))
        && (record.Word is not { } word || Enum.IsDefined(word))
        && record.Canary is not { Shares.IsDefault: true }
        && record.Adopted?.All(each =>
            each is { Id.Length: > 0, Name: not null, Service: not null, Restart: not null, Ports: not null }
        ) != false
        && (
            record.Volumes is not { } volumes
            || volumes.All(volume => volume is { Service: not null, Path: not null, Name.Length: > 0 })
        )
        && (
            record.Approval is not { } approval
            || approval is { Environment: not null, DigestSet: not null, Tag: not null, Approver: not null }
                && approval.Authors.All(author => author is not null)
                && approval.PassedOver.All(gate => gate is not null)
                && approval.Model?.Values.All(value => value is not null) != false
        )
        && (
            record.Release is null
            || record.Release is { Id: not null, Tag: not null, Images: not null } release
                && release.Images.Values.All(image => image is { Reference: not null, Digest: not null })
        );

    /// <summary>All commitments, oldest first.</summary>
    public IEnumerable<Commitment> Commitments => CommitmentsIn(Records);

    private static List<Commitment> CommitmentsIn(IEnumerable<JournalRecord> records)
    {
        var by = "?";
        var commitments = new List<Commitment>();
        foreach (var record in records)
        {
            if (record is { Kind: JournalKind.Begin, By: { } who })
                by = who;
            if (record is { Kind: JournalKind.Commit, Release: { } release, Slot: { } slot })
                commitments.Add(new Commitment(release, slot, record.At, by));
            if (record.Kind == JournalKind.Withdraw && commitments.Count > 0)
                commitments.RemoveAt(commitments.Count - 1);
        }
        return commitments;
    }

    /// <summary>
    /// The releases that were good, oldest first, the current one last. A return to an earlier one, by rollback or
    /// undo, takes away what came after it; a deploy of an earlier one is a step forward. What was undone leaves them
    /// as they were. </summary>
    public ImmutableArray<Commitment> GoodReleases
    {
        get
        {
            var chain = new List<Commitment>();
            JournalRecord? begin = null;
            var before = chain;
            foreach (var record in Records)
            {
                if (record.Kind == JournalKind.Begin)
                    (begin, before) = (record, [.. chain]);
                if (record.Kind == JournalKind.Withdraw && chain.Count > 0)
                    chain.RemoveAt(chain.Count - 1);
                if (record is not { Kind: JournalKind.Commit, Release: { } release, Slot: { } slot })
                    continue;
                var isUndo = begin is not null && !release.Equals(begin.Release);
                if (isUndo && before is [.., var serving] && serving.Release.Equals(release))
                    chain = [.. before];
                var goesBack = begin is null || begin.Operation == Model.Operation.Rollback || isUndo;
                var known = chain.FindIndex(earlier => earlier.Release.Equals(release));
                if (known >= 0)
                    chain.RemoveRange(known, goesBack ? chain.Count - known : 1);
                chain.Add(new Commitment(release, slot, record.At, begin?.By ?? "?"));
            }
            return [.. chain];
        }
    }

    /// <summary>
    /// Whether what serves was deployed, or rolled back to, with the wish that the release before it runs on.
    /// </summary>
    public bool KeepsWarm
    {
        get
        {
            JournalRecord? begin = null;
            var (keeps, before) = (false, false);
            foreach (var record in Records)
            {
                if (record.Kind == JournalKind.Begin)
                    (begin, before) = (record, keeps);
                if (record is { Kind: JournalKind.Commit, Slot: { } slot })
                    keeps = slot == begin?.Slot ? begin.KeepWarm == true : before;
            }
            return keeps;
        }
    }

    /// <summary>
    /// The volume in which the last release that was committed kept what a service wrote below a path; null: none is
    /// recorded.
    /// </summary>
    public string? VolumeOf(string service, string path)
    {
        var committed = Records
            .Where(record => record.Kind == JournalKind.Commit)
            .Select(record => record.Deploy)
            .ToHashSet();
        return Records
            .Where(record => record.Kind == JournalKind.Begin && committed.Contains(record.Deploy))
            .SelectMany(record => record.Volumes ?? [])
            .LastOrDefault(volume => volume.Service == service && volume.Path == path)
            ?.Name;
    }

    /// <summary>
    /// What users get, by the journal alone; null: nothing was committed, or all of it was taken back.
    /// </summary>
    public Commitment? Current => Commitments.LastOrDefault();

    /// <summary>
    /// The commit that what users get is of, all its digits; null: nothing serves, or it is not recorded.
    /// </summary>
    public string? ServingCommit =>
        Current is { } current
            ? Records
                .LastOrDefault(record =>
                    record is { Kind: JournalKind.Begin, Commit: not null } && current.Release.Equals(record.Release)
                )
                ?.Commit
            : null;

    /// <summary>The services of a release that do their work once and end, as its last deploy recorded them.</summary>
    public ImmutableArray<string> OneOffsOf(Release release) =>
        [
            .. Records
                .LastOrDefault(record =>
                    record is { Kind: JournalKind.Begin, OneOffs: not null } && release.Equals(record.Release)
                )
                ?.OneOffs
                ?? [],
        ];

    /// <summary>The environment that the application is, by its last deploy; null: not recorded.</summary>
    public string? Environment =>
        Records.LastOrDefault(record => record is { Kind: JournalKind.Begin, Environment: not null })?.Environment;

    /// <summary>By which the files of releases are compared; null: no release had any.</summary>
    internal string? FilesKey => Records.LastOrDefault(record => record.FilesKey is { Length: > 0 })?.FilesKey;

    /// <summary>
    /// Where the application was last deployed from; null: not recorded. A rollback does not change it.
    /// </summary>
    public Origin? Origin =>
        Records.LastOrDefault(record => record is { Kind: JournalKind.Begin, Origin: not null })?.Origin;

    /// <summary>Where a rollback without a tag goes; null: there is no earlier good release.</summary>
    public Commitment? Previous => GoodReleases is [.., var previous, _] ? previous : null;

    /// <summary>What the last deploy or rollback left to be put right; null: nothing.</summary>
    public InterruptedDeploy? Interrupted
    {
        get
        {
            var begin = Records.LastOrDefault(record => record.Kind == JournalKind.Begin);
            if (begin is not { Operation: { } operation, Release: { } release, Slot: { } slot })
                return null;
            var own = Records.Where(record => record.Deploy == begin.Deploy).ToList();
            // What a watch left where it is, for a person to decide, is whole.
            if (
                own.Any(record => record is { Kind: JournalKind.End, Outcome: Model.Outcome.Failed })
                && own.Any(record => record is { Kind: JournalKind.Watch, Stays: true })
            )
                return null;
            // One that failed and could not be undone has ended, but what it left is still to be put right.
            if (own.LastOrDefault(record => record.Kind == JournalKind.End) is { Outcome: not Model.Outcome.Failed })
                return null;
            var step = own.LastOrDefault(record => record.Kind is JournalKind.StepBegun or JournalKind.UndoBegun);
            var last = own.LastOrDefault(record => record.Kind is JournalKind.Commit or JournalKind.Withdraw);
            var committed = last is { Kind: JournalKind.Commit } && last.Slot == slot && release.Equals(last.Release);
            return new InterruptedDeploy(
                begin.Deploy,
                operation,
                release,
                slot,
                begin.At,
                begin.By ?? "?",
                step?.Number,
                step?.Step,
                committed,
                own.Any(record => record.Kind == JournalKind.UndoBegun),
                CommitmentsIn(Records.TakeWhile(record => record != begin)).LastOrDefault()
            )
            {
                HasCommitted = own.Any(record => record.Kind == JournalKind.Commit),
                Canary = begin.Canary,
                WatchFor = begin.WatchFor,
                Adopted = begin.Adopted?.ToImmutableArray() ?? [],
                Breached = own.Any(record => record is { Kind: JournalKind.Watch, Trigger: not null, Stays: null }),
                Words = own.Count(record => record.Word is not null),
            };
        }
    }

    /// <summary>
    /// Each deploy and rollback, oldest first. One that has not ended counts as interrupted, also while it is at work.
    /// </summary>
    public IEnumerable<HistoryEntry> History =>
        from begin in Records
        where begin is { Kind: JournalKind.Begin, Operation: not null, Release: not null }
        let end = Records.FirstOrDefault(record => record.Deploy == begin.Deploy && record.Kind == JournalKind.End)
        select new HistoryEntry(
            begin.Deploy,
            begin.Operation!.Value,
            begin.Release!.Tag,
            begin.From,
            begin.At,
            end?.Seconds,
            end?.Outcome ?? Outcome.Interrupted,
            end?.SwitchMs,
            end?.Requests,
            begin.By ?? "?",
            end?.Reason
        )
        {
            Environment = begin.Environment,
            ReleaseId = begin.Release!.Id,
            SmokeTestsSkipped = begin.SmokeTestsSkipped,
            Canary = begin.Canary?.Shares ?? [],
            Trigger = Records
                .LastOrDefault(record => record.Deploy == begin.Deploy && record.Kind == JournalKind.Watch)
                ?.Trigger,
        };

    /// <summary>
    /// What a person is told of a release: its tag, or its id where another release of that tag was begun here.
    /// </summary>
    public string NameOf(string id, string tag) =>
        Records.Any(record =>
            record is { Kind: JournalKind.Begin, Release: { } other } && other.Tag == tag && other.Id != id
        )
            ? id
            : tag;

    /// <summary>Where a tag was last committed, or null when it never was.</summary>
    public Commitment? Find(string tag) =>
        Commitments.LastOrDefault(commitment => commitment.Release.Tag == tag || commitment.Release.Id == tag);
}
