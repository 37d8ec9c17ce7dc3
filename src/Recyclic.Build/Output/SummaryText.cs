using System.Globalization;
using Recyclic.Build.Running;
using Recyclic.Processes;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>The blocks around a run: headings, problems, the table at the end.</summary>
internal static class SummaryText
{
    private const int StatusWidth = 10;
    private const int DurationWidth = 10;
    private const int NoteWidth = 100;
    private const int WidestPart = 60;

    public static IEnumerable<string> Heading(string title, Paint paint) =>
        [
            "",
            paint.Cyan("╬" + new string('═', title.Length + 5)),
            paint.Cyan("║ " + title),
            paint.Cyan("╬" + new string('═', Math.Max(title.Length - 4, 2))),
            "",
        ];

    /// <summary>One line a problem: the rest of it stands above, where it happened.</summary>
    public static IEnumerable<string> Problems(BuildOutput output) =>
        Heading("Errors & Warnings", output.Paint)
            .Concat(output.Problems.Select(p => $"{Tag(p.Level, output.Paint)} {p.Text.Split('\n')[0]}"));

    public static string Tag(LogEventLevel level, Paint paint) =>
        level switch
        {
            LogEventLevel.Fatal or LogEventLevel.Error => paint.Red("[ERR]"),
            LogEventLevel.Warning => paint.Yellow("[WRN]"),
            LogEventLevel.Information => "[INF]",
            _ => paint.Faint("[DBG]"),
        };

    public static IEnumerable<string> Table(RunEnd end, Paint paint)
    {
        var shown = end.Runs.Where(run => run.Status != ExecutionStatus.Collective).ToArray();
        var partWidth = shown
            .SelectMany(run => run.Parts)
            .Select(part => PartName(part).Length + 2)
            .DefaultIfEmpty(0)
            .Max();
        var nameWidth = Math.Max(
            shown.Select(run => run.Target.Name.Length + 4).DefaultIfEmpty(0).Max(),
            Math.Max(partWidth, 19)
        );
        var width = nameWidth + StatusWidth + DurationWidth;
        yield return "";
        yield return new string('═', width);
        yield return $"{"Target".PadRight(nameWidth)}{"Status".PadRight(StatusWidth)}{"Duration".PadLeft(DurationWidth)}";
        yield return new string('─', width);
        foreach (var run in shown)
        {
            var status = Coloured(run.Status, paint)(run.Status.ToString().PadRight(StatusWidth));
            var change = run.Change is { } longer ? "  " + paint.Faint(Change(longer)) : "";
            var notes =
                run.Notes.Length > 0 ? "   " + paint.Faint("// " + string.Join(", ", run.Notes.Select(Short))) : "";
            yield return $"{run.Target.Name.PadRight(nameWidth)}{status}{DurationOf(run).PadLeft(DurationWidth)}{change}{notes}".TrimEnd();
            foreach (var part in run.Parts)
                yield return Row(part, nameWidth, paint);
        }
        yield return new string('─', width);
        yield return $"{"Total".PadRight(nameWidth + StatusWidth)}{Duration(end.Duration).PadLeft(DurationWidth)}";
        yield return new string('═', width);
    }

    private static string Row(TargetPart part, int nameWidth, Paint paint)
    {
        var status = Coloured(part.Status, paint)(part.Status.ToString().PadRight(StatusWidth));
        var note = part.Note is { } text ? "   " + paint.Faint("// " + Short(text)) : "";
        return $"{PartName(part).PadRight(nameWidth)}{status}{DurationOf(part).PadLeft(DurationWidth)}{note}".TrimEnd();
    }

    private static string PartName(TargetPart part)
    {
        var name = PrintableText.Of(part.Name.ReplaceLineEndings(" "));
        return "  " + (name.Length > WidestPart ? "…" + name[^(WidestPart - 1)..] : name);
    }

    public static string Outcome(RunEnd end, DateTimeOffset now, Paint paint)
    {
        var time = now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return end.IsCancelled ? paint.Yellow($"Build cancelled on {time}.")
            : end.ExitCode == 0 ? paint.Green($"Build succeeded on {time}.")
            : paint.Red($"Build failed on {time}.");
    }

    private static Func<string, string> Coloured(ExecutionStatus status, Paint paint) =>
        status switch
        {
            ExecutionStatus.Succeeded => paint.Green,
            ExecutionStatus.Failed => paint.Red,
            ExecutionStatus.Aborted => paint.Yellow,
            _ => paint.Faint,
        };

    /// <summary>A time in a sentence: <c>1.5 s</c>, <c>10 min</c>.</summary>
    public static string Seconds(TimeSpan time) =>
        time >= TimeSpan.FromMinutes(2) && time.Seconds == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    /// <summary>How a duration compares with the last run's: <c>+0:12</c>.</summary>
    public static string Change(TimeSpan longer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(longer < TimeSpan.Zero ? '-' : '+')}{(int)Math.Abs(longer.TotalMinutes)}:{Math.Abs(longer.Seconds):00}"
        );

    public static string DurationOf(TargetRun run) =>
        run.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted
            ? Duration(run.Duration)
            : "";

    public static string DurationOf(TargetPart part) =>
        part.Status == ExecutionStatus.NotRun ? "" : Duration(part.Duration);

    public static string Duration(TimeSpan duration) =>
        duration < TimeSpan.FromSeconds(1) ? "< 1sec" : $"{(int)duration.TotalMinutes}:{duration.Seconds:00}";

    public static string Short(string note)
    {
        var line = PrintableText.Of(note.Split('\n')[0].TrimEnd(), int.MaxValue);
        return line.Length > NoteWidth ? line[..(NoteWidth - 1)] + "…" : line;
    }
}
