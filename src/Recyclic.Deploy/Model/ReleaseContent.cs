using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: what stands for the content of files that are themselves the release.</summary>
public static class ReleaseContent
{
    /// <summary>
    /// 7 hex digits of the resolved model: the same for the same content, wherever it is checked out.
    /// </summary>
    /// <param name="folder">The folder of the compose file, which paths of the model begin with.</param>
    public static string Of(JsonObject resolved, string folder)
    {
        var text = Sorted(resolved)!.ToJsonString();
        var written = JsonValue.Create(folder).ToJsonString()[1..^1];
        if (written.Length > 1)
            text = text.Replace(written, ".", StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..7];
    }

    internal static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject(
                map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            _ => node?.DeepClone(),
        };
}
