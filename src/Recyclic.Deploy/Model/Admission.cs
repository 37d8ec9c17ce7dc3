using System.Collections.Immutable;
using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Model;

/// <summary>What an environment asks of a release before it is let in.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="NeedsApproval">Whether a valid <see cref="Approval"/> is needed.</param>
public sealed record AdmissionRule(string Environment, bool NeedsApproval)
{
    /// <summary>What keeps every release out at this moment, an approved one too; empty: nothing.</summary>
    public ImmutableArray<ClosedGate> Closed { get; init; } = [];

    /// <summary>What is about to run; null: not known, and then no approval is for it.</summary>
    public ReleaseSubject? Subject { get; init; }
}

/// <summary>A gate that depends on the moment, and does not hold now.</summary>
/// <param name="Gate">Its name: an approval that passed over this very gate is let in.</param>
/// <param name="Why">For example that of a freeze.</param>
/// <param name="ForHotfixToo">Whether it keeps a hotfix out as well.</param>
public sealed record ClosedGate(string Gate, string Why, bool ForHotfixToo);

/// <summary>Pure: whether a release may enter an environment, by what the environment's own journal says.</summary>
public static class Admission
{
    /// <inheritdoc cref="PersonName.IsSame"/>
    public static bool IsSamePerson(string one, string other) => PersonName.IsSame(one, other);

    /// <param name="now">By the clock of the host that keeps the journal.</param>
    /// <exception cref="ConfigurationException">No valid approval, or not at this moment, or the application here
    /// belongs to another environment.</exception>
    public static void Check(AdmissionRule rule, Release release, Journal journal, DateTimeOffset now)
    {
        if (journal.Environment is { } known && known != rule.Environment)
            throw new ConfigurationException(
                "--environment",
                $"the application on this engine is {known}, not {rule.Environment}",
                $"Use --environment {known}; or give {rule.Environment} an engine or a project name of its own."
            );
        if (!rule.NeedsApproval)
            return;
        var judged = Judged(rule.Environment, release, journal, now)
            .Select(given => (given.Approval, Why: given.Why ?? WhyOtherSubject(given.Approval, rule.Subject)))
            .ToList();
        var valid = judged.Where(given => given.Why is null).Select(given => given.Approval).ToList();
        if (valid.Count == 0)
            throw new ConfigurationException(
                $"environment {rule.Environment}",
                WhyNot(release, judged.Select(given => given.Why!)),
                $"Have it approved by somebody who had no hand in it: ./build.sh ApproveProduction --environment {rule.Environment} --tag {release.Tag} --approver <name>"
            );
        var shut = rule.Closed.Where(gate => !valid.Any(approval => Passes(approval, gate))).ToList();
        if (shut.Count > 0)
            throw new ConfigurationException([
                .. shut.Select(gate => new ConfigurationProblem(
                    $"environment {rule.Environment}",
                    $"{release.Tag} is approved, but {gate.Why}",
                    $"Wait until it is over, or have it approved once more, with a reason: ./build.sh ApproveProduction --environment {rule.Environment} --tag {release.Tag} --approver <name> --override \"<why>\""
                )),
            ]);
    }

    /// <summary>
    /// The approval that lets these images in now, or null; whether what else runs is as it was approved is not asked.
    /// </summary>
    public static Approval? Find(string environment, Release release, Journal journal, DateTimeOffset now) =>
        Judged(environment, release, journal, now).LastOrDefault(given => given.Why is null).Approval;

    private static bool Passes(Approval approval, ClosedGate gate) =>
        approval.PassedOver.Contains(gate.Gate) || approval.Hotfix is not null && !gate.ForHotfixToo;

    private static string WhyNot(Release release, IEnumerable<string> reasons)
    {
        var last = reasons.Reverse().Distinct().Take(3).ToList();
        return last.Count == 0
            ? $"{release.Tag} has no approval"
            : $"{release.Tag} has no valid approval: {string.Join("; ", last)}";
    }

    private static IEnumerable<(Approval Approval, string? Why)> Judged(
        string environment,
        Release release,
        Journal journal,
        DateTimeOffset now
    ) =>
        from given in journal.Records.Index()
        where given.Item.Approval is { } approval && approval.Environment == environment
        select (
            given.Item.Approval,
            WhyInvalid(given.Item.Approval!, release, now) ?? WhyUsed(given.Item.Approval!, given.Index, journal)
        );

    private static string? WhyInvalid(Approval approval, Release release, DateTimeOffset now) =>
        approval switch
        {
            _ when approval.DigestSet != release.DigestSet =>
                $"that of {approval.Tag} by {approval.By} is for other images ({approval.DigestSet}, these are {release.DigestSet})",
            _ when approval.ExpiresAt <= now =>
                $"that by {approval.By} expired at {approval.ExpiresAt:yyyy-MM-dd HH:mm} UTC",
            _ when approval.IsByAuthor => $"that by {approval.By} is by somebody who had a hand in it",
            _ => null,
        };

    /// <summary>
    /// An approval is for one step, from what served when it was given: whatever was begun or committed since has used
    /// it up, however it ended.
    /// </summary>
    private static string? WhyUsed(Approval approval, int place, Journal journal)
    {
        var since = journal.Records.Skip(place + 1);
        if (
            since.FirstOrDefault(record =>
                record.Kind is JournalKind.Begin or JournalKind.Commit or JournalKind.Withdraw
            )
            is not { } first
        )
            return null;
        var end = journal
            .Records.FirstOrDefault(record => record.Kind == JournalKind.End && record.Deploy == first.Deploy)
            ?.Outcome;
        var ended = end switch
        {
            Outcome.Success => "is done",
            Outcome.Undone => "was undone",
            Outcome.Cancelled => "was cancelled",
            Outcome.Failed => "failed",
            _ => "was interrupted",
        };
        var what = first.Operation == Operation.Rollback ? "rollback" : "deploy";
        return $"that by {approval.By} was for the next deploy alone, and the {what} of {first.Release?.Tag ?? "another release"} at {first.At:yyyy-MM-dd HH:mm} UTC {ended}";
    }

    private static string? WhyOtherSubject(Approval approval, ReleaseSubject? subject)
    {
        if (approval.Model is not { } model || approval.ModelKey is not { Length: > 0 } key)
            return $"that by {approval.By} was given by an earlier version of Recyclic, and binds the images alone";
        if (subject is null)
            return $"whether that by {approval.By} is for what is about to run is not known";
        if (approval.Repository != subject.Repository)
            return $"that by {approval.By} is for {approval.Repository ?? "no repository"}, this is {subject.Repository ?? "none"}";
        if (approval.Commit != subject.Commit)
            return $"that by {approval.By} is for the commit {approval.Commit ?? "(none)"}, this is {subject.Commit ?? "(none)"}";
        var changes = ConfigurationChanges.Between(model, BoundModel.Of(subject.Compose, key));
        return changes.IsEmpty
            ? null
            : $"that by {approval.By} is for another configuration; since then:\n{string.Join('\n', ConfigurationChanges.Lines(changes).Select(line => $"    {line}"))}";
    }
}
