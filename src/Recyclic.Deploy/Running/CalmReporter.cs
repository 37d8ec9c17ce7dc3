using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>Passes on what a reporter is told, and lets none of its failures reach the deploy.</summary>
internal sealed class CalmReporter(IDeployReporter audience) : IDeployReporter
{
    public void Note(string text) => Try(() => audience.Note(text));

    public void Warn(string text) => Try(() => audience.Warn(text));

    public void Planned(DeployPlan plan) => Try(() => audience.Planned(plan));

    public void StepStarted(int number, int of, PlannedStep step) => Try(() => audience.StepStarted(number, of, step));

    public void Progress(string text) => Try(() => audience.Progress(text));

    public void StepEnded(int number, PlannedStep step, TimeSpan took) =>
        Try(() => audience.StepEnded(number, step, took));

    public void StepFailed(int number, PlannedStep step, string reason) =>
        Try(() => audience.StepFailed(number, step, reason));

    public void UndoStarted(DeployStep undo) => Try(() => audience.UndoStarted(undo));

    public void UndoFailed(DeployStep undo, string reason) => Try(() => audience.UndoFailed(undo, reason));

    private static void Try(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            // A terminal that has gone must not stop a deploy halfway: users come before the audience.
        }
    }
}
