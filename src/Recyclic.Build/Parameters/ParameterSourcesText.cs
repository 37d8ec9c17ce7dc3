using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Build.Parameters;

/// <summary>Every parameter with its value and where that comes from; secrets as <c>***</c>.</summary>
internal static class ParameterSourcesText
{
    /// <param name="parameters">All parameters.</param>
    /// <param name="values">Those that were given.</param>
    /// <param name="defaultOf">The text of a default, or null when there is none to show.</param>
    public static IEnumerable<string> Lines(
        ImmutableArray<ParameterModel> parameters,
        ParameterValues values,
        Func<ParameterModel, string?> defaultOf
    )
    {
        var shown = parameters
            .Where(p => p.FileOf is null && (p.Member is not null || values.Of(p) is not null))
            .ToArray();
        var width = shown.Select(p => p.Option.Length).DefaultIfEmpty(0).Max();
        foreach (var parameter in shown)
        {
            var given = values.Of(parameter);
            var text = parameter.IsSecret
                ? given is null
                    ? ""
                    : "***"
                : given is null
                    ? defaultOf(parameter) ?? ""
                    : Text(given.Value) ?? "";
            yield return $"parameter {parameter.Option.PadRight(width)} = {Shown.Cut(text)}  ({given?.Place ?? "default"})";
        }
    }

    /// <summary>A value as it would be typed; null when there is nothing to show.</summary>
    public static string? Text(object? value) =>
        value switch
        {
            null or "" => null,
            bool flag => flag ? "true" : "false",
            Array values => values.Length > 0 ? string.Join(' ', values.Cast<object?>().Select(Text)) : null,
            TimeSpan time => FormattableString.Invariant($"{time.TotalSeconds}"),
            Enum name => ParameterNames.Kebab(name.ToString()),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
}
