using System.Globalization;
using System.Text;

namespace Recyclic.Load;

/// <summary>Puts one HTTP/1.1 response together from the bytes as they arrive. Knows nothing of sockets.</summary>
internal sealed class ResponseParser
{
    private const int MaxHeadBytes = 64 * 1024;
    private const int MaxBytes = 8 * 1024 * 1024;

    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _bodyStart = -1;
    private string _head = "";
    private int _status;
    private BodyLength _bodyLength;

    /// <summary>Whether a byte of a response has arrived.</summary>
    public bool Began => _length > 0;

    /// <summary>Whether the connection can carry another request; known once the response is complete.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Space()
    {
        if (_length == _bytes.Length)
        {
            if (_length >= MaxBytes)
                throw new MalformedResponseException($"the response is larger than {MaxBytes} bytes");
            Array.Resize(ref _bytes, _length * 2);
        }
        return _bytes.AsMemory(_length);
    }

    /// <summary>The response if it is complete with these bytes.</summary>
    /// <param name="count">How many bytes were put into <see cref="Space"/>; 0 when the other side has closed.</param>
    /// <exception cref="MalformedResponseException">It is not HTTP/1.1.</exception>
    /// <exception cref="ConnectionClosedException">The other side closed before the response was complete.</exception>
    public LoadResponse? Advance(int count)
    {
        _length += count;
        while (_bodyStart < 0 && TryReadHead())
        {
            if (_status is < 100 or > 199)
                break;
            DropInterim();
        }
        if (_bodyStart >= 0 && TryReadBody(closed: count == 0) is { } body)
            return Complete(body);
        if (count == 0)
            throw new ConnectionClosedException(
                Began
                    ? $"closed after {_length} bytes of an incomplete response"
                    : "closed before any byte of the response"
            );
        return null;
    }

    /// <summary>Makes the parser ready for the next response on the same connection.</summary>
    public void Reset() => (_length, _bodyStart, _head, _status, KeepsAlive) = (0, -1, "", 0, false);

    private bool TryReadHead()
    {
        var end = _bytes.AsSpan(0, _length).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            CheckBeginning();
            return _length > MaxHeadBytes
                ? throw new MalformedResponseException($"no end of headers in {MaxHeadBytes} bytes")
                : false;
        }
        CheckBeginning();
        _head = Encoding.Latin1.GetString(_bytes, 0, end);
        _bodyStart = end + 4;
        if (
            _head.Length < 12
            || !int.TryParse(_head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out _status)
            || _status < 100
        )
            throw new MalformedResponseException($"no status in \"{Beginning()}\"");
        _bodyLength = BodyLength.Of(_status, _head);
        return true;
    }

    private void CheckBeginning()
    {
        var expected = "HTTP/1."u8;
        var compared = Math.Min(_length, expected.Length);
        if (!_bytes.AsSpan(0, compared).SequenceEqual(expected[..compared]))
            throw new MalformedResponseException($"not HTTP/1.1: \"{Beginning()}\"");
    }

    private byte[]? TryReadBody(bool closed)
    {
        var body = _bytes.AsSpan(_bodyStart, _length - _bodyStart);
        if (_bodyLength.Chunked)
            return ChunkedBody.TryDecode(body);
        if (_bodyLength.Fixed is not { } length)
            return closed ? body.ToArray() : null;
        if (body.Length > length)
            throw new MalformedResponseException($"{body.Length - length} bytes after the body");
        return body.Length == length ? body.ToArray() : null;
    }

    private LoadResponse Complete(byte[] body)
    {
        var connection = HeaderLines.Find(_head, "Connection");
        var closes =
            connection?.Contains("close", StringComparison.OrdinalIgnoreCase)
            ?? _head.StartsWith("HTTP/1.0", StringComparison.Ordinal);
        KeepsAlive = !closes && (_bodyLength.Chunked || _bodyLength.Fixed is not null);
        return new LoadResponse(_status, _head, body);
    }

    private void DropInterim()
    {
        _bytes.AsSpan(_bodyStart, _length - _bodyStart).CopyTo(_bytes);
        (_length, _bodyStart) = (_length - _bodyStart, -1);
    }

    private string Beginning() => Encoding.Latin1.GetString(_bytes, 0, Math.Min(_length, 60)).ReplaceLineEndings(" ");
}
