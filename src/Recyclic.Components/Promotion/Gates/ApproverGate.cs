using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>
/// Somebody approves who had no hand in what is new since the release that serves: who is no author, co-author or
/// committer of one of its commits, and has not started the run.
/// </summary>
public sealed record ApproverGate : Gate
{
    /// <summary>Who may approve; empty: anybody who had no hand in it.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>
    /// E-mail addresses of programs that commits name, so that GitHub need not know whose they are; default: none.
    /// </summary>
    public ImmutableArray<string> Programs { get; init; } = [];

    /// <summary>
    /// The commit or tag from which people count as long as nothing serves there; null: from the first commit on.
    /// </summary>
    public string? CountsFrom { get; init; }

    /// <inheritdoc/>
    public override string Name => "approver";

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts)
    {
        if (WhyNever(facts) is { } never)
            return Failed(never.What, never.Mend);
        if (facts.PeopleProblem is { } problem)
            return Failed(
                $"who had a hand in {facts.Tag} is not known: {problem}",
                "Run it where the commits are, or use --override \"<why>\"."
            );
        if (facts.Authors.IsEmpty)
            return Failed(
                $"the author of {facts.Tag} is not known, so nobody can be told from them",
                "Run it where the commit is, or use --override \"<why>\"."
            );
        var approver = facts.Approver!;
        return !Approvers.IsEmpty && !Approvers.Any(person => IsSame(facts, person, approver))
            ? Failed(
                $"{Shown(approver)} is not among those who may approve",
                $"Ask one of: {string.Join(", ", Approvers)}."
            )
            : Passed($"{Shown(approver)} approves what {Listed(facts.Authors)} wrote");
    }

    /// <summary>What no reason passes over; null: nothing.</summary>
    internal static GateMistake? WhyNever(GateFacts facts)
    {
        if (facts.IsGitHubRun && facts.PeopleProblem is { } problem)
            return new(
                $"who had a hand in {facts.Tag}, and who reviewed this run, is not known: {problem}",
                "Give the job a GITHUB_TOKEN with actions:read and contents:read; name addresses of programs in ApproverGate.Programs."
            );
        if (string.IsNullOrWhiteSpace(facts.Approver))
            return facts.IsGitHubRun
                ? new(
                    $"GitHub names nobody who reviewed this run for {facts.Environment.GateName}",
                    $"Give the environment reviewers: Settings, Environments, {facts.Environment.GateName}, Required reviewers."
                )
                : new("nobody has said who approves", "Say so: --approver <name>.");
        if (PersonName.WhyNone(facts.Approver) is { } why)
            return new($"{Shown(facts.Approver)} names nobody: {why}", "Say who it is: --approver <name>.");
        return facts.Authors.FirstOrDefault(author => IsSame(facts, author, facts.Approver)) is { } same
            ? new(
                $"{Shown(facts.Approver)} had a hand in it ({Shown(same)}); no reason changes that",
                "Let somebody else approve."
            )
            : null;
    }

    /// <summary>GitHub's logins are exact; of names that people give themselves, those that look alike are one.</summary>
    private static bool IsSame(GateFacts facts, string one, string other) =>
        facts.IsGitHubRun
            ? string.Equals(one, other, StringComparison.OrdinalIgnoreCase)
            : PersonName.IsSame(one, other);

    private static string Listed(ImmutableArray<string> names)
    {
        var people = names.Where(name => !name.Contains('@')).DefaultIfEmpty(names[0]).ToList();
        return string.Join(", ", people.Take(3).Select(Shown))
            + (people.Count > 3 ? $" and {people.Count - 3} more" : "");
    }

    private static string Shown(string name) => PrintableText.Of(name, 60);
}
