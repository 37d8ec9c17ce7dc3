namespace Recyclic.Build.Output;

/// <summary>Replaces secrets by <c>***</c>.</summary>
internal sealed class Redactor
{
    private const int ShortestLine = 6;
    private string[] _secrets = [];

    /// <summary>Adds a value and, since output goes line by line, each of its lines that is long enough to be one.</summary>
    public void Add(string secret)
    {
        if (string.IsNullOrWhiteSpace(secret)) return;
        var lines = secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length >= ShortestLine);
        _secrets = [.. _secrets.Append(secret).Append(secret.Trim()).Concat(lines).Distinct().OrderByDescending(s => s.Length)];
    }

    public void AddValue(object? value)
    {
        if (value is Array items) foreach (var item in items) AddValue(item);
        else if (value?.ToString() is { } text) Add(text);
    }

    public string Redact(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}
