using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>
/// What a gate's answer means for the release: only <see cref="Passed"/> and <see cref="Waived"/> let it go on.
/// </summary>
public enum GateVerdict
{
    /// <summary>It holds.</summary>
    Passed,

    /// <summary>It does not hold: no approval, unless overridden.</summary>
    Failed,

    /// <summary>It is passed over, for a reason that the evidence gives.</summary>
    Waived,

    /// <summary>
    /// It was not asked, not answered, or not understood: no approval, unless overridden, or the environment says
    /// otherwise by <see cref="Gate.MayGoUnasked"/>.
    /// </summary>
    NotAsked,
}

/// <summary>What a gate said.</summary>
/// <param name="Gate">Its name, as the checklist shows it.</param>
/// <param name="Verdict">Whether it holds the release back.</param>
/// <param name="Evidence">What was seen, with figures.</param>
/// <param name="Next">What to do about it; null: nothing.</param>
public sealed record GateResult(string Gate, GateVerdict Verdict, string Evidence, string? Next = null);

/// <summary>A mistake in a gate's own definition.</summary>
/// <param name="What">Without a full stop at its end.</param>
/// <param name="Mend">A whole sentence.</param>
public sealed record GateMistake(string What, string Mend);

/// <summary>Everything that gates judge by, gathered beforehand.</summary>
/// <param name="Environment">Where the release is to go.</param>
/// <param name="Now">The moment that all gates judge by.</param>
/// <param name="Tag">What people call the release.</param>
/// <param name="DigestSet">The images' content, by which an approval knows them.</param>
public sealed record GateFacts(DeployEnvironment Environment, DateTimeOffset Now, string Tag, string DigestSet)
{
    /// <summary>
    /// What the environment before recorded; null: there is none, or it could not be read, see
    /// <see cref="SourceProblem"/>.
    /// </summary>
    public Journal? Source { get; init; }

    /// <summary>Why the environment before could not be read.</summary>
    public string? SourceProblem { get; init; }

    /// <summary>
    /// The names of all who had a hand in what is new since the release that serves: authors, co-authors, committers,
    /// and who started the run.
    /// </summary>
    public ImmutableArray<string> Authors { get; init; } = [];

    /// <summary>Who approves; null: nobody has said.</summary>
    public string? Approver { get; init; }

    /// <summary>
    /// Whether this is a run on GitHub: there people are those whom GitHub names, by their logins, and nobody else's
    /// word counts.
    /// </summary>
    public bool IsGitHubRun { get; init; }

    /// <summary>The run, `team/shop/actions/runs/77`; null: it is none, or not known.</summary>
    public string? Run { get; init; }

    /// <summary>How many commits the environment had had when this was gathered.</summary>
    internal long Generation { get; init; }

    /// <summary>Why it is not known who approves, or who had a hand in the release; null: it is.</summary>
    public string? PeopleProblem { get; init; }

    /// <summary>The commit's checks; null: not known.</summary>
    public CommitChecks? Checks { get; init; }

    /// <summary>Open issues with the labels asked for; null: not known.</summary>
    public ImmutableArray<string>? OpenIssues { get; init; }

    /// <summary>Why GitHub could not be asked; null: it was.</summary>
    public string? GitHubProblem { get; init; }

    /// <summary>The changelog's headings; null: there is no such file.</summary>
    public ImmutableArray<string>? ChangelogHeadings { get; init; }

    /// <summary>When the newest backup was made; null: there is none.</summary>
    public DateTimeOffset? NewestBackup { get; init; }

    /// <summary>Why this is a hotfix; null: it is none.</summary>
    public string? Hotfix { get; init; }

    /// <summary>
    /// Why the commit may not take the fast track; null: it is on the branch that hotfixes come from.
    /// </summary>
    public string? HotfixProblem { get; init; }
}

/// <summary>The checks of a commit on GitHub.</summary>
/// <param name="Passed">By name; neutral and skipped ones too.</param>
/// <param name="Pending">Not over yet.</param>
/// <param name="Failed">By name.</param>
public sealed record CommitChecks(
    ImmutableArray<string> Passed,
    ImmutableArray<string> Pending,
    ImmutableArray<string> Failed
);

/// <summary>A rule over facts: pure, so that the same facts always give the same checklist.</summary>
public abstract record Gate
{
    /// <summary>As the checklist shows it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Why a release may go on in this environment although this gate could not be asked, as the record of the approval
    /// then has it; null, the default: it may not.
    /// </summary>
    public string? MayGoUnasked { get; init; }

    /// <summary>
    /// Looks at nothing but the facts. What is not among them is <see cref="NotAsked"/>, not guessed.
    /// </summary>
    public abstract GateResult Judge(GateFacts facts);

    /// <summary>
    /// What <see cref="Judge"/> says, and where it could not be asked, what the environment says of that.
    /// </summary>
    internal GateResult JudgeClosed(GateFacts facts)
    {
        var result = Judge(facts);
        return result.Verdict switch
        {
            GateVerdict.NotAsked when !string.IsNullOrWhiteSpace(MayGoUnasked) => result with
            {
                Verdict = GateVerdict.Waived,
                Evidence = $"{result.Evidence}; may go unasked in {facts.Environment.Name}: {MayGoUnasked}",
            },
            _ => result,
        };
    }

    /// <summary>What is wrong with the gate as it is defined; default: nothing.</summary>
    public virtual IEnumerable<GateMistake> Mistakes(DeployEnvironment environment) => [];

    /// <param name="evidence">What was seen, with figures.</param>
    protected GateResult Passed(string evidence) => new(Name, GateVerdict.Passed, evidence);

    /// <param name="evidence">What was seen, with figures.</param>
    /// <param name="next">What to do about it; a whole sentence.</param>
    protected GateResult Failed(string evidence, string next) => new(Name, GateVerdict.Failed, evidence, next);

    /// <param name="evidence">What was seen, and why it is passed over.</param>
    /// <param name="next">What to do about it; null: nothing.</param>
    protected GateResult Waived(string evidence, string? next = null) => new(Name, GateVerdict.Waived, evidence, next);

    /// <param name="why">What access is missing.</param>
    /// <param name="next">How to give it; a whole sentence.</param>
    protected GateResult NotAsked(string why, string next) => new(Name, GateVerdict.NotAsked, why, next);
}
