using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Metrics;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Serilog;

namespace Recyclic.Components.Reports;

/// <summary>Shows a deploy in the build's output: a line a step with its time, and on a terminal one live line below.</summary>
public sealed class BuildReporter(IRecyclicBuild build, TimeProvider time) : IDeployReporter
{
    private readonly Lock _lock = new();
    private ITimer? _ticker;
    private string _step = "";
    private string _progress = "";
    private long _started;

    /// <summary>The steps that ended, with their times.</summary>
    public ImmutableArray<StepMetrics> Steps { get; private set; } = [];

    public void Note(string text) => build.WriteLine($"      {PrintableText.Lines(text)}");

    public void Warn(string text) => Log.Warning("{Text:l}", PrintableText.Lines(text));

    public void Planned(DeployPlan plan) => build.WriteLine(plan.ToText());

    public void StepStarted(int number, int of, PlannedStep step) => Begin($"{number,3}/{of} {step.Action.Describe()}");

    public void Progress(string text)
    {
        lock (_lock) _progress = PrintableText.Of(text);
        Show();
    }

    public void StepEnded(int number, PlannedStep step, TimeSpan took)
    {
        Steps = Steps.Add(new StepMetrics(number, step.Action.Describe(), Math.Round(took.TotalSeconds, 3)));
        End("done", took);
    }

    public void StepFailed(int number, PlannedStep step, string reason) => End($"FAILED: {PrintableText.Lines(reason)}", time.GetElapsedTime(_started));

    public void UndoStarted(DeployStep undo) => build.WriteLine($"   undo {undo.Describe()}");

    public void UndoFailed(DeployStep undo, string reason) => Log.Error("undo {Undo:l} failed: {Reason:l}", undo.Describe(), PrintableText.Lines(reason));

    /// <summary>Takes the live line away.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _ticker?.Dispose();
            _ticker = null;
        }
        build.ShowProgress(null);
    }

    private void Begin(string step)
    {
        lock (_lock)
        {
            (_step, _progress, _started) = (step, "", time.GetTimestamp());
            _ticker ??= time.CreateTimer(_ => Show(), null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        }
        Show();
    }

    private void End(string outcome, TimeSpan took)
    {
        string line;
        lock (_lock)
        {
            line = $"{_step,-70} {took.TotalSeconds,7:0.00} s  {outcome}";
            _step = "";
        }
        build.ShowProgress(null);
        build.WriteLine(line);
    }

    private void Show()
    {
        string line;
        lock (_lock)
        {
            if (_step.Length == 0) return;
            line = $"{_step} … {time.GetElapsedTime(_started).TotalSeconds:0.0} s{(_progress.Length > 0 ? $"  {_progress}" : "")}";
        }
        build.ShowProgress(line);
    }
}
