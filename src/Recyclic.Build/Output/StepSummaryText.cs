using System.Text;

namespace Recyclic.Build.Output;

/// <summary>A run as Markdown, for the summary page of a GitHub workflow. Pure.</summary>
internal static class StepSummaryText
{
    private const int MostProblems = 50;

    public static string Of(RunEnd end, BuildOutput output)
    {
        var text = new StringBuilder()
            .Append("### Build ")
            .Append(end.Outcome)
            .Append(" in ")
            .Append(SummaryText.Duration(end.Duration))
            .Append("\n\n");
        text.Append("| Target | Status | Duration | Notes |\n|---|---|--:|---|\n");
        foreach (var run in end.Runs.Where(run => run.Status != ExecutionStatus.Collective))
        {
            text.Append(
                $"| {Cell(run.Target.Name)} | {Sign(run.Status)} {run.Status} | {SummaryText.DurationOf(run)} | {Cell(string.Join(", ", run.Notes.Select(note => SummaryText.Short(output.Redactor.Redact(note)))))} |\n"
            );
            foreach (var part in run.Parts)
                text.Append(
                    $"| — {Cell(output.Redactor.Redact(part.Name))} | {Sign(part.Status)} {part.Status} | {SummaryText.DurationOf(part)} | {Cell(SummaryText.Short(output.Redactor.Redact(part.Note ?? "")))} |\n"
                );
        }
        if (output.Problems.Count > 0)
            text.Append("\n#### Errors and warnings\n\n");
        foreach (var (level, problem) in output.Problems.Take(MostProblems))
            text.Append($"- {SummaryText.Tag(level, new Paint(false))} {Inline(problem.Split('\n')[0])}\n");
        if (output.Problems.Count > MostProblems)
            text.Append($"- and {output.Problems.Count - MostProblems} more\n");
        return output.Redactor.Redact(text.ToString());
    }

    private static string Sign(ExecutionStatus status) =>
        status switch
        {
            ExecutionStatus.Succeeded => "✅",
            ExecutionStatus.Failed => "❌",
            ExecutionStatus.Aborted => "⚠️",
            _ => "⚪",
        };

    private static string Cell(string text) => Inline(text);

    private static string Inline(string text) => MarkdownText.Of(text);
}
