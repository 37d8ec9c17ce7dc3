using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Processes;

/// <summary>
/// Replaces secrets by <c>***</c>, in all forms of <see cref="SecretForms"/>: those that were declared, and what was
/// found in environments, files of variables and secrets. What is short or an ordinary word is replaced only where the
/// text around it says that it is one (<see cref="SecretContext"/>).
/// </summary>
public sealed class Redactor
{
    internal const string Mask = "***";
    private readonly Lock _lock = new();
    private ImmutableList<string> _strong = [];
    private ImmutableHashSet<string> _known = [];
    private Patterns? _patterns = Patterns.None;
    private SecretContext _context = SecretContext.None;

    /// <summary>The values that were declared and are replaced wherever they stand.</summary>
    internal ImmutableArray<string> Secrets { get; private set; } = [];

    /// <summary>Called with each new value of <see cref="Secrets"/>.</summary>
    internal Action<string>? Added { get; set; }

    internal bool IsEmpty => _strong.IsEmpty && _context.IsEmpty;

    /// <summary>What a line break may cut in two.</summary>
    internal ImmutableArray<string> Cuttable => Current.Cuttable;

    private Patterns Current
    {
        get
        {
            if (_patterns is { } made)
                return made;
            lock (_lock)
                return _patterns ??= Patterns.Of(_strong);
        }
    }

    /// <summary>A value that somebody has said is a secret.</summary>
    public void Add(string secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        lock (_lock)
        {
            if (Secrets.Contains(secret))
                return;
            if (SecretStrength.Of(secret) != Strength.Anywhere)
            {
                _context = _context.With(new FoundValue("", secret) { IsSecret = true });
                return;
            }
            Secrets = Secrets.Add(secret);
            Take(secret);
        }
        Added?.Invoke(secret);
    }

    /// <summary>Values that may be secrets, by where they were found.</summary>
    public void AddFound(IEnumerable<FoundValue> values)
    {
        lock (_lock)
            foreach (var value in values.SelectMany(value => value.Parts()))
                if (SecretStrength.Of(value) == Strength.Anywhere)
                    Take(value.Value);
                else
                    _context = _context.With(value);
    }

    /// <summary>The text without its secrets; a text of several lines is taken as a whole.</summary>
    public string Redact(string text) => Masked(text, Find(text));

    /// <summary>Lines that follow each other, also where a break between them cuts a secret in two.</summary>
    public ImmutableArray<string> RedactLines(IEnumerable<string> lines)
    {
        var redactor = new LineRedactor(this);
        return [.. lines.Select(redactor.Redact)];
    }

    /// <summary>
    /// The same for lines that come one by one: to be called with each in its turn.
    /// </summary>
    public Func<string, string> LineByLine() => new LineRedactor(this).Redact;

    internal void AddValue(object? value)
    {
        if (value is Array items)
            foreach (var item in items)
                AddValue(item);
        else if (value?.ToString() is { } text)
            Add(text);
    }

    /// <summary>The stretches of the text that are secret.</summary>
    internal List<(int Start, int End)> Find(string text)
    {
        var patterns = Current;
        var found = new List<(int, int)>();
        _context.Find(text, found);
        if (patterns.Any is null)
            return found;
        FindCut(text, patterns, found);
        if (!text.AsSpan().ContainsAny(patterns.Any))
            return found;
        foreach (var pattern in patterns.All)
            for (
                var i = text.IndexOf(pattern, StringComparison.Ordinal);
                i >= 0;
                i = text.IndexOf(pattern, i + 1, StringComparison.Ordinal)
            )
                found.Add((i, i + pattern.Length));
        return found;
    }

    /// <summary>
    /// How much of the text may be shown before more of it is known: the end of it may be the beginning of a secret.
    /// </summary>
    internal int SafeLength(string text)
    {
        var length = _context.SafeLength(text);
        foreach (var pattern in Current.All)
            for (var i = Math.Max(0, text.Length - pattern.Length + 1); i < length; i++)
                if (pattern.AsSpan().StartsWith(text.AsSpan(i)))
                    length = i;
        // A secret that is whole must not be cut.
        foreach (var (start, end) in Find(text).OrderDescending())
            if (start < length && end > length)
                length = start;
        return length;
    }

    /// <summary>
    /// The text with its secret stretches masked; those that overlap become one mask, so that no end of one looks out.
    /// </summary>
    internal static string Masked(string text, List<(int Start, int End)> secret)
    {
        if (secret.Count == 0)
            return text;
        var masked = new StringBuilder();
        var position = 0;
        foreach (var (start, end) in secret.Order())
        {
            if (start >= position)
                masked.Append(text, position, start - position).Append(Mask);
            position = Math.Max(position, end);
        }
        return masked.Append(text, position, text.Length - position).ToString();
    }

    private void Take(string secret)
    {
        if (_known.Contains(secret))
            return;
        (_known, _strong) = (_known.Add(secret), _strong.Add(secret));
        _patterns = null;
    }

    /// <summary>A text may have been cut before it came here; what it says so with is an ellipsis.</summary>
    private static void FindCut(string text, Patterns patterns, List<(int, int)> found)
    {
        for (var end = text.IndexOf('…'); end >= 0; end = text.IndexOf('…', end + 1))
            foreach (var whole in patterns.Cuttable)
                if (
                    LineRedactor.BeginningAtEnd(text[Math.Max(0, end - whole.Length)..end], whole) is var length and > 3
                )
                    found.Add((end - length, end));
    }

    private sealed record Patterns(
        ImmutableArray<string> All,
        ImmutableArray<string> Cuttable,
        SearchValues<string>? Any
    )
    {
        public static Patterns None { get; } = new([], [], null);

        /// <summary>Made when first needed: many values are found at once.</summary>
        public static Patterns Of(IReadOnlyCollection<string> secrets)
        {
            ImmutableArray<string> all = [.. secrets.SelectMany(SecretForms.Of).Distinct()];
            return all.IsEmpty
                ? None
                : new(
                    all,
                    [.. secrets.SelectMany(SecretForms.Cuttable).Distinct()],
                    SearchValues.Create(all.AsSpan(), StringComparison.Ordinal)
                );
        }
    }
}
