using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Ports;

/// <summary>Told what happens, for the person who watches. A failure in here never fails a deploy.</summary>
public interface IDeployReporter
{
    /// <summary>Something worth a line, before or between steps.</summary>
    void Note(string text);

    /// <summary>Something went wrong that fails nothing.</summary>
    void Warn(string text);

    /// <summary>Before the first step; called once, with the lock held.</summary>
    void Planned(DeployPlan plan);

    /// <param name="number">From 1.</param>
    /// <param name="of">How many steps the plan has.</param>
    void StepStarted(int number, int of, PlannedStep step);

    /// <summary>What a running step waits for, for example `api healthy, frontend starting`.</summary>
    void Progress(string text);

    /// <summary>Called for steps that did their work, and for those alone.</summary>
    void StepEnded(int number, PlannedStep step, TimeSpan took);

    /// <summary>What was done is undone next, but in the retire phase, which goes on with the next step.</summary>
    /// <param name="reason">One line or more, without the evidence.</param>
    void StepFailed(int number, PlannedStep step, string reason);

    /// <summary>Called newest step first.</summary>
    void UndoStarted(DeployStep undo);

    /// <summary>The undo goes on with what comes next.</summary>
    void UndoFailed(DeployStep undo, string reason);
}
