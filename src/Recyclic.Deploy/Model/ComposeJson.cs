using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: JSON of compose as an object, or a refusal. What has another form than compose's own counts as absent.
/// </summary>
internal static class ComposeJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <exception cref="ConfigurationException">It is no JSON object.</exception>
    public static JsonObject Parse(string file, string json)
    {
        try
        {
            var model =
                JsonNode.Parse(json, documentOptions: Options) as JsonObject
                ?? throw new ConfigurationException(
                    file,
                    "compose describes it by something that is no object",
                    "Run `docker compose config` on it."
                );
            ReadTexts(model);
            return model;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half a character in a name is no invalid JSON, but no text either.
            throw new ConfigurationException(
                file,
                $"compose describes it by invalid JSON: {exception.Message}",
                "Run `docker compose config --format json` on it."
            );
        }
    }

    /// <summary>Half a character in a text or a name is told only when it is read: so all are, once.</summary>
    private static void ReadTexts(JsonNode? node)
    {
        AsText(node);
        if (node is JsonObject map)
            foreach (var entry in map)
                ReadTexts(entry.Value);
        if (node is JsonArray list)
            foreach (var entry in list)
                ReadTexts(entry);
    }

    /// <summary>A member of an object; null when there is none, or no object.</summary>
    public static JsonNode? At(this JsonNode? node, string key) => (node as JsonObject)?[key];

    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static int? AsNumber(this JsonNode? node) =>
        node is JsonValue value
        && value.GetValueKind() == JsonValueKind.Number
        && value.TryGetValue<int>(out var number)
            ? number
            : null;

    /// <summary>Runs what reads a model: text that is no Unicode makes any access fail.</summary>
    /// <exception cref="ConfigurationException">The model has a form that compose does not give.</exception>
    public static T Reading<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new ConfigurationException(
                file,
                $"compose describes it in a way that is not understood: {exception.Message}",
                "Compare `docker compose config --format json` with the Compose specification."
            );
        }
    }
}
