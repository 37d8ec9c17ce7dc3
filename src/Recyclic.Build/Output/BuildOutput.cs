using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>
/// All that the host prints: redacted, whole lines, each target's together, with <c>--json</c> to standard error.
/// </summary>
internal sealed class BuildOutput
{
    private readonly AsyncLocal<OutputLane?> _here = new();

    /// <summary>
    /// A line without an end is cut here, so that a target that never ends one does not fill the memory.
    /// </summary>
    private const int LongestTail = 1 << 16;
    private readonly Lock _lock = new();
    private readonly List<(LogEventLevel Level, string Text)> _problems = [];
    private readonly BuildHost _host;
    private readonly OutputLanes _lanes;
    private readonly OutputLane _own;
    private bool _hasProgress;

    public BuildOutput(BuildHost host)
    {
        _host = host;
        _lanes = new(Put);
        _own = new("", Redactor);
        Paint = new(host.IsColoured);
        View = new TextView(this);
    }

    public Redactor Redactor { get; } = new();
    public Paint Paint { get; }
    public RunView View { get; set; }
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;
    public bool IsJson { get; set; }
    public DateTimeOffset Now => _host.Clock.GetLocalNow();

    /// <summary>Warnings and errors so far, redacted.</summary>
    public IReadOnlyList<(LogEventLevel Level, string Text)> Problems => _problems;

    /// <summary>Begins the output of a target: what this call and those it makes print belongs to it.</summary>
    public OutputLane Open(string target)
    {
        var lane = new OutputLane(target, Redactor);
        lock (_lock)
            _lanes.Open(lane);
        _here.Value = lane;
        return lane;
    }

    /// <param name="isAbandoned">The target may go on printing, but nobody is to see it.</param>
    public void Close(OutputLane lane, bool isAbandoned)
    {
        lock (_lock)
        {
            Complete(lane);
            _lanes.Close(lane);
            lane.IsAbandoned = isAbandoned;
        }
    }

    public void Line(string text = "") => Write(isError: IsJson, text, View.Line);

    public void ErrorLine(string text) => Write(isError: true, text, View.Line);

    /// <summary>A line that only the reader's program understands: neither redacted nor formatted.</summary>
    public void Command(string text)
    {
        lock (_lock)
            Put(_here.Value ?? _own, IsJson, text + "\n", continues: false);
    }

    /// <summary>
    /// What is written to the console: whole lines as any, and the beginning of a line as far as it is no beginning of
    /// a secret.
    /// </summary>
    public void Raw(string text, bool isError)
    {
        lock (_lock)
        {
            var lane = _here.Value ?? _own;
            var end = text.LastIndexOf('\n');
            if (end >= 0)
            {
                var lines = lane.Tail + text[..end];
                lane.Tail = "";
                var shown = lines
                    .Split('\n')
                    .Select(line => View.Line(lane.Target, lane.Redactor.Redact(line.TrimEnd('\r'))) + "\n");
                Put(lane, isError || IsJson, string.Concat(shown), continues: true);
                text = text[(end + 1)..];
            }
            lane.Tail += text;
            if (lane.Tail.Length > LongestTail)
                Complete(lane);
            else if (lane.Tail.Length > 0 && _lanes.IsLive(_here.Value) && View.ShowsPartsOfLines)
                ShowTail(lane, isError || IsJson);
        }
    }

    /// <summary>A line that the next one replaces, on a terminal only; null takes it away.</summary>
    public void Progress(string? text)
    {
        if (_host.TerminalWidth == 0 || Verbosity > Verbosity.Normal)
            return;
        lock (_lock)
        {
            if ((text is null && !_hasProgress) || !_lanes.IsLive(_here.Value))
                return;
            var shown = text is null ? "" : Redactor.Redact(text.ReplaceLineEndings(" "));
            if (shown.Length >= _host.TerminalWidth)
                shown = shown[..(_host.TerminalWidth - 1)];
            TryWrite(_host.Error, "\r\e[2K" + shown);
            _hasProgress = text is not null;
        }
    }

    public void Document(string json)
    {
        var text = Redactor.Redact(json.TrimEnd());
        lock (_lock)
            Put(_here.Value ?? _own, isError: false, text + "\n", continues: false);
    }

    public void Log(LogEventLevel level, string target, string text, Exception? failure = null)
    {
        if (level >= LogEventLevel.Warning)
            lock (_lock)
                _problems.Add((level, Redactor.Redact(target.Length > 0 ? $"{target}: {text}" : text)));
        if (level >= Threshold)
            Write(IsJson, text, (lane, safe) => View.Logged(level, lane.Length > 0 ? lane : target, safe, failure));
    }

    private LogEventLevel Threshold =>
        Verbosity switch
        {
            Verbosity.Verbose => LogEventLevel.Verbose,
            Verbosity.Normal => LogEventLevel.Information,
            Verbosity.Minimal => LogEventLevel.Warning,
            _ => LogEventLevel.Error,
        };

    /// <param name="format">From the target's name and a redacted text to what is printed.</param>
    private void Write(bool isError, string text, Func<string, string, string> format)
    {
        lock (_lock)
        {
            var lane = _here.Value ?? _own;
            Put(lane, isError, format(lane.Target, lane.Redactor.Redact(text)) + "\n", continues: false);
        }
    }

    private void Put(OutputLane lane, bool isError, string text, bool continues)
    {
        if (lane.IsInLine && !continues)
            text = "\n" + text;
        lane.IsInLine = !text.EndsWith('\n');
        _lanes.Write(lane == _own ? null : lane, isError, text);
    }

    private void ShowTail(OutputLane lane, bool isError)
    {
        var length = Redactor.SafeLength(lane.Tail);
        if (length == 0)
            return;
        Put(lane, isError, Redactor.Redact(lane.Tail[..length]), continues: true);
        lane.Tail = lane.Tail[length..];
    }

    private void Complete(OutputLane lane)
    {
        if (lane.Tail.Length > 0)
            Put(lane, IsJson, View.Line(lane.Target, lane.Redactor.Redact(lane.Tail)) + "\n", continues: true);
        else if (lane.IsInLine)
            Put(lane, IsJson, "\n", continues: true);
        lane.Tail = "";
    }

    private void Put(bool isError, string text)
    {
        if (_hasProgress)
            TryWrite(_host.Error, "\r\e[2K");
        _hasProgress = false;
        TryWrite(isError ? _host.Error : _host.Output, text);
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
