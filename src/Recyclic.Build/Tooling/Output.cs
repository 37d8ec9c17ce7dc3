using System.Text.Json;

namespace Recyclic.Build.Tooling;

/// <summary>Where a line comes from.</summary>
public enum OutputType
{
    /// <summary>Standard output.</summary>
    Std,

    /// <summary>Standard error.</summary>
    Err,
}

/// <summary>A line that a program printed.</summary>
public readonly record struct Output(OutputType Type, string Text);

/// <summary>Reads what a program printed.</summary>
public static class OutputExtensions
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    /// <summary>The lines of standard output, joined.</summary>
    public static string StdToText(this IEnumerable<Output> output) =>
        string.Join('\n', output.Where(line => line.Type == OutputType.Std).Select(line => line.Text));

    /// <summary>Standard output as one JSON document.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static T? StdToJson<T>(this IEnumerable<Output> output) =>
        JsonSerializer.Deserialize<T>(output.StdToText(), Json);
}
