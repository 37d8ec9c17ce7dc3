namespace Recyclic.Build.Tooling;

/// <summary>Keeps the last lines of an output.</summary>
internal sealed class OutputLines
{
    private const int MostCharacters = 16 * 1024 * 1024;
    private const int CharactersOfAnEmptyLine = 16;
    private readonly Lock _lock = new();
    private readonly Queue<Output> _lines = new();
    private int _characters;

    public void Add(Output line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            _characters += Size(line);
            while (_characters > MostCharacters && _lines.Count > 1)
                _characters -= Size(_lines.Dequeue());
        }
    }

    public IReadOnlyCollection<Output> ToList()
    {
        lock (_lock)
            return [.. _lines];
    }

    private static int Size(Output line) => line.Text.Length + CharactersOfAnEmptyLine;
}
