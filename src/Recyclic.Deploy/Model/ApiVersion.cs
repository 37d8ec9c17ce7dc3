using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: the version of the engine's API that is spoken with one engine. An engine refuses versions newer than its own and, engine 29
/// for one, those older than it still knows.
/// </summary>
/// <remarks>https://docs.docker.com/reference/api/engine/#versioned-api-and-sdk</remarks>
public static class ApiVersion
{
    /// <summary>That of engine 25, which the answers are read by.</summary>
    public static readonly Version Preferred = new(1, 44);

    /// <param name="engine">The answer to GET /version: `ApiVersion` is its newest, `MinAPIVersion` its oldest.</param>
    public static Version Choose(JsonNode? engine)
    {
        var (newest, oldest) = (Read("ApiVersion"), Read("MinAPIVersion"));
        return newest is not null && newest < Preferred ? newest : oldest is not null && oldest > Preferred ? oldest : Preferred;

        Version? Read(string key) => Version.TryParse(engine.At(key).AsText(), out var version) ? version : null;
    }
}
