using System.Text;

namespace Recyclic.Build.Tooling;

/// <summary>Builds a list of arguments from typed text and values.</summary>
internal sealed class ArgumentList
{
    private readonly List<string> _arguments = [];
    private readonly StringBuilder _word = new();
    private bool _hasWord;
    private bool _isQuoted;

    public List<string> Secrets { get; } = [];

    /// <summary>Text that is split at spaces; double quotes hold together, <c>\"</c> is a quote.</summary>
    public void Type(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '"')
                Continue(text[++at]);
            else if (text[at] == '"')
                (_isQuoted, _hasWord) = (!_isQuoted, true);
            else if (char.IsWhiteSpace(text[at]) && !_isQuoted)
                EndWord();
            else
                Continue(text[at]);
        }
    }

    /// <summary>A value, which continues the word before it and is never split.</summary>
    public void Add(string value, bool isSecret)
    {
        _word.Append(value);
        _hasWord = true;
        if (isSecret && value.Length > 0)
            Secrets.Add(value);
    }

    /// <summary>Several values, the first of which continues the word before it.</summary>
    public void AddAll(IReadOnlyList<string> values, bool isSecret)
    {
        for (var at = 0; at < values.Count; at++)
        {
            if (at > 0)
                EndWord();
            Add(values[at], isSecret);
        }
    }

    public IReadOnlyList<string> ToList()
    {
        if (_isQuoted)
            throw new ArgumentException(
                $"a quote is not closed in the arguments after {(_arguments.Count > 0 ? $"'{_arguments[^1]}'" : "the program")}"
            );
        EndWord();
        return _arguments;
    }

    private void Continue(char character)
    {
        _word.Append(character);
        _hasWord = true;
    }

    private void EndWord()
    {
        if (_hasWord)
            _arguments.Add(_word.ToString());
        _word.Clear();
        _hasWord = false;
    }
}
