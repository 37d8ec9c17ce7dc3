namespace Recyclic.Load;

/// <summary>
/// Looks a header up in the raw head of a response: most responses are asked for two or three of them only.
/// </summary>
internal static class HeaderLines
{
    public static string? Find(string head, string name)
    {
        foreach (var range in head.AsSpan().Split("\r\n"))
        {
            var line = head.AsSpan(range);
            if (
                line.Length > name.Length
                && line[name.Length] == ':'
                && line.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            )
                return line[(name.Length + 1)..].Trim().ToString();
        }
        return null;
    }
}
