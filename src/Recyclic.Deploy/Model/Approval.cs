using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// A person's yes to one release in one environment, for a time. It is a record of the environment's own journal.
/// </summary>
/// <param name="Environment">For example `production`.</param>
/// <param name="DigestSet">What was approved, <see cref="Release.DigestSet"/>: not the tag, which may name other
/// content by now.</param>
/// <param name="Tag">The tag at that time, for people.</param>
/// <param name="Approver">Who said yes.</param>
/// <param name="ExpiresAt">From then on it counts no more.</param>
public sealed record Approval(
    string Environment,
    string DigestSet,
    string Tag,
    string Approver,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>
    /// The names of all who had a hand in what is new: authors, co-authors, committers, and who started the run; empty:
    /// not known.
    /// </summary>
    public ImmutableArray<string> Authors
    {
        get => field.IsDefault ? [] : field;
        init;
    } = [];

    /// <summary>
    /// The run on GitHub in which it was given, `team/shop/actions/runs/77`: then the names are GitHub's logins. Null: a
    /// person's own word.
    /// </summary>
    public string? Run { get; init; }

    /// <summary>Whether the approver is one of the <see cref="Authors"/>.</summary>
    internal bool IsByAuthor =>
        Authors.Any(author =>
            Run is null
                ? PersonName.IsSame(author, Approver)
                : string.Equals(author, Approver, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Why gates that did not pass were passed over; null: all passed.</summary>
    public string? Override { get; init; }

    /// <summary>Why this is a hotfix; null: it is none.</summary>
    public string? Hotfix { get; init; }

    /// <summary>The gates that <see cref="Override"/> passed over, by name.</summary>
    public ImmutableArray<string> PassedOver
    {
        get => field.IsDefault ? [] : field;
        init;
    } = [];

    /// <summary>What each gate said, one line each.</summary>
    public ImmutableArray<string> Evidence
    {
        get => field.IsDefault ? [] : field;
        init;
    } = [];
}

/// <summary>What an environment asks of a release before it is let in.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="NeedsApproval">Whether a valid <see cref="Approval"/> is needed.</param>
public sealed record AdmissionRule(string Environment, bool NeedsApproval)
{
    /// <summary>What keeps every release out at this moment, an approved one too; empty: nothing.</summary>
    public ImmutableArray<ClosedGate> Closed { get; init; } = [];
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
        if (WhyNot(rule.Environment, release, journal, now) is { } why)
            throw new ConfigurationException(
                $"environment {rule.Environment}",
                why,
                $"Have it approved by somebody other than its author: ./build.sh ApproveProduction --environment {rule.Environment} --tag {release.Tag} --approver <name>"
            );
        var shut = rule
            .Closed.Where(gate =>
                !Valid(rule.Environment, release, journal, now).Any(approval => Passes(approval, gate))
            )
            .ToList();
        if (shut.Count > 0)
            throw new ConfigurationException([
                .. shut.Select(gate => new ConfigurationProblem(
                    $"environment {rule.Environment}",
                    $"{release.Tag} is approved, but {gate.Why}",
                    $"Wait until it is over, or have it approved once more, with a reason: ./build.sh ApproveProduction --environment {rule.Environment} --tag {release.Tag} --approver <name> --override \"<why>\""
                )),
            ]);
    }

    /// <summary>The approval that lets a release in now, or null.</summary>
    public static Approval? Find(string environment, Release release, Journal journal, DateTimeOffset now) =>
        Valid(environment, release, journal, now).LastOrDefault();

    private static IEnumerable<Approval> Valid(
        string environment,
        Release release,
        Journal journal,
        DateTimeOffset now
    ) => Approvals(environment, journal).Where(approval => WhyInvalid(approval, release, now) is null);

    private static bool Passes(Approval approval, ClosedGate gate) =>
        approval.PassedOver.Contains(gate.Gate) || approval.Hotfix is not null && !gate.ForHotfixToo;

    private static string? WhyNot(string environment, Release release, Journal journal, DateTimeOffset now)
    {
        if (Find(environment, release, journal, now) is not null)
            return null;
        var reasons = Approvals(environment, journal)
            .Reverse()
            .Take(3)
            .Select(approval => WhyInvalid(approval, release, now))
            .OfType<string>()
            .ToList();
        return reasons.Count == 0
            ? $"{release.Tag} has no approval"
            : $"{release.Tag} has no valid approval: {string.Join("; ", reasons)}";
    }

    private static string? WhyInvalid(Approval approval, Release release, DateTimeOffset now) =>
        approval switch
        {
            _ when approval.DigestSet != release.DigestSet =>
                $"that of {approval.Tag} by {approval.Approver} is for other images ({approval.DigestSet}, these are {release.DigestSet})",
            _ when approval.ExpiresAt <= now =>
                $"that by {approval.Approver} expired at {approval.ExpiresAt:yyyy-MM-dd HH:mm} UTC",
            _ when approval.IsByAuthor => $"that by {approval.Approver} is by somebody who had a hand in it",
            _ => null,
        };

    private static IEnumerable<Approval> Approvals(string environment, Journal journal) =>
        journal
            .Records.Select(record => record.Approval)
            .OfType<Approval>()
            .Where(approval => approval.Environment == environment);
}
