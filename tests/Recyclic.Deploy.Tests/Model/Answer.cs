using System.Text.Json;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>What the client library makes of an engine's answer.</summary>
internal static class Answer
{
    /// <exception cref="JsonException">It is no such answer.</exception>
    public static T Of<T>(string json)
        where T : class => JsonSerializer.Deserialize<T>(json) ?? throw new JsonException("null");
}
