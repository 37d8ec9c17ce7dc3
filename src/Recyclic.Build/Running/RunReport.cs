using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Build.Output;
using Recyclic.Build.Parameters;
using Recyclic.Processes;

namespace Recyclic.Build.Running;

/// <summary>A run as it is recorded: what was asked for, and how each target fared. Redacted.</summary>
internal sealed record RunReport(
    DateTimeOffset StartedAt,
    TimeSpan Duration,
    string Outcome,
    int ExitCode,
    RunRequest Request,
    ImmutableArray<ReportedTarget> Targets
)
{
    /// <summary>Raised when a reader of the old form would misread the new one.</summary>
    public const int Schema = 1;

    public static RunReport Of(RunEnd end, RunRequest request, DateTimeOffset startedAt, Redactor redactor) =>
        new(
            startedAt,
            end.Duration,
            end.Outcome,
            end.ExitCode,
            request,
            [.. end.Runs.Select(run => ReportedTarget.Of(run, redactor))]
        );
}

/// <summary>What a run was asked for: as far as it decides what the targets do.</summary>
internal sealed record RunRequest(
    ImmutableArray<string> Targets,
    ImmutableArray<string> Skipped,
    bool IsDryRun,
    ImmutableArray<ReportedParameter> Parameters
)
{
    public static RunRequest Of(BuildSession session, IEnumerable<string> invoked) =>
        new(
            [.. invoked],
            [.. (session.Options.Skip ?? []).Order(StringComparer.Ordinal)],
            session.Options.DryRun,
            [
                .. session
                    .Values.All.Where(value => value.Parameter.Member is not null)
                    .OrderBy(value => value.Parameter.Name, StringComparer.Ordinal)
                    .Select(value => ReportedParameter.Of(value, session.Output.Redactor)),
            ]
        );
}

/// <summary>A value that was given; of a secret only that it was.</summary>
internal sealed record ReportedParameter(string Name, bool IsSecret, ImmutableArray<string> Values, string Source)
{
    public static ReportedParameter Of(ParameterValue value, Redactor redactor) =>
        new(
            value.Parameter.Name,
            value.Parameter.IsSecret,
            value.Parameter.IsSecret ? [] : [.. Texts(value.Value).Select(redactor.Redact)],
            ParameterNames.Kebab(value.Source.ToString())
        );

    private static IEnumerable<string> Texts(object? value) =>
        value switch
        {
            null => [],
            string text => [text],
            IEnumerable items => items.Cast<object?>().SelectMany(Texts),
            IFormattable formattable => [formattable.ToString(null, CultureInfo.InvariantCulture)],
            _ => [value.ToString() ?? ""],
        };
}

/// <summary>
/// How a target fared. <paramref name="IsContinued"/>: an earlier run did it, and this one did not repeat it.
/// </summary>
internal sealed record ReportedTarget(
    string Name,
    ExecutionStatus Status,
    DateTimeOffset? StartedAt,
    TimeSpan Duration,
    int Attempts,
    bool IsContinued,
    ImmutableArray<string> Notes
)
{
    public bool IsDone => Status == ExecutionStatus.Succeeded || IsContinued;

    public static ReportedTarget Of(TargetRun run, Redactor redactor) =>
        new(
            run.Target.Name,
            run.Status,
            run.StartedAt,
            run.Duration,
            run.Attempts,
            run.IsContinued,
            [.. run.Notes.Select(note => PrintableText.Lines(redactor.Redact(note)))]
        );
}
