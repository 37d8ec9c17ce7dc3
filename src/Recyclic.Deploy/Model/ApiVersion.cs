namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: the version of the engine's API that is spoken with one engine. An engine refuses versions newer than its own
/// and, engine 29 for one, those older than it still knows.
/// </summary>
/// <remarks>https://docs.docker.com/reference/api/engine/#versioned-api-and-sdk</remarks>
public static class ApiVersion
{
    /// <summary>That of engine 25, which the answers are read by.</summary>
    public static readonly Version Preferred = new(1, 44);

    /// <param name="newest">The newest that the engine speaks, as it says it.</param>
    /// <param name="oldest">The oldest.</param>
    public static Version Choose(string? newest, string? oldest)
    {
        var (last, first) = (Read(newest), Read(oldest));
        return last is not null && last < Preferred ? last
            : first is not null && first > Preferred ? first
            : Preferred;
    }

    private static Version? Read(string? text) => Version.TryParse(text, out var version) ? version : null;
}
