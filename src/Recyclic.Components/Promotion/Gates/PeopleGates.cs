using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>Somebody other than the author of the commit approves.</summary>
public sealed record ApproverGate : Gate
{
    /// <summary>Who may approve; empty: anybody but the author.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <inheritdoc/>
    public override string Name => "approver";

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts)
    {
        if (string.IsNullOrWhiteSpace(facts.Approver))
            return facts.IsGitHubRun
                ? Failed(NobodyReviewed(facts), HowToReview(facts))
                : Failed("nobody has said who approves", "Say so: --approver <name>.");
        if (facts.Authors.IsEmpty)
            return Failed(
                $"the author of {facts.Tag} is not known, so nobody can be told from them",
                "Run it where the commit is, or use --override \"<why>\"."
            );
        if (facts.Authors.FirstOrDefault(author => Admission.IsSamePerson(author, facts.Approver)) is { } same)
            return Failed($"{facts.Approver} is the author of the commit ({same})", "Let somebody else approve.");
        if (!Approvers.IsEmpty && !Approvers.Any(person => Admission.IsSamePerson(person, facts.Approver)))
            return Failed(
                $"{facts.Approver} is not among those who may approve",
                $"Ask one of: {string.Join(", ", Approvers)}."
            );
        return Passed($"{facts.Approver} approves what {facts.Authors[0]} wrote");
    }

    internal static string NobodyReviewed(GateFacts facts) =>
        facts.PeopleProblem is { } problem
            ? $"who reviewed this run is not known: {problem}"
            : $"GitHub names nobody who reviewed this run for {facts.Environment.GateName}";

    internal static string HowToReview(GateFacts facts) =>
        facts.PeopleProblem is not null
            ? "Give the job a GITHUB_TOKEN with the permission actions:read, and run it again."
            : $"Give the environment reviewers: Settings, Environments, {facts.Environment.GateName}, Required reviewers.";
}

/// <summary>The changelog has a heading for the version: its tag, or what is not released yet.</summary>
/// <param name="File">Below the root directory.</param>
public sealed record ChangelogGate(string File = "CHANGELOG.md") : Gate
{
    /// <inheritdoc/>
    public override string Name => "changelog";

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts)
    {
        if (facts.ChangelogHeadings is not { } headings)
            return Failed($"there is no {File}", $"Write one, with a heading for {facts.Tag}.");
        var heading =
            headings.FirstOrDefault(heading => Words(heading).Contains(facts.Tag, StringComparer.OrdinalIgnoreCase))
            ?? headings.FirstOrDefault(heading =>
                Words(heading).Contains("unreleased", StringComparer.OrdinalIgnoreCase)
            );
        return heading is null
            ? Failed(
                $"no heading of {File} names {facts.Tag} or \"Unreleased\"",
                $"Add what is new under \"## {facts.Tag}\"."
            )
            : Passed($"{File} has \"{heading}\"");
    }

    private static string[] Words(string heading) =>
        heading.Split([' ', '[', ']', '(', ')', '#'], StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>There is a backup of the database that is young enough.</summary>
/// <param name="Files">Where backups are, on the machine that approves: a directory, or a path whose last part has
/// `*`.</param>
/// <param name="MaximumAge">Above zero.</param>
public sealed record BackupGate(string Files, TimeSpan MaximumAge) : Gate
{
    /// <inheritdoc/>
    public override string Name => "backup";

    /// <inheritdoc/>
    public override IEnumerable<GateMistake> Mistakes(DeployEnvironment environment)
    {
        if (MaximumAge <= TimeSpan.Zero)
            yield return new("the age is not above zero", "Use a time above zero.");
    }

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts) =>
        facts.NewestBackup switch
        {
            null => Failed($"there is no backup at {Files}", "Make one."),
            { } made when made > facts.Now + TimeSpan.FromMinutes(5) => Failed(
                $"the newest backup at {Files} is of the future, {made:yyyy-MM-dd HH:mm} UTC",
                "Set the clocks right."
            ),
            { } made when facts.Now - made <= MaximumAge => Passed(
                $"the newest backup is {Spelled.Time(facts.Now - made)} old"
            ),
            { } made => Failed(
                $"the newest backup is {Spelled.Time(facts.Now - made)} old, more than {Spelled.Time(MaximumAge)}",
                "Make a new one."
            ),
        };
}

/// <summary>The commit's checks on GitHub are green.</summary>
public sealed record ChecksGate : Gate
{
    /// <inheritdoc/>
    public override string Name => "checks";

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts) =>
        facts switch
        {
            { Checks: null } => NotAsked(
                $"not asked: {facts.GitHubProblem ?? $"{facts.Tag} is no commit here"}",
                "Set GITHUB_TOKEN and GITHUB_REPOSITORY."
            ),
            { Checks.Failed: { IsEmpty: false } failed } => Failed(
                $"failed: {string.Join(", ", failed)}",
                "Mend them."
            ),
            { Checks.Pending: { IsEmpty: false } pending } => Failed(
                $"still at work: {string.Join(", ", pending)}",
                "Wait for them."
            ),
            { Checks.Passed.IsEmpty: true } => Failed(
                $"the commit {facts.Tag} has no check",
                "Push it, so that its checks run."
            ),
            _ => Passed($"{facts.Checks.Passed.Length} green"),
        };
}

/// <summary>No issue with one of these labels is open on GitHub.</summary>
public sealed record IssuesGate : Gate
{
    /// <summary>Default: `P0` and `P1`.</summary>
    public ImmutableArray<string> Labels { get; init; } = ["P0", "P1"];

    /// <inheritdoc/>
    public override string Name => "issues";

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts)
    {
        var labels = string.Join(" or ", Labels);
        if (facts.OpenIssues is not { } issues)
            return NotAsked(
                $"not asked: {facts.GitHubProblem ?? "no GitHub"}",
                "Set GITHUB_TOKEN and GITHUB_REPOSITORY."
            );
        if (issues.IsEmpty)
            return Passed($"no open issue with {labels}");
        var shown =
            $"open with {labels}: {string.Join("; ", issues.Take(5))}{(issues.Length > 5 ? $"; and {issues.Length - 5} more" : "")}";
        return facts.Hotfix is { } reason
            ? Waived($"{shown}; waived for a hotfix: {reason}")
            : Failed(shown, "Close them, or use --hotfix \"<why>\" when this mends one.");
    }
}
