using System.Collections.Immutable;
using System.Text;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>What all gates of an environment said of a release.</summary>
/// <param name="Facts">What the gates judged by.</param>
/// <param name="Results">In the order in which the environment has its gates.</param>
internal sealed record Checklist(GateFacts Facts, ImmutableArray<GateResult> Results)
{
    public static Checklist Of(GateFacts facts) =>
        new(
            facts,
            [
                // Who wrote a commit, a check or an issue chooses its name, and a person reads it before they say yes.
                .. facts
                    .Environment.Gates.Select(gate => gate.JudgeClosed(facts))
                    .Concat(Hotfix(facts))
                    .Select(result =>
                        result with
                        {
                            Evidence = PrintableText.Of(result.Evidence),
                            Next = result.Next is { } next ? PrintableText.Of(next) : null,
                        }
                    ),
            ]
        );

    /// <summary>What was not asked, not answered or not understood does not hold.</summary>
    public bool Holds => !Results.Any(IsShut);

    private static bool IsShut(GateResult result) => result.Verdict is not (GateVerdict.Passed or GateVerdict.Waived);

    /// <summary>The approval that the checklist gives grounds for.</summary>
    /// <param name="reason">Why gates that failed are passed over; null: they are not.</param>
    /// <exception cref="ConfigurationException">A gate failed and no reason was given, or nobody approves.</exception>
    public Approval Approve(string? reason)
    {
        var failed = Results.Where(IsShut).ToList();
        if (failed.Count > 0 && string.IsNullOrWhiteSpace(reason))
            throw new ConfigurationException([
                .. failed.Select(result => new ConfigurationProblem(
                    $"gate '{result.Gate}'",
                    result.Evidence,
                    result.Next ?? "See the checklist above."
                )),
            ]);
        // What no reason passes over: an author who approves is nobody's second pair of eyes.
        if (ApproverGate.WhyNever(Facts) is { } never)
            throw new ConfigurationException(Facts.IsGitHubRun ? "approver" : "--approver", never.What, never.Mend);
        return new Approval(
            Facts.Environment.Name,
            Facts.DigestSet,
            Facts.Tag,
            Facts.Approver!,
            Facts.Now + Facts.Environment.ApprovalLifetime
        )
        {
            Authors = Facts.Authors,
            Run = Facts.Run,
            Override = failed.Count > 0 ? reason : null,
            PassedOver = [.. failed.Select(result => result.Gate)],
            Hotfix = Facts.Hotfix,
            Evidence = [.. Results.Select(result => $"{Word(result.Verdict)} {result.Gate}: {result.Evidence}")],
        };
    }

    public string ToText()
    {
        var text = new StringBuilder($"{Facts.Tag} ({Facts.DigestSet}) to {Facts.Environment.Name}:\n");
        foreach (var result in Results)
        {
            text.Append($"  {Mark(result.Verdict)} {result.Gate, -10} {result.Evidence}\n");
            if (IsShut(result) && result.Next is { } next)
                text.Append($"      {"", -10} next: {next}\n");
        }
        if (Results.IsEmpty)
            text.Append("  this environment has no gates\n");
        return text.ToString().TrimEnd();
    }

    /// <summary>
    /// The fast track is for what is released already, mended: not for a branch that brings more along.
    /// </summary>
    private static IEnumerable<GateResult> Hotfix(GateFacts facts)
    {
        if (facts.Hotfix is null || facts.Environment.HotfixBranch is not { } branch)
            yield break;
        yield return facts.HotfixProblem is { } problem
            ? new GateResult(
                "hotfix",
                GateVerdict.Failed,
                problem,
                $"Bring the fix to {branch} first, or let it take the ordinary way, without --hotfix."
            )
            : new GateResult("hotfix", GateVerdict.Passed, $"{facts.Tag} is on {branch}");
    }

    private static string Mark(GateVerdict verdict) =>
        verdict switch
        {
            GateVerdict.Passed => "[x]",
            GateVerdict.Failed => "[ ]",
            GateVerdict.Waived => "[~]",
            _ => "[?]",
        };

    private static string Word(GateVerdict verdict) =>
        verdict switch
        {
            GateVerdict.NotAsked => "not asked",
            var other => other.ToString().ToLowerInvariant(),
        };
}
