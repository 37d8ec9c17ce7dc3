using System.Text;
using Recyclic.Build.Definition;
using Recyclic.Processes;

namespace Recyclic.Build.Adapters;

/// <summary>
/// The file through which a job of other CI systems than GitHub sets variables for later jobs: <c>VARIABLE=value</c>, a
/// line each.
/// </summary>
internal static class VariablesFile
{
    /// <returns>What could not be handed on, and why; empty when all was.</returns>
    public static IReadOnlyList<string> Write(string file, IEnumerable<TargetOutput> outputs, Redactor redactor)
    {
        var troubles = new List<string>();
        var lines = new StringBuilder();
        foreach (var output in outputs)
        {
            if (output.Text is not { } text)
                continue;
            if (redactor.Redact(text) != text)
                troubles.Add(
                    $"the output {output.Name} holds a secret, so it is not handed on to other jobs: require the secret where it is needed"
                );
            else
                lines.Append(LineOf(output.Name, text)).Append('\n');
        }
        if (lines.Length == 0)
            return troubles;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, lines.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            troubles.Add($"the outputs could not be written to {file}: {exception.Message}");
        }
        return troubles;
    }

    /// <summary>
    /// A reader of such a file may take away spaces and quotes, and knows no value of several lines: such a text goes
    /// encoded.
    /// </summary>
    private static string LineOf(string name, string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "_./:=@%+,-".Contains(c, StringComparison.Ordinal))
            ? $"{OutputText.VariableOf(name)}={text}"
            : $"{OutputText.EncodedVariableOf(name)}={Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";
}
