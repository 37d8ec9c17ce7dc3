using Recyclic.Build.CommandLine;

namespace Recyclic.Build.Parameters;

/// <summary>Turns text into a parameter's type. A problem is told without the value, which may be a secret.</summary>
internal static class ValueConverter
{
    /// <exception cref="FormatException">The text is not such a value; the message completes "… is".</exception>
    public static object? Convert(ParameterModel parameter, IReadOnlyList<string> texts, AbsolutePath directory)
    {
        if (!parameter.IsList)
        {
            return texts.Count switch
            {
                0 => throw new FormatException("no value"),
                1 => Scalar(parameter.Scalar, texts[0], directory),
                _ => throw new FormatException("several values, but takes one"),
            };
        }
        string[] items = parameter.Separator is { } separator
            ?
            [
                .. texts.SelectMany(text =>
                    text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                ),
            ]
            : [.. texts];
        var array = Array.CreateInstance(parameter.Type.GetElementType()!, items.Length);
        for (var i = 0; i < items.Length; i++)
            array.SetValue(Scalar(parameter.Scalar, items[i], directory), i);
        return array;
    }

    /// <summary>Whether texts can become values of this type.</summary>
    public static bool Supports(Type scalar) =>
        scalar == typeof(string)
        || scalar == typeof(bool)
        || scalar == typeof(TimeSpan)
        || scalar == typeof(AbsolutePath)
        || scalar.IsEnum
        || ReflectedParser.Supports(scalar);

    /// <summary>Whether the text is a value of the parameter's type.</summary>
    public static bool Accepts(ParameterModel parameter, string text, AbsolutePath directory)
    {
        try
        {
            return Convert(parameter, [text], directory) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>What to put between angle brackets in the help; null for a flag.</summary>
    public static string? Placeholder(Type scalar) =>
        scalar == typeof(bool) ? null
        : scalar == typeof(TimeSpan) ? "seconds"
        : scalar == typeof(AbsolutePath) ? "path"
        : ReflectedParser.IsNumber(scalar) ? "number"
        : scalar.IsEnum ? "name"
        : "value";

    /// <summary>Values of an enum as people type them.</summary>
    public static string[] EnumNames(Type scalar) =>
        scalar.IsEnum ? [.. Enum.GetNames(scalar).Select(ParameterNames.Kebab)] : [];

    private static object Scalar(Type type, string text, AbsolutePath directory)
    {
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return Flag(text);
        if (type == typeof(TimeSpan))
            return Duration.Parse(text);
        if (type == typeof(AbsolutePath))
            return PathOf(text, directory);
        if (type.IsEnum)
            return EnumValue(type, text);
        return ReflectedParser.Parse(type, text);
    }

    private static AbsolutePath PathOf(string text, AbsolutePath directory) =>
        text.Length > 0 && !text.Contains('\0') ? directory / text : throw new FormatException("not a path");

    private static bool Flag(string text) =>
        text.ToLowerInvariant() switch
        {
            "true" or "1" or "yes" or "on" => true,
            "false" or "0" or "no" or "off" => false,
            _ => throw new FormatException("neither true nor false"),
        };

    private static object EnumValue(Type type, string text)
    {
        var name = Enum.GetNames(type).FirstOrDefault(n => ParameterNames.Normal(n) == ParameterNames.Normal(text));
        return name is not null
            ? Enum.Parse(type, name)
            : throw new FormatException(
                $"not one of {string.Join(", ", EnumNames(type))}{Suggestion.For(text, EnumNames(type))}"
            );
    }
}
