using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Recyclic.Build.Parameters;

/// <summary>
/// Reads a value with what its type offers: a static <c>Parse</c> or <c>TryParse</c>, or a type converter.
/// </summary>
internal static class ReflectedParser
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public;

    public static bool Supports(Type type) =>
        !type.IsArray
        && (
            type == typeof(Uri)
            || Converter(type) is not null
            || Method(type, "Parse", typeof(string), typeof(IFormatProvider)) is not null
            || Method(type, "TryParse", typeof(string), typeof(IFormatProvider), type.MakeByRefType()) is not null
            || Method(type, "Parse", typeof(string)) is not null
            || Method(type, "TryParse", typeof(string), type.MakeByRefType()) is not null
        );

    /// <param name="type">One that is supported.</param>
    /// <exception cref="FormatException">The text is not such a value; the message completes "… is".</exception>
    public static object Parse(Type type, string text)
    {
        // A comma would count as a thousands separator: 0,25 would be 25.
        if (IsNumber(type) && text.Contains(','))
            throw new FormatException(NotANumber(type));
        // Parse comes first: its exception says why, TryParse only says no.
        if (Method(type, "Parse", typeof(string), typeof(IFormatProvider)) is { } parse)
            return Invoke(type, parse, text, CultureInfo.InvariantCulture);
        if (Method(type, "TryParse", typeof(string), typeof(IFormatProvider), type.MakeByRefType()) is { } tryParse)
            return Try(type, tryParse, text, CultureInfo.InvariantCulture);
        if (Method(type, "Parse", typeof(string)) is { } plain)
            return Invoke(type, plain, text);
        if (Method(type, "TryParse", typeof(string), type.MakeByRefType()) is { } tryPlain)
            return Try(type, tryPlain, text);
        if (type == typeof(Uri))
            return Uri.TryCreate(text, UriKind.Absolute, out var uri)
                ? uri
                : throw new FormatException("not an absolute address");
        return Converted(Converter(type)!, type, text);
    }

    public static bool IsNumber(Type type) =>
        !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static MethodInfo? Method(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, Static, parameters) is { } method
        && (method.ReturnType == type || method.ReturnType == typeof(bool))
            ? method
            : null;

    private static object Invoke(Type type, MethodInfo parse, params object?[] arguments)
    {
        try
        {
            return parse.Invoke(null, arguments) ?? throw new FormatException("not valid");
        }
        catch (TargetInvocationException exception)
            when (exception.InnerException is FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException(
                IsNumber(type) ? NotANumber(type) : $"not valid: {exception.InnerException.Message}",
                exception
            );
        }
    }

    private static object Try(Type type, MethodInfo tryParse, params object?[] arguments)
    {
        object?[] withResult = [.. arguments, null];
        return tryParse.Invoke(null, withResult) is true && withResult[^1] is { } value
            ? value
            : throw new FormatException($"not a valid {type.Name}");
    }

    private static TypeConverter? Converter(Type type) =>
        type.GetCustomAttribute<TypeConverterAttribute>() is { } attribute
        && Type.GetType(attribute.ConverterTypeName) is { } converter
            ? Activator.CreateInstance(converter) as TypeConverter
            : null;

    private static object Converted(TypeConverter converter, Type type, string text)
    {
        try
        {
            return converter.ConvertFromInvariantString(text) is { } value && type.IsInstanceOfType(value)
                ? value
                : throw new FormatException($"not a valid {type.Name}");
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            throw new FormatException($"not valid: {exception.Message}", exception);
        }
    }

    private static string NotANumber(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(decimal)
            ? "not a number"
            : "not a whole number in range";
}
