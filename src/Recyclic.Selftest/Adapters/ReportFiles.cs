using Recyclic.Build;
using Recyclic.Selftest.Model;

namespace Recyclic.Selftest.Adapters;

/// <summary>Keeps the last run's table for whoever comes later.</summary>
internal static class ReportFiles
{
    /// <summary>Returns the directory.</summary>
    public static async Task<string> WriteAsync(
        AbsolutePath directory,
        SelftestRun run,
        CancellationToken cancellationToken
    )
    {
        var folder = Directory.CreateDirectory(directory / "selftest").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "selftest.md"),
            SelftestTable.ToMarkdown(run),
            cancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "selftest.json"),
            SelftestTable.ToJson(run),
            cancellationToken
        );
        return folder;
    }
}
