using System.Globalization;
using Recyclic.Build.Output;
using Recyclic.Build.Running;

namespace Recyclic.Build.Adapters;

/// <summary><c>.nuke/temp/run.json</c> is the last run; <c>.nuke/temp/runs</c> keeps the last twenty.</summary>
internal sealed class RunReportFiles(AbsolutePath temporaryDirectory)
{
    private const int Kept = 20;
    private readonly AbsolutePath _last = temporaryDirectory / "run.json";
    private readonly AbsolutePath _directory = temporaryDirectory / "runs";

    /// <summary>The last run; null when none is recorded, or not readably.</summary>
    public RunReport? ReadLast()
    {
        try
        {
            return File.Exists(_last) ? RunReportJson.Read(File.ReadAllBytes(_last)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>Why the report could not be written; null when it was.</returns>
    public string? Write(RunReport report)
    {
        try
        {
            Directory.CreateDirectory(_directory);
            var bytes = RunReportJson.Write(report);
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"{report.StartedAt.UtcDateTime:yyyyMMdd-HHmmss-fffffff}-{Environment.ProcessId}.json"
            );
            File.WriteAllBytes(_directory / name, bytes);
            // Another build in the same directory may read at the same time, so the file is never half there.
            var next = _last + $".{Environment.ProcessId}";
            File.WriteAllBytes(next, bytes);
            File.Move(next, _last, overwrite: true);
            foreach (
                var old in Directory.GetFiles(_directory, "*.json").OrderDescending(StringComparer.Ordinal).Skip(Kept)
            )
                File.Delete(old);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the run report could not be written to {_last}: {exception.Message}";
        }
    }
}
