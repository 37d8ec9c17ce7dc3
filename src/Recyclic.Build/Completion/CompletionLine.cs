using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Build.Completion;

/// <summary>
/// A command line that somebody is typing: the words before the one at its end, and that one, which may be empty.
/// </summary>
internal sealed record CompletionLine(ImmutableArray<string> Before, string Word)
{
    /// <summary>Splits at spaces as a shell would; the program in front is dropped.</summary>
    public static CompletionLine Parse(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var hasWord = false;
        for (var at = 0; at < line.Length; at++)
        {
            var character = line[at];
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                if (hasWord)
                    words.Add(word.ToString());
                word.Clear();
                hasWord = false;
                continue;
            }
            hasWord = true;
            if (character == quote)
                quote = '\0';
            else if (quote == '\0' && character is '"' or '\'')
                quote = character;
            else if (quote != '\'' && character == '\\' && at + 1 < line.Length)
                word.Append(line[++at]);
            else
                word.Append(character);
        }
        // The word at the end may be the program itself, when nothing follows it.
        return words.Count == 0 ? new([], "") : new([.. words.Skip(1)], word.ToString());
    }
}
