using System.Collections.Immutable;
using Recyclic.Components.Environments;

namespace Recyclic.Components.Gates;

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

/// <summary>
/// There is a backup of the database that is young enough. Of those that <see cref="IBackup"/> makes, one of this very
/// application and environment that was checked by a restore.
/// </summary>
/// <param name="Files">Where backups are, on the machine that approves: a directory, `.recyclic/backups`, or a path whose
/// last part has `*`.</param>
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
