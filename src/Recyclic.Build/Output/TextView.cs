using System.Globalization;
using Recyclic.Build.Running;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>For a person: headings, lines with time and level, the summary. Without colours off a terminal.</summary>
internal class TextView(BuildOutput output) : RunView(output)
{
    public override string Line(string target, string text) => text;

    public override string Logged(LogEventLevel level, string target, string text, Exception? failure) =>
        $"{Output.Paint.Faint(Output.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture))} {SummaryText.Tag(level, Output.Paint)} {text}";

    public override void Started(string version)
    {
        if (Output.Verbosity <= Verbosity.Normal && !Output.IsGivenUp)
            Output.Line(version);
    }

    public override void TargetStarted(TargetRun run)
    {
        if (Output.Verbosity != Verbosity.Quiet && !Output.IsGivenUp)
            Print(SummaryText.Heading(run.Target.Name, Output.Paint));
    }

    public override void TargetEnded(TargetRun run, ExecutionStatus status) { }

    public override void Ended(RunEnd end)
    {
        if (Output.Verbosity == Verbosity.Quiet || Output.IsGivenUp)
            return;
        if (!IsSaidAlready)
            Print(SummaryText.Problems(Output));
        Print(SummaryText.Table(end, Output.Paint));
        Output.Line();
        Output.Line(SummaryText.Outcome(end, Output.Now, Output.Paint));
    }

    /// <summary>What ended the run, and nothing else went wrong, is what stands above already.</summary>
    private bool IsSaidAlready => Output.Problems is [] or [{ Level: LogEventLevel.Error or LogEventLevel.Fatal }];

    private void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Output.Line(line);
    }
}
