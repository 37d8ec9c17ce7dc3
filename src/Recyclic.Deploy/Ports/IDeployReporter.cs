using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Ports;

/// <summary>Told what happens, for the person who watches. A failure in here never fails a deploy.</summary>
public interface IDeployReporter
{
    /// <summary>Something worth a line, before or between steps.</summary>
    void Note(string text);

    void Warn(string text);

    void Planned(DeployPlan plan);

    void StepStarted(int number, int of, PlannedStep step);

    /// <summary>What a running step waits for, for example `api healthy, frontend starting`.</summary>
    void Progress(string text);

    void StepEnded(int number, PlannedStep step, TimeSpan took);

    void StepFailed(int number, PlannedStep step, string reason);

    void UndoStarted(DeployStep undo);

    void UndoFailed(DeployStep undo, string reason);
}
