using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recyclic.Bench;

/// <summary>Writes a report as a page and as data, side by side.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <returns>The path of the page.</returns>
    public static async Task<string> WriteAsync(Report report, string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var page = Path.Combine(directory, $"{report.Circumstances.At:yyyy-MM-dd}.md");
        await File.WriteAllTextAsync(page, report.ToMarkdown(), cancellationToken);
        await File.WriteAllTextAsync(
            Path.ChangeExtension(page, ".json"),
            JsonSerializer.Serialize(
                new
                {
                    report.Circumstances,
                    report.Figures,
                    report.Problems,
                },
                Json
            ),
            cancellationToken
        );
        return page;
    }
}
