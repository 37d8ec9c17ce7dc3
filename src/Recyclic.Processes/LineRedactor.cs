namespace Recyclic.Processes;

/// <summary>
/// Redacts lines that follow each other, also where a line break cuts a secret in two: most of it at the end of a line
/// is masked at once, and what a line ended with decides how the next one may begin. Nothing is held back.
/// </summary>
internal sealed class LineRedactor(Redactor redactor)
{
    private List<(string Secret, int Length)> _open = [];

    public string Redact(string text)
    {
        if (!text.Contains('\n'))
            return Line(text);
        // Once as a whole: a secret of several lines may stand in one text.
        return string.Join('\n', redactor.Redact(text).Split('\n').Select(Line));
    }

    private string Line(string line)
    {
        var secret = redactor.Find(line);
        var open = new List<(string, int)>();
        foreach (var (whole, length) in _open)
            Continue(whole, length);
        foreach (var whole in redactor.Cuttable)
            if (BeginningAtEnd(line, whole) is var length and > 0)
            {
                open.Add((whole, length));
                if (length >= Telling(whole))
                    secret.Add((line.Length - length, line.Length));
            }
        _open = open;
        return Redactor.Masked(line, secret);

        void Continue(string whole, int length)
        {
            var rest = whole.AsSpan(length);
            if (line.AsSpan().StartsWith(rest))
                secret.Add((0, rest.Length));
            else if (line.Length > 0 && rest.StartsWith(line))
            {
                if (length + line.Length >= Telling(whole))
                    secret.Add((0, line.Length));
                open.Add((whole, length + line.Length));
            }
        }
    }

    /// <summary>How much of a secret tells more than it may.</summary>
    private static int Telling(string secret) => Math.Max(4, (secret.Length + 1) / 2);

    /// <summary>How many characters at the end of the line are the beginning of the secret; never all of it.</summary>
    internal static int BeginningAtEnd(string line, string secret)
    {
        var start = Math.Max(0, line.Length - secret.Length + 1);
        for (
            var i = line.IndexOf(secret[0], start);
            i >= 0 && i < line.Length;
            i = i + 1 < line.Length ? line.IndexOf(secret[0], i + 1) : -1
        )
            if (secret.AsSpan().StartsWith(line.AsSpan(i)))
                return line.Length - i;
        return 0;
    }
}
