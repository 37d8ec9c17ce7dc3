using System.Globalization;
using System.Reflection;
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
        var array = Array.CreateInstance(parameter.Type.GetElementType()!, texts.Count);
        for (var i = 0; i < texts.Count; i++) array.SetValue(Scalar(parameter.Scalar, texts[i], directory), i);
        return array;
    }

    /// <summary>What to put between angle brackets in the help; null for a flag.</summary>
    public static string? Placeholder(Type scalar) =>
        scalar == typeof(bool) ? null
        : scalar == typeof(TimeSpan) ? "seconds"
        : scalar == typeof(AbsolutePath) ? "path"
        : IsNumber(scalar) ? "number"
        : scalar.IsEnum ? "name"
        : "value";

    /// <summary>Values of an enum as people type them.</summary>
    public static string[] EnumNames(Type scalar) => scalar.IsEnum ? [.. Enum.GetNames(scalar).Select(ParameterNames.Kebab)] : [];

    private static object Scalar(Type type, string text, AbsolutePath directory)
    {
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return Flag(text);
        if (type == typeof(TimeSpan)) return Seconds(text);
        if (type == typeof(AbsolutePath)) return text.Length > 0 ? directory / text : throw new FormatException("not a path");
        if (type.IsEnum) return EnumValue(type, text);
        return Parsed(type, text);
    }

    private static bool Flag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        _ => throw new FormatException("neither true nor false"),
    };

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException("not a number of seconds");

    private static object EnumValue(Type type, string text)
    {
        var name = Enum.GetNames(type).FirstOrDefault(n => ParameterNames.Normal(n) == ParameterNames.Normal(text));
        return name is not null
            ? Enum.Parse(type, name)
            : throw new FormatException($"not one of {string.Join(", ", EnumNames(type))}{Suggestion.For(text, EnumNames(type))}");
    }

    private static object Parsed(Type type, string text)
    {
        if (type.GetMethod("Parse", BindingFlags.Static | BindingFlags.Public, [typeof(string), typeof(IFormatProvider)]) is not { } parse)
            throw new FormatException($"a {type.Name}, which has no static Parse(string, IFormatProvider)");
        try
        {
            return parse.Invoke(null, [text, CultureInfo.InvariantCulture])!;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException(IsNumber(type) ? NotANumber(type) : $"not valid: {exception.InnerException.Message}", exception);
        }
    }

    private static string NotANumber(Type type) => type == typeof(double) || type == typeof(decimal) ? "not a number" : "not a whole number in range";

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(decimal);
}
