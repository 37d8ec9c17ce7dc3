using System.Collections.Immutable;

namespace Recyclic.Processes;

/// <summary>
/// Secrets that only the text around them gives away: behind the name that they were found under, behind a word such as
/// `password`, and in an address before its `@`, where every password is one. Pure.
/// </summary>
internal sealed class SecretContext
{
    private const int LongestName = 100;
    private const int MostBlanks = 3;

    private readonly ImmutableDictionary<string, ImmutableHashSet<string>> _byName;
    private readonly ImmutableHashSet<string> _passwords;
    private readonly ImmutableHashSet<string> _words;

    private SecretContext(
        ImmutableDictionary<string, ImmutableHashSet<string>> byName,
        ImmutableHashSet<string> passwords,
        ImmutableHashSet<string> words
    ) => (_byName, _passwords, _words) = (byName, passwords, words);

    public static SecretContext None { get; } =
        new(ImmutableDictionary.Create<string, ImmutableHashSet<string>>(StringComparer.OrdinalIgnoreCase), [], []);

    public bool IsEmpty => _byName.IsEmpty && _passwords.IsEmpty && _words.IsEmpty;

    public SecretContext With(FoundValue found)
    {
        var value = found.Value.Trim();
        if (value.Length == 0 || SecretStrength.IsTrivial(found))
            return this;
        var isSecret = found.IsSecret || SecretStrength.IsSecretName(found.Name);
        return new SecretContext(
            found.Name.Length == 0
                ? _byName
                : _byName.SetItem(found.Name, _byName.GetValueOrDefault(found.Name, []).Add(value)),
            isSecret ? _passwords.Add(value) : _passwords,
            // Nobody has said so of what was only found.
            found is { IsSecret: true, Name: "" }
            && SecretStrength.Of(value) == Strength.Word
                ? _words.Add(value)
                : _words
        );
    }

    public void Find(string text, List<(int Start, int End)> found)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            found.AddRange(Passwords(text));
        for (var i = text.IndexOf("uthorization", StringComparison.Ordinal); i >= 0; )
        {
            if (Credentials(text, i) is { } credentials)
                found.Add(credentials);
            i = text.IndexOf("uthorization", i + 1, StringComparison.Ordinal);
        }
        if (IsEmpty)
            return;
        foreach (var word in _words)
            for (
                var i = text.IndexOf(word, StringComparison.Ordinal);
                i >= 0;
                i = text.IndexOf(word, i + 1, StringComparison.Ordinal)
            )
                if (IsEdge(text, i - 1) && IsEdge(text, i + word.Length))
                    found.Add((i, i + word.Length));
        for (var i = text.AsSpan().IndexOfAny('=', ':'); i >= 0; )
        {
            if (BehindName(text, i) is { } value)
                found.Add(value);
            var next = text.AsSpan(i + 1).IndexOfAny('=', ':');
            i = next < 0 ? -1 : i + 1 + next;
        }
    }

    /// <summary>The passwords of the addresses in a text: between `scheme://user:` and the last `@` before the path.</summary>
    public static IEnumerable<(int Start, int End)> Passwords(string text)
    {
        for (
            var i = text.IndexOf("://", StringComparison.Ordinal);
            i >= 0;
            i = text.IndexOf("://", i + 3, StringComparison.Ordinal)
        )
        {
            var (colon, at) = (-1, -1);
            for (var end = i + 3; end < text.Length && !IsEndOfLogin(text[end]); end++)
                if (text[end] == ':' && colon < 0)
                    colon = end;
                else if (text[end] == '@')
                    at = end;
            if (colon >= 0 && at > colon + 1)
                yield return (colon + 1, at);
        }
    }

    /// <summary>How much of the beginning of a line may be shown: what is behind a name may not yet be whole.</summary>
    public int SafeLength(string text)
    {
        var address = text.LastIndexOf("://", StringComparison.Ordinal);
        if (address >= 0 && !text.AsSpan(address).ContainsAny(" \t\"'"))
            return address;
        var token = text.LastIndexOf(' ') + 1;
        var sign = text.IndexOfAny(['=', ':'], token);
        return sign >= 0 && sign < text.Length - 1 && IsKnown(NameBefore(text, sign).Name) ? sign + 1 : text.Length;
    }

    private (int, int)? BehindName(string text, int sign)
    {
        var (name, isQuoted) = NameBefore(text, sign);
        if (name.Length == 0 || !IsKnown(name))
            return null;
        var start = sign + 1;
        for (var blanks = 0; blanks < MostBlanks && start < text.Length && text[start] == ' '; blanks++)
            start++;
        var quote = start < text.Length && text[start] is '"' or '\'' ? 1 : 0;
        // A number of a document stays one.
        if (isQuoted && text[sign] == ':' && quote == 0)
            return null;
        start += quote;
        var values = SecretStrength.IsSecretName(name)
            ? _byName.GetValueOrDefault(name, []).Union(_passwords)
            : _byName.GetValueOrDefault(name, []);
        var longest = values
            .Where(value =>
                text.AsSpan(start).StartsWith(value, StringComparison.Ordinal) && IsEdge(text, start + value.Length)
            )
            .Select(value => value.Length)
            .DefaultIfEmpty(0)
            .Max();
        return longest == 0 ? null : (start, start + longest);
    }

    private bool IsKnown(string name) =>
        _byName.ContainsKey(name) || !_passwords.IsEmpty && name.Length > 0 && SecretStrength.IsSecretName(name);

    private static (string Name, bool IsQuoted) NameBefore(string text, int sign)
    {
        var end = sign;
        while (end > 0 && text[end - 1] == ' ')
            end--;
        var isQuoted = end > 0 && text[end - 1] is '"' or '\'';
        if (isQuoted)
            end--;
        var start = end;
        while (
            start > 0
            && end - start < LongestName
            && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.')
        )
            start--;
        return (text[start..end].TrimStart('-'), isQuoted);
    }

    /// <summary>What follows `Authorization: Basic`, whoever it is.</summary>
    private static (int, int)? Credentials(string text, int start)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["Basic ", "Bearer ", "basic ", "bearer "])
        {
            var at = text.IndexOf(scheme, start, Math.Min(40, text.Length - start), StringComparison.Ordinal);
            if (at < 0)
                continue;
            var (from, to) = (at + scheme.Length, at + scheme.Length);
            while (
                to < text.Length
                && (char.IsAsciiLetterOrDigit(text[to]) || text[to] is '+' or '/' or '=' or '-' or '_' or '.')
            )
                to++;
            if (to > from)
                return (from, to);
        }
        return null;
    }

    private static bool IsEndOfLogin(char character) =>
        char.IsWhiteSpace(character) || character is '/' or '"' or '\'' or '`' or '<' or '>' or '\\';

    private static bool IsEdge(string text, int index) =>
        index < 0 || index >= text.Length || !char.IsLetterOrDigit(text[index]) && text[index] != '_';
}
