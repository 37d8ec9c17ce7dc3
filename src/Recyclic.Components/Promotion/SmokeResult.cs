using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Promotion;

/// <summary>What one request of a smoke test gave.</summary>
/// <param name="Why">Why it failed; null: it passed.</param>
internal sealed record SmokeResult(string Url, string? Why)
{
    /// <summary>Why an answer is not the expected one, or null. Pure.</summary>
    public static string? Judge(SmokeTest test, string tag, int status, string body)
    {
        if (status != test.Status)
            return $"status {status}, expected {test.Status}";
        var wanted = test.Contains?.Replace("{tag}", tag, StringComparison.Ordinal);
        return wanted is null || body.Contains(wanted, StringComparison.Ordinal)
            ? null
            : $"the answer does not hold \"{wanted}\"";
    }

    /// <summary>The journal's record of all of them. Pure.</summary>
    public static JournalRecord ToRecord(
        ImmutableArray<SmokeResult> results,
        Release release,
        string environment,
        DateTimeOffset at
    )
    {
        var failed = results.Where(result => result.Why is not null).ToList();
        return new JournalRecord(at, $"{at:yyyyMMddTHHmmssfff}-smoke", JournalKind.SmokeTest)
        {
            Release = release,
            Environment = environment,
            Outcome = failed.Count == 0 ? Outcome.Success : Outcome.Failed,
            Reason =
                failed.Count == 0 ? null : string.Join("; ", failed.Select(result => $"{result.Url}: {result.Why}")),
        };
    }

    /// <summary>The failure in four answers. Pure.</summary>
    public static string FailureText(
        ImmutableArray<SmokeResult> results,
        DeployEnvironment environment,
        DeployOutcome outcome
    )
    {
        var back =
            outcome.Plan.BasedOn.Current is { } before && !before.Release.Equals(outcome.Plan.To)
                ? $"mend it and deploy again, or go back to {before.Release.Tag}: ./build.sh Rollback --environment {environment.Name}"
                : "mend it and deploy again";
        return $"""
            {outcome.Plan.To.Tag} is live in {environment.Name}, but its smoke tests fail
            {string.Join(
                '\n',
                results.Where(result => result.Why is not null).Select(result =>
                    $"  cause   {result.Url}: {PrintableText.Of(result.Why!)}"
                )
            )}
              users   those of {environment.Name} are on {outcome.Plan.To.Tag}; it is recorded as an incident, so that no other environment takes it
              undone  nothing
              next    {back}
            """;
    }
}
