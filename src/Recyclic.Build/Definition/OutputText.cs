using System.Globalization;
using System.Text;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Definition;

/// <summary>An output as text, on its way from one process to another.</summary>
public static class OutputText
{
    private const string Prefix = "RECYCLIC_OUTPUT_";

    /// <summary>
    /// The environment variable that names a file, relative to the root of the repository, which gets the outputs of a
    /// run as <c>VARIABLE=value</c>, a line each.
    /// </summary>
    public const string FileVariable = "RECYCLIC_OUTPUTS_FILE";

    /// <summary>
    /// The environment variable that hands an output over: <c>RECYCLIC_OUTPUT_IMAGE_DIGEST</c> for ImageDigest.
    /// </summary>
    public static string VariableOf(string outputName) =>
        Prefix + ParameterNames.Variable(ParameterNames.Kebab(outputName));

    /// <summary>
    /// The variable that hands over a text of several lines, in Base64, where a variable has one line.
    /// </summary>
    internal static string EncodedVariableOf(string outputName) => VariableOf(outputName) + "_BASE64";

    /// <summary>The text of an output that another process has set; null: there is none.</summary>
    /// <param name="find">From a variable's name to its value.</param>
    internal static string? HandedOver(string outputName, Func<string, string?> find)
    {
        if (find(VariableOf(outputName)) is { } plain)
            return plain;
        if (find(EncodedVariableOf(outputName)) is not { } encoded)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException exception)
        {
            throw new TargetFailedException(
                $"the value of the output {outputName} in {EncodedVariableOf(outputName)} is no Base64",
                exitCode: 2,
                exception
            );
        }
    }

    /// <summary>What <see cref="Parse"/> reads back: a list has a line for each item.</summary>
    internal static string Of(object? value) =>
        value switch
        {
            null => "",
            Array items => string.Join('\n', items.Cast<object?>().Select(Of)),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    /// <exception cref="TargetFailedException">The text is no value of that type; exit code 2.</exception>
    internal static T? Parse<T>(string outputName, string text)
    {
        try
        {
            var model = new ParameterModel(outputName, outputName, typeof(T))
            {
                Separator = typeof(T).IsArray ? "\n" : null,
            };
            return (T?)ValueConverter.Convert(model, [text], new AbsolutePath(Path.GetTempPath()));
        }
        catch (FormatException exception)
        {
            throw new TargetFailedException(
                $"the value of the output {outputName} in {VariableOf(outputName)} is {exception.Message}",
                exitCode: 2,
                exception
            );
        }
    }
}
