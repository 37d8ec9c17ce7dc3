using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recyclic.Build;

/// <summary>A path in JSON is a string.</summary>
public sealed class AbsolutePathJsonConverter : JsonConverter<AbsolutePath>
{
    /// <exception cref="JsonException">The value is not an absolute path.</exception>
    public override AbsolutePath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("a path is a string");
        try
        {
            return new(reader.GetString()!);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <summary>Writes a string.</summary>
    public override void Write(Utf8JsonWriter writer, AbsolutePath value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

/// <summary>For libraries that convert by <see cref="TypeDescriptor"/>.</summary>
public sealed class AbsolutePathTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string path ? new AbsolutePath(path) : base.ConvertFrom(context, culture, value);
}
