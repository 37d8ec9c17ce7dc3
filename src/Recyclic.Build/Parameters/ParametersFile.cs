using System.Text;
using System.Text.Json;

namespace Recyclic.Build.Parameters;

/// <summary>A key of a parameters file, with its values and its place for messages.</summary>
internal sealed record FileEntry(string Key, IReadOnlyList<string> Values, string Place);

/// <summary>Reads <c>{"Tag": "1.2.3", "Skip": ["A", "B"]}</c>. Pure: bytes in, entries and mistakes out.</summary>
internal static class ParametersFile
{
    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static IReadOnlyList<FileEntry> Read(string name, ReadOnlySpan<byte> json, List<string> mistakes)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        var entries = new List<FileEntry>();
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                mistakes.Add($"{Place(name, json, reader.TokenStartIndex)}: expected an object");
                return entries;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var place = Place(name, json, reader.TokenStartIndex);
                var key = reader.GetString()!;
                reader.Read();
                if (ValuesOf(ref reader) is not { } values)
                    mistakes.Add($"{place}: \"{key}\" must be a string, a number, true, false or an array of these");
                else if (values.Count > 0 && key != "$schema")
                    entries.Add(new(key, values, place));
            }
            while (reader.Read())
            {
                // To the end, so that text after the object is a mistake too.
            }
        }
        catch (JsonException exception)
        {
            var message = exception.Message.Split(" LineNumber:")[0];
            mistakes.Add($"{name}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: {message}");
        }
        catch (InvalidOperationException)
        {
            mistakes.Add($"{Place(name, json, reader.TokenStartIndex)}: a text is not valid Unicode");
        }
        return entries;
    }

    private static List<string>? ValuesOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            if (Text(ref reader) is { } text)
                return [text];
            reader.Skip();
            return null;
        }
        var values = new List<string>();
        var isFlat = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Text(ref reader) is { } text)
                values.Add(text);
            else
                isFlat = false;
            reader.Skip();
        }
        return isFlat ? values : null;
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };

    private static string Place(string name, ReadOnlySpan<byte> json, long position)
    {
        var before = json[..(int)position];
        return $"{name}:{before.Count((byte)'\n') + 1}:{before.Length - before.LastIndexOf((byte)'\n')}";
    }
}
