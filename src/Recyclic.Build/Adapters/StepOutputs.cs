using System.Security.Cryptography;
using Recyclic.Processes;

namespace Recyclic.Build.Adapters;

/// <summary>The file through which a step of a GitHub workflow sets its outputs.</summary>
internal static class StepOutputs
{
    /// <summary>GitHub hands on 1 MB of a job's outputs, counted as UTF-16.</summary>
    private const int MostCharacters = 512 * 1024;

    /// <returns>What could not be handed on, and why; empty when all was.</returns>
    public static IReadOnlyList<string> Append(string file, IEnumerable<TargetOutput> outputs, Redactor redactor)
    {
        var troubles = new List<string>();
        var handed = 0;
        foreach (var output in outputs)
        {
            if (output.Text is not { } text)
                continue;
            // GitHub itself drops an output that holds a secret, without a word in the job that misses it.
            if (redactor.Redact(text) != text)
                troubles.Add(
                    $"the output {output.Name} holds a secret, so it is not handed on to other jobs: require the secret where it is needed"
                );
            else if (text.Length > MostCharacters - handed)
                troubles.Add(
                    $"the output {output.Name} has {text.Length} characters, and GitHub hands on {MostCharacters} of a job's outputs at most: write it to a file, and let the target produce that"
                );
            else if (Trouble(file, output.Name, text) is { } trouble)
                troubles.Add(trouble);
            else
                handed += text.Length;
        }
        return troubles;
    }

    /// <summary>A mark that nobody can guess, so that a value cannot end itself and begin another output.</summary>
    private static string? Trouble(string file, string name, string text)
    {
        var mark = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        try
        {
            File.AppendAllText(file, $"{name}<<{mark}\n{text}\n{mark}\n");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the output {name} could not be written to {file}: {exception.Message}";
        }
    }
}
