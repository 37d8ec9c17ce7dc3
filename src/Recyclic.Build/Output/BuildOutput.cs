using Recyclic.Processes;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>
/// The one way to terminal and log, of ours and of what others said: redacted, printable, no command to GitHub's runner,
/// in whole lines, each target's together, with <c>--json</c> to standard error.
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
    private readonly bool _isGitHub;
    private bool _hasProgress;

    public BuildOutput(BuildHost host)
    {
        _host = host;
        _lanes = new(Put);
        _own = new("", Redactor);
        Paint = new(host.IsColoured);
        _isGitHub = host.Environment.GetValueOrDefault("GITHUB_ACTIONS") == "true";
        View = new TextView(this);
    }

    public Redactor Redactor { get; } = new();
    public Paint Paint { get; }
    public RunView View { get; set; }
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;
    public bool IsJson { get; set; }

    /// <summary>Whether standard output is a target's own.</summary>
    public bool IsGivenUp { get; private set; }
    public DateTimeOffset Now => _host.Clock.GetLocalNow();

    /// <summary>Warnings and errors so far, redacted.</summary>
    public IReadOnlyList<(LogEventLevel Level, string Text)> Problems => _problems;

    /// <summary>From now on standard output is a target's own, and only what a person has to know is said.</summary>
    public void GiveUpOutput() => (IsJson, IsGivenUp) = (true, true);

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

    /// <summary>
    /// A line of ours that only the reader's program understands: neither redacted nor formatted. Nothing of others' may
    /// be in it that its maker has not encoded.
    /// </summary>
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
            // Who draws a line anew in its place has several lines in a log.
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            var end = text.LastIndexOf('\n');
            if (end >= 0)
            {
                var lines = lane.Tail + text[..end];
                lane.Tail = "";
                var shown = lines
                    .Split('\n')
                    .Select(line => View.Line(lane.Target, Written(lane.Redactor.Redact(line))) + "\n");
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
            var shown = text is null ? "" : Shown(text.ReplaceLineEndings(" "));
            if (shown.Length >= _host.TerminalWidth)
                shown = shown[..(_host.TerminalWidth - 1)];
            TryWrite(_host.Error, "\r\e[2K" + shown);
            _hasProgress = text is not null;
        }
    }

    public void Document(string json)
    {
        var text = JsonText.Harmless(Redactor.Redact(json.TrimEnd()));
        lock (_lock)
            Put(_here.Value ?? _own, isError: false, text + "\n", continues: false);
    }

    public void Log(LogEventLevel level, string target, string text, Exception? failure = null)
    {
        if (level >= LogEventLevel.Warning)
            lock (_lock)
                _problems.Add((level, Shown(target.Length > 0 ? $"{target}: {text}" : text)));
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
            Put(lane, isError, format(lane.Target, Printed(lane.Redactor.Redact(text))) + "\n", continues: false);
        }
    }

    /// <summary>A text of others as part of one of ours: redacted, printable, without any colour.</summary>
    public string Shown(string text) => WithoutCommands(PrintableText.Lines(Redactor.Redact(text)));

    /// <param name="redacted">Whole lines.</param>
    private string Printed(string redacted) =>
        WithoutCommands(
            redacted.Contains('\n', StringComparison.Ordinal)
                ? string.Join('\n', redacted.Split('\n').Select(Coloured))
                : Coloured(redacted)
        );

    /// <summary>What code of the build itself wrote to the console may speak to the runner, as far as it only tells.</summary>
    private string Written(string redacted) =>
        _isGitHub && GitHubCommand.OnlyTells(redacted) ? Coloured(redacted) : Printed(redacted);

    private string Coloured(string line) => PrintableText.Printed(line.TrimEnd('\r'), Paint.IsColoured);

    private string WithoutCommands(string text) =>
        !_isGitHub ? text
        : text.Contains('\n', StringComparison.Ordinal)
            ? string.Join('\n', text.Split('\n').Select(PrintableText.WithoutCommands))
        : PrintableText.WithoutCommands(text);

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
        Put(lane, isError, Written(Redactor.Redact(lane.Tail[..length])), continues: true);
        lane.Tail = lane.Tail[length..];
    }

    private void Complete(OutputLane lane)
    {
        if (lane.Tail.Length > 0)
            Put(lane, IsJson, View.Line(lane.Target, Written(lane.Redactor.Redact(lane.Tail))) + "\n", continues: true);
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
