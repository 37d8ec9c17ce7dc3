namespace Recyclic.Build.Parameters;

/// <summary>How text from outside is quoted in a message: on one line and not at any length.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Cut(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= Longest
            ? line
            : FormattableString.Invariant($"{line[..(Longest - 1)]}… ({line.Length} characters)");
    }

    /// <summary>Some of many names.</summary>
    public static string List(IReadOnlyCollection<string> names, int most = 20) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");
}
