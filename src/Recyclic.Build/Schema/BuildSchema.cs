using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Schema;

/// <summary>Describes <c>.nuke/parameters*.json</c> to editors. Pure: the definition of a build in, JSON out.</summary>
internal static class BuildSchema
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="title">The name of the build class.</param>
    /// <param name="targets">Names of the listed targets.</param>
    /// <param name="parameters">All parameters, host options included.</param>
    public static byte[] Of(string title, IEnumerable<string> targets, ImmutableArray<ParameterModel> parameters)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            writer.WriteString("title", $"Parameters of {title}");
            writer.WriteString("type", "object");
            writer.WriteStartObject("definitions");
            Enumeration(writer, "ExecutableTarget", targets);
            foreach (var type in parameters.Select(p => p.Scalar).Where(type => type.IsEnum).Distinct())
                Enumeration(writer, type.Name, ValueConverter.EnumNames(type));
            writer.WriteEndObject();
            writer.WriteStartObject("properties");
            writer.WriteStartObject("$schema");
            writer.WriteString("type", "string");
            writer.WriteEndObject();
            foreach (var parameter in parameters.Where(p => !p.IsCommandLineOnly))
                Property(writer, parameter);
            writer.WriteEndObject();
            writer.WriteBoolean("additionalProperties", false);
            writer.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Enumeration(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", "string");
        writer.WriteStartArray("enum");
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Property(Utf8JsonWriter writer, ParameterModel parameter)
    {
        writer.WriteStartObject(KeyOf(parameter));
        if (DescriptionOf(parameter) is { Length: > 0 } description)
            writer.WriteString("description", description);
        if (parameter.IsSecret)
            writer.WriteBoolean("writeOnly", true);
        if (parameter.IsList)
        {
            writer.WriteString("type", "array");
            writer.WriteStartObject("items");
        }
        ScalarType(writer, parameter.Scalar);
        if (parameter.IsList)
            writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>As in the source where it is the member's name, with humps for a name of its own.</summary>
    private static string KeyOf(ParameterModel parameter) =>
        ParameterNames.Normal(parameter.MemberName) == ParameterNames.Normal(parameter.Name)
            ? parameter.MemberName
            : string.Concat(
                parameter
                    .Name.Split('-', StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => char.ToUpperInvariant(word[0]) + word[1..])
            );

    private static string DescriptionOf(ParameterModel parameter) =>
        parameter.IsSecret
            ? $"{parameter.Description} (secret: not for a file under version control)".TrimStart()
            : parameter.Description ?? "";

    private static void ScalarType(Utf8JsonWriter writer, Type type)
    {
        if (type.IsEnum)
        {
            writer.WriteString("$ref", $"#/definitions/{type.Name}");
            return;
        }
        string[] names =
            type == typeof(bool) ? ["boolean"]
            : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? ["number"]
            : type == typeof(TimeSpan) ? ["string", "number"]
            : type.IsPrimitive && type != typeof(char) ? ["integer"]
            : ["string"];
        if (names is [var only])
        {
            writer.WriteString("type", only);
            return;
        }
        writer.WriteStartArray("type");
        foreach (var name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}
