using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Build.Output;

/// <summary>Replaces secrets by <c>***</c>, in all forms of <see cref="SecretForms"/>.</summary>
internal sealed class Redactor
{
    public const string Mask = "***";
    private readonly Lock _lock = new();
    private Patterns _patterns = new([], [], null);

    /// <summary>The values, as they were added.</summary>
    public ImmutableArray<string> Secrets { get; private set; } = [];

    /// <summary>What a line break may cut in two.</summary>
    public ImmutableArray<string> Cuttable => _patterns.Cuttable;

    /// <summary>Called with each new value.</summary>
    public Action<string>? Added { get; set; }

    public void Add(string secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        lock (_lock)
        {
            if (Secrets.Contains(secret))
                return;
            Secrets = Secrets.Add(secret);
            ImmutableArray<string> all = [.. _patterns.All.Concat(SecretForms.Of(secret)).Distinct()];
            ImmutableArray<string> cuttable = [.. _patterns.Cuttable.Concat(SecretForms.Cuttable(secret)).Distinct()];
            _patterns = new(all, cuttable, SearchValues.Create(all.AsSpan(), StringComparison.Ordinal));
        }
        Added?.Invoke(secret);
    }

    public void AddValue(object? value)
    {
        if (value is Array items)
            foreach (var item in items)
                AddValue(item);
        else if (value?.ToString() is { } text)
            Add(text);
    }

    public string Redact(string text) => Masked(text, Find(text));

    /// <summary>The stretches of the text that are secret.</summary>
    public List<(int Start, int End)> Find(string text)
    {
        var patterns = _patterns;
        var found = new List<(int, int)>();
        if (patterns.Any is null || !text.AsSpan().ContainsAny(patterns.Any))
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
    public int SafeLength(string text)
    {
        var length = text.Length;
        foreach (var pattern in _patterns.All)
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
    public static string Masked(string text, List<(int Start, int End)> secret)
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

    private sealed record Patterns(
        ImmutableArray<string> All,
        ImmutableArray<string> Cuttable,
        SearchValues<string>? Any
    );
}
