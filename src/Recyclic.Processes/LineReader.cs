using System.Runtime.ExceptionServices;
using System.Text;

namespace Recyclic.Processes;

/// <summary>Reads all that a program prints: calls back line by line, and keeps no more of it than a limit.</summary>
internal sealed class LineReader(int limit, Action<string>? onLine)
{
    /// <summary>What a callback gets of one line at most; a line of 100 MB would not fit a log either.</summary>
    private const int LongestLine = 256 * 1024;
    private const int BufferSize = 16 * 1024;

    /// <summary>What programs are taken to read and print: UTF-8, without a mark at its beginning.</summary>
    public static readonly Encoding Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly TailText _kept = new(limit);
    private readonly StringBuilder _line = new();
    private ExceptionDispatchInfo? _failure;
    private bool _isAfterReturn;
    private bool _hasLine;

    /// <summary>Whether the beginning is missing in what was kept.</summary>
    public bool IsCut => _kept.IsCut;

    /// <summary>What has been kept so far.</summary>
    public string Text => _kept.ToString();

    public async Task ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var buffer = new char[BufferSize];
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellationToken)) > 0)
            Take(buffer.AsSpan(0, count));
        if (_hasLine)
            EndLine();
        // Only now: a reader that stops reading would stop the program too.
        _failure?.Throw();
    }

    private void Take(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (_isAfterReturn && text[0] == '\n')
                text = text[1..];
            _isAfterReturn = false;
            var end = text.IndexOfAny('\r', '\n');
            AddToLine(end < 0 ? text : text[..end]);
            if (end < 0)
                return;
            _isAfterReturn = text[end] == '\r';
            EndLine();
            text = text[(end + 1)..];
        }
    }

    private void AddToLine(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        _hasLine = true;
        _kept.Add(text);
        if (onLine is not null && _line.Length < LongestLine)
            _line.Append(text[..Math.Min(text.Length, LongestLine - _line.Length)]);
    }

    private void EndLine()
    {
        _kept.Add("\n");
        _hasLine = false;
        if (onLine is null)
            return;
        var line = _line.Length < LongestLine ? _line.ToString() : _line + "… (the rest of the line is left out)";
        _line.Clear();
        try
        {
            if (_failure is null)
                onLine(line);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
