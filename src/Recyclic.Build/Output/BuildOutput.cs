using System.Globalization;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>All that the host prints: redacted, whole lines, with <c>--json</c> to standard error.</summary>
internal sealed class BuildOutput(BuildHost host)
{
    private readonly Lock _lock = new();
    private readonly List<(LogEventLevel Level, string Text)> _problems = [];

    private bool _hasProgress;

    public Redactor Redactor { get; } = new();
    public Paint Paint { get; } = new(host.IsColoured);
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;
    public bool IsJson { get; set; }

    /// <summary>Warnings and errors so far.</summary>
    public IReadOnlyList<(LogEventLevel Level, string Text)> Problems => _problems;

    public void Line(string text = "") => Write(IsJson ? host.Error : host.Output, text);

    public void ErrorLine(string text) => Write(host.Error, text);

    /// <summary>A line that the next one replaces, on a terminal only; null takes it away.</summary>
    public void Progress(string? text)
    {
        if (host.TerminalWidth == 0 || Verbosity > Verbosity.Normal) return;
        lock (_lock)
        {
            if (text is null && !_hasProgress) return;
            var shown = text is null ? "" : Redactor.Redact(text.ReplaceLineEndings(" "));
            if (shown.Length >= host.TerminalWidth) shown = shown[..(host.TerminalWidth - 1)];
            TryWrite(host.Error, "\r\e[2K" + shown);
            _hasProgress = text is not null;
        }
    }

    public void Document(string json) => Write(host.Output, json.TrimEnd());

    public void Log(LogEventLevel level, string target, string text)
    {
        if (level >= LogEventLevel.Warning) lock (_lock) _problems.Add((level, target.Length > 0 ? $"{target}: {text}" : text));
        if (level < Threshold) return;
        var time = host.Clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        Line($"{Paint.Faint(time)} {Tag(level)} {text}");
    }

    public string Tag(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal or LogEventLevel.Error => Paint.Red("[ERR]"),
        LogEventLevel.Warning => Paint.Yellow("[WRN]"),
        LogEventLevel.Information => "[INF]",
        _ => Paint.Faint("[DBG]"),
    };

    private LogEventLevel Threshold => Verbosity switch
    {
        Verbosity.Verbose => LogEventLevel.Verbose,
        Verbosity.Normal => LogEventLevel.Information,
        Verbosity.Minimal => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };

    private void Write(TextWriter writer, string text)
    {
        lock (_lock)
        {
            if (_hasProgress) TryWrite(host.Error, "\r\e[2K");
            _hasProgress = false;
            TryWrite(writer, Redactor.Redact(text) + "\n");
        }
    }

    private static void TryWrite(TextWriter writer, string text)
    {
        try
        {
            writer.Write(text);
            writer.Flush();
        }
        catch (IOException)
        {
            // The terminal or the reader has gone; a deploy goes on, or undoes itself, without an audience.
        }
    }
}
