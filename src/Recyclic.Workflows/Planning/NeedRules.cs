using System.Text.RegularExpressions;

namespace Recyclic.Workflows.Planning;

/// <summary>What expressions ask of other jobs must be a job that theirs waits for. Pure.</summary>
internal static partial class NeedRules
{
    public static IEnumerable<string> Mistakes(JobGraph jobs)
    {
        foreach (var job in jobs.Jobs)
        foreach (
            var need in Asked(
                [
                    job.Place.If ?? "",
                    job.Place.DisplayName ?? "",
                    .. job.Place.Env.Values.Values,
                    .. job.Place.Steps.Concat(job.Place.StepsAfter).SelectMany(Texts),
                ],
                job.Needs
            )
        )
            yield return $"the job {job.Id} asks for needs.{need}, for which it does not wait{Of(job.Needs)}";
        foreach (var call in jobs.Calls)
        foreach (var need in Asked([call.Source.If ?? "", .. call.Source.With.Values], call.Needs))
            yield return $"the call {call.Source.Name} asks for needs.{need}, for which it does not wait{Of(call.Needs)}";
    }

    private static IEnumerable<string> Texts(Step step) =>
        [step.If ?? "", .. step.With.Values, .. step.Env.Values.Values];

    private static IEnumerable<string> Asked(IEnumerable<string> texts, IEnumerable<string> needs) =>
        texts
            .SelectMany(text => Need().Matches(text))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Except([.. needs, Names.CheckJob]);

    private static string Of(IEnumerable<string> needs) =>
        needs.Any() ? $"; it waits for {string.Join(", ", needs)}" : ": it waits for no other";

    [GeneratedRegex(@"\bneeds\.([A-Za-z_][A-Za-z0-9_-]*)")]
    private static partial Regex Need();
}
