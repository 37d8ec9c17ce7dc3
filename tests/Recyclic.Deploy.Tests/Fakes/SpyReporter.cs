using System.Collections.Concurrent;

namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>Remembers what a person would have been told.</summary>
internal sealed class SpyReporter : IDeployReporter
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public void Note(string text) => _lines.Enqueue($"note: {text}");

    public void Warn(string text) => _lines.Enqueue($"warning: {text}");

    public void Planned(DeployPlan plan) => _lines.Enqueue("planned");

    public void StepStarted(int number, int of, PlannedStep step) => _lines.Enqueue($"{number}/{of} {step.Action}");

    public void Progress(string text) => _lines.Enqueue($"progress: {text}");

    public void StepEnded(int number, PlannedStep step, TimeSpan took) => _lines.Enqueue($"{number} done");

    public void StepFailed(int number, PlannedStep step, string reason) => _lines.Enqueue($"{number} failed: {reason}");

    public void UndoStarted(DeployStep undo) => _lines.Enqueue($"undo: {undo}");

    public void UndoFailed(DeployStep undo, string reason) => _lines.Enqueue($"undo failed: {undo}: {reason}");
}
