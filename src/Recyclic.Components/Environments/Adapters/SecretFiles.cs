namespace Recyclic.Components.Environments.Adapters;

/// <summary>Files that hold a secret.</summary>
internal static class SecretFiles
{
    private const int LongestSecret = 64 * 1024;

    /// <summary>What a file holds; null: it cannot be read, or is no secret's size.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= LongestSecret } ? File.ReadAllText(path) : null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
