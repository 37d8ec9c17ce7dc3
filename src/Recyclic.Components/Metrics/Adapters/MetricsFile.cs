using System.Text;

namespace Recyclic.Components.Metrics.Adapters;

/// <summary>Appends metrics to their file, one line each.</summary>
internal static class MetricsFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Appends one line. Never throws: metrics do not fail a deploy.</summary>
    /// <param name="rootDirectory">The build's root; `logs` below it is created.</param>
    /// <returns>Null, or a warning of one line.</returns>
    public static async Task<string?> AppendAsync(
        string rootDirectory,
        DeployMetrics metrics,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var path = Path.Combine(rootDirectory, metrics.File);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = await OpenAloneAsync(path, time, cancellationToken);
            AppendLine(file, metrics.ToJson());
            return null;
        }
        catch (Exception exception)
        {
            var reason =
                exception is OperationCanceledException ? "cancelled" : exception.Message.ReplaceLineEndings(" ");
            return $"{metrics.File} was not written: {reason}";
        }
    }

    private static void AppendLine(FileStream file, string json)
    {
        var end = file.Length;
        // A line that a crash cut short is closed first, so that it spoils no other.
        var before = "";
        if (end > 0)
        {
            file.Position = end - 1;
            before = file.ReadByte() == '\n' ? "" : "\n";
        }
        file.Position = end;
        try
        {
            file.Write(Encoding.UTF8.GetBytes(before + json + "\n"));
        }
        catch (IOException)
        {
            // A full disk: no half line stays.
            file.SetLength(end);
            throw;
        }
    }

    /// <summary>
    /// .NET's append mode only seeks to the end once, so two writers could overwrite each other's lines; one at a time
    /// may have the file open instead. On Unix only None locks, and only against .NET programs; readers like tail are
    /// not disturbed. </summary>
    private static async Task<FileStream> OpenAloneAsync(
        string path,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);
            }
            catch (IOException exception) when (IsHeldByAnother(exception) && time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Sharing violation on Windows; EWOULDBLOCK, by its numbers on Linux and macOS, from the lock on Unix.
    /// </summary>
    private static bool IsHeldByAnother(IOException exception) =>
        exception.HResult is unchecked((int)0x80070020) or 11 or 35;
}
