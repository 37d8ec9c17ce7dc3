using System.Diagnostics;
using System.Globalization;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>One start: how long until its end, and the most memory it had.</summary>
internal sealed record StartupSample(double Seconds, double PeakMegabytes)
{
    /// <summary>
    /// Bash says its process id and becomes the command, so that its memory can be read while it runs: the kernel keeps
    /// the peak, and forgets it when the process ends.
    /// </summary>
    public static async Task<StartupSample> TakeAsync(
        StartupSubject subject,
        ICommandRunner runner,
        CancellationToken cancellationToken
    )
    {
        var time = await TimeAsync(subject, runner, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var peak = 0.0;
        Task? watch = null;
        var command = Command.Of("bash", ["-c", "echo $$; exec \"$@\"", "bash", .. subject.Command]) with
        {
            OnLine = line => watch ??= Task.Run(() => peak = Watch(line, ended.Token), CancellationToken.None),
        };
        (await runner.RunAsync(command, cancellationToken)).EnsureSuccess();
        await ended.CancelAsync();
        if (watch is not null)
            await watch;
        return new(time, peak);
    }

    /// <summary>Apart from the other start: reading memory takes processor time.</summary>
    private static async Task<double> TimeAsync(
        StartupSubject subject,
        ICommandRunner runner,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        (
            await runner.RunAsync(Command.Of(subject.Command[0], subject.Command.Skip(1)), cancellationToken)
        ).EnsureSuccess();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Watch(string processId, CancellationToken ended)
    {
        var peak = 0.0;
        while (!ended.IsCancellationRequested && PeakOf(processId) is { } now)
            peak = Math.Max(peak, now);
        return peak;
    }

    private static double? PeakOf(string processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status")
                .FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? null
                : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture)
                    / 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
