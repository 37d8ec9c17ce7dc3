using System.Globalization;
using System.Text;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Pure: the lines of one stream of a log from its bytes, as the engine sends them: each line behind the time at which it
/// came.
/// </summary>
internal sealed class LogFraming
{
    /// <summary>Of a longer line the beginning: nobody is shown as much of one, and a line may be of any length.</summary>
    internal const int LongestLine = 64 * 1024;

    /// <summary>`2026-01-02T12:00:00.123456789Z`, as the engine always writes it.</summary>
    private const int TimeLength = 30;

    /// <summary>As much of it as a time of ours holds: what is behind is dropped, never rounded up.</summary>
    private const int TickLength = 27;

    private readonly List<byte> _line = [];
    private DateTimeOffset _last;
    private bool _isCut;

    /// <summary>The lines that have ended with these bytes.</summary>
    public IEnumerable<LoggedLine> Take(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            var room = Math.Max(0, LongestLine - _line.Count);
            _isCut |= part.Length > room;
            _line.AddRange(part.Span[..Math.Min(part.Length, room)]);
            if (end < 0)
                yield break;
            yield return End();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>The line that nothing has ended; null: there is none.</summary>
    public LoggedLine? Rest() => _line.Count > 0 ? End() : null;

    private LoggedLine End()
    {
        var text = Encoding.UTF8.GetString([.. _line]).TrimEnd('\r');
        if (_isCut)
            text += "…";
        _isCut = false;
        _line.Clear();
        if (
            text.Length >= TimeLength
            && DateTimeOffset.TryParse(
                text.AsSpan(0, TickLength),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var at
            )
        )
            (_last, text) = (at, text.Length > TimeLength ? text[(TimeLength + 1)..] : "");
        return new LoggedLine(_last, text);
    }
}
