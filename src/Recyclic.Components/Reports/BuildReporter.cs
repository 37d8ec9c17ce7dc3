using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Metrics;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;
using Serilog;

namespace Recyclic.Components.Reports;

/// <summary>
/// Shows a deploy in the build's output: a line a step with its time, and on a terminal one live line below.
/// </summary>
internal sealed class BuildReporter : IDeployReporter
{
    private readonly IRecyclicBuild _build;
    private readonly TimeProvider _time;
    private readonly IDisposable _insistence;
    private readonly Lock _lock = new();
    private UnfinishedDeploy? _unfinished;
    private ITimer? _ticker;
    private string _step = "";
    private string _progress = "";
    private long _started;

    public BuildReporter(IRecyclicBuild build, TimeProvider time)
    {
        (_build, _time) = (build, time);
        // Somebody who presses Ctrl-C again is told what would be left.
        _insistence = build.WhileUnfinished(() => Volatile.Read(ref _unfinished)?.ToString());
    }

    /// <summary>The steps that ended, with their times.</summary>
    public ImmutableArray<StepMetrics> Steps { get; private set; } = [];

    public void Note(string text) => _build.WriteLine($"      {PrintableText.Lines(text)}");

    public void Warn(string text) => Log.Warning("{Text:l}", PrintableText.Lines(text));

    public void Planned(DeployPlan plan)
    {
        _unfinished = new UnfinishedDeploy(plan);
        _build.WriteLine(plan.ToText());
    }

    public void StepStarted(int number, int of, PlannedStep step)
    {
        _unfinished = _unfinished?.Begun(step);
        Begin($"{number, 3}/{of} {step.Action.Describe()}");
    }

    public void Progress(string text)
    {
        lock (_lock)
            _progress = PrintableText.Of(text);
        Show();
    }

    public void StepEnded(int number, PlannedStep step, TimeSpan took)
    {
        Steps = Steps.Add(new StepMetrics(number, step.Action.Describe(), Math.Round(took.TotalSeconds, 3)));
        End("done", took);
    }

    public void StepFailed(int number, PlannedStep step, string reason) =>
        End($"FAILED: {PrintableText.Lines(reason)}", _time.GetElapsedTime(_started));

    public void UndoStarted(DeployStep undo)
    {
        _unfinished = _unfinished?.Undoing(undo);
        _build.WriteLine($"   undo {undo.Describe()}");
    }

    public void UndoFailed(DeployStep undo, string reason) =>
        Log.Error("undo {Undo:l} failed: {Reason:l}", undo.Describe(), PrintableText.Lines(reason));

    /// <summary>Takes the live line away; nothing is unfinished any more.</summary>
    public void Close()
    {
        _insistence.Dispose();
        lock (_lock)
        {
            _ticker?.Dispose();
            _ticker = null;
        }
        _build.ShowProgress(null);
    }

    private void Begin(string step)
    {
        lock (_lock)
        {
            (_step, _progress, _started) = (step, "", _time.GetTimestamp());
            _ticker ??= _time.CreateTimer(
                _ => Show(),
                null,
                TimeSpan.FromMilliseconds(200),
                TimeSpan.FromMilliseconds(200)
            );
        }
        Show();
    }

    private void End(string outcome, TimeSpan took)
    {
        string line;
        lock (_lock)
        {
            line = $"{_step, -70} {took.TotalSeconds, 7:0.00} s  {outcome}";
            _step = "";
        }
        _build.ShowProgress(null);
        _build.WriteLine(line);
    }

    private void Show()
    {
        string line;
        lock (_lock)
        {
            if (_step.Length == 0)
                return;
            line =
                $"{_step} … {_time.GetElapsedTime(_started).TotalSeconds:0.0} s{(_progress.Length > 0 ? $"  {_progress}" : "")}";
        }
        _build.ShowProgress(line);
    }
}
