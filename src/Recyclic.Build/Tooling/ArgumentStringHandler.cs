using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Recyclic.Build.Tooling;

/// <summary>
/// Arguments written as one line, which becomes a list: <c>Docker($"build --tag {tag} {directory}")</c>. The text
/// around the values is split at spaces, with double quotes to hold them together; a value is never split and needs no
/// quotes. A value that is a list becomes as many arguments. <c>{value:r}</c> prints it as <c>***</c>,
/// <c>{value:nq}</c> splits it as if it were typed. </summary>
[InterpolatedStringHandler]
public readonly struct ArgumentStringHandler
{
    private readonly ArgumentList? _list;

    /// <summary>Called by the compiler.</summary>
    public ArgumentStringHandler(int literalLength, int formattedCount) => _list = new();

    private ArgumentStringHandler(string text)
    {
        _list = new();
        _list.Type(text);
    }

    /// <summary>The arguments, as the program gets them.</summary>
    /// <exception cref="ArgumentException">A quote is not closed.</exception>
    public IReadOnlyList<string> Arguments => _list?.ToList() ?? [];

    /// <summary>The values that are not to be printed.</summary>
    public IReadOnlyList<string> Secrets => _list?.Secrets ?? [];

    /// <summary>Text without values, split at spaces.</summary>
    public static implicit operator ArgumentStringHandler(string? text) => new(text ?? "");

    /// <summary>Called by the compiler, for the text around the values.</summary>
    public void AppendLiteral(string value) => _list!.Type(value);

    /// <summary>Called by the compiler, for a value.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Called by the compiler, for a value with a format.</summary>
    public void AppendFormatted<T>(T value, string? format)
    {
        if (format == "nq")
            _list!.Type(TextOf(value, null));
        else if (value is IEnumerable values and not string)
            _list!.AddAll([.. values.Cast<object?>().Select(item => TextOf(item, format))], format == "r");
        else if (value is not null)
            _list!.Add(TextOf(value, format), format == "r");
    }

    private static string TextOf(object? value, string? format) =>
        value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(format is "r" or "nq" ? null : format, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
