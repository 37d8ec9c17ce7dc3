namespace Recyclic.Processes;

/// <summary>Keeps the last characters of a text, in blocks, so that dropping the oldest costs nothing.</summary>
internal sealed class TailText(int limit)
{
    private const int BlockSize = 16 * 1024;
    private readonly Lock _lock = new();
    private readonly Queue<char[]> _full = new();
    private char[] _last = [];
    private int _used;
    private int _length;

    /// <summary>Whether characters at the beginning have been dropped.</summary>
    public bool IsCut { get; private set; }

    public void Add(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            while (text.Length > 0)
            {
                if (_used == _last.Length)
                    NextBlock(text.Length);
                var count = Math.Min(text.Length, _last.Length - _used);
                text[..count].CopyTo(_last.AsSpan(_used));
                _used += count;
                _length += count;
                text = text[count..];
            }
            while (_length - FirstLength() >= limit && _full.Count > 0)
            {
                _length -= _full.Dequeue().Length;
                IsCut = true;
            }
        }
    }

    /// <summary>What is kept: at most the limit.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var text = string.Create(
                _length,
                this,
                static (span, tail) =>
                {
                    foreach (var block in tail._full)
                    {
                        block.CopyTo(span);
                        span = span[block.Length..];
                    }
                    tail._last.AsSpan(0, tail._used).CopyTo(span);
                }
            );
            if (text.Length <= limit)
                return text;
            IsCut = true;
            return text[^limit..];
        }
    }

    private int FirstLength() => _full.TryPeek(out var block) ? block.Length : 0;

    private void NextBlock(int wanted)
    {
        if (_last.Length > 0)
            _full.Enqueue(_last);
        // A short output gets a short block.
        _last = new char[Math.Clamp(Math.Max(wanted, _length), 256, BlockSize)];
        _used = 0;
    }
}
