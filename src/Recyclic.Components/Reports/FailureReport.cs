using System.Text;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>
/// Pure: a failure in four answers: what failed and the evidence, what users see, what was undone, what to do next.
/// </summary>
public static partial class FailureReport
{
    /// <summary>Some lines, fit for a terminal whatever containers printed.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="options">What the next commands need to mean the same application, each option after a space;
    /// default: none.</param>
    /// <exception cref="ArgumentException">It did not fail.</exception>
    public static string Of(DeployOutcome outcome, string options = "")
    {
        var failure =
            outcome.Failure ?? throw new ArgumentException("A success has no failure report.", nameof(outcome));
        var what = outcome.Plan.Operation == Operation.Deploy ? "deploy" : "rollback";
        var cancelled = failure.Cause is OperationCanceledException;
        var text = new StringBuilder();
        text.Append(
            $"{what} of {outcome.Plan.BasedOn.App} {outcome.Plan.To.Tag} {(cancelled ? "was cancelled" : "failed")} at step {failure.Number} of {failure.Of}: {failure.Step.Describe()}\n"
        );
        if (!cancelled)
            text.Append($"  cause   {PrintableText.Lines(failure.Cause.Message)}\n");
        foreach (var line in failure.Evidence)
            text.Append($"          {PrintableText.Lines(line)}\n");
        text.Append($"  {(outcome.Plan.IsRouted ? "users" : "runs ")}   {Users(outcome)}\n");
        text.Append(
            $"  undone  {(outcome.Undone.IsEmpty ? "nothing had to be" : string.Join(", ", outcome.Undone.Select(undo => undo.Describe())))}\n"
        );
        foreach (var undo in outcome.UndoFailures)
            text.Append($"  NOT undone  {undo.Step.Describe()}: {PrintableText.Lines(undo.Cause.Message)}\n");
        text.Append($"  next    {WithOptions(Next(outcome, cancelled), options)}");
        return text.ToString();
    }

    /// <summary>For what went wrong before a plan ran or beside it.</summary>
    public static string OutsidePlan(Exception exception) =>
        $"""
            {PrintableText.Lines(exception.Message)}{Evidence(exception)}
              users   as before this command, unless a step above says otherwise
              next    {FullDisk.Advice([exception.Message], null)
                ?? (exception as StepFailedException)?.Next
                ?? "mend the cause and run the same command again; what was begun is recovered by itself. ./build.sh Status shows how things are"}
            """;

    /// <summary>Where a step says what to do, what was seen says why.</summary>
    private static string Evidence(Exception exception) =>
        exception is StepFailedException { Next: not null } failed
            ? string.Concat(failed.Evidence.Select(line => $"\n  {PrintableText.Of(line)}"))
            : "";

    /// <summary>Each command in the text, with the options; one that has them already stays.</summary>
    private static string WithOptions(string text, string options) =>
        options.Length == 0 || text.Contains(options, StringComparison.Ordinal)
            ? text
            : CommandInText().Replace(text, match => match.Value + options);

    [GeneratedRegex(@"\./build\.sh [A-Z]\w+")]
    private static partial Regex CommandInText();

    private static string Users(DeployOutcome outcome)
    {
        if (AdoptionReport.Users(outcome) is { } adopted)
            return adopted;
        var before = outcome.Plan.BasedOn.Current;
        var was = before is null
            ? "nothing yet: there was no release before"
            : $"{before.Release.Tag} on {before.Slot.Name()}, as before";
        if (outcome.After is not { } now)
            return outcome.Outcome == Outcome.Failed
                ? $"not known: the host could not be asked any more; it should be {was}"
                : was;
        return
            ServedReport.Of(now) is var served
                && before is not null
                && served == $"{before.Release.Tag} on {before.Slot.Name()}"
            || before is null && now.Current is null
            ? was
            : served;
    }

    private static string Next(DeployOutcome outcome, bool cancelled) =>
        outcome.Outcome switch
        {
            Outcome.Failed when outcome.Failure?.Cause is StepFailedException { Stays: true, Next: { } person } =>
                person,
            Outcome.Failed =>
                "a person is needed: ./build.sh Status shows how things are, ./build.sh Recover puts them right as far as it can",
            _ when cancelled => "run the same command again when you are ready",
            _ when FullDisk.Advice(
                    [outcome.Failure!.Cause.Message, .. outcome.Failure.Evidence],
                    outcome.After?.FreeMegabytes
                )
                    is { } advice => advice,
            _ when outcome.Failure?.Cause is StepFailedException { Next: { } next } => next,
            _ => "mend the release and deploy it again; ./build.sh Status shows how things are",
        };
}
