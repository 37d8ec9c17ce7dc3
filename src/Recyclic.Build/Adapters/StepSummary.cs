namespace Recyclic.Build.Adapters;

/// <summary>The file that GitHub shows on a workflow's page.</summary>
internal static class StepSummary
{
    /// <returns>Why it could not be written; null when it was.</returns>
    public static string? Append(string file, string markdown)
    {
        try
        {
            File.AppendAllText(file, markdown + "\n");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the step summary could not be written to {file}: {exception.Message}";
        }
    }
}
