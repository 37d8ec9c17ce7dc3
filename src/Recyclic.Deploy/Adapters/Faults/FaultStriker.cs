using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Faults;

/// <summary>
/// Inflicts faults on this very process, by the signals that a person or an operating system would send.
/// </summary>
public sealed class FaultStriker
{
    /// <summary>What a struck command prints, before the fault's own text.</summary>
    public const string Mark = "struck by the fault that was asked for:";

    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;

    /// <summary>
    /// How long a signal may take to be noticed, so that the fault is felt at its point and not a step later.
    /// </summary>
    private static readonly TimeSpan SignalTime = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly Action<string> _say;

    /// <param name="say">Told just before the fault.</param>
    /// <exception cref="ConfigurationException">This system has no signals.</exception>
    public FaultStriker(TimeProvider time, Action<string> say)
    {
        if (OperatingSystem.IsWindows())
            throw new ConfigurationException(
                Fault.Variable,
                "Windows has no signals to be struck by",
                $"Unset {Fault.Variable}, or run this on Linux or macOS."
            );
        (_time, _say) = (time, say);
    }

    private static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    /// <exception cref="StepFailedException">The fault is <see cref="FaultKind.Fail"/>.</exception>
    public async Task StrikeAsync(Fault fault)
    {
        _say($"{Mark} {fault}");
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await SignalAsync(Kill);
                break;
            case FaultKind.Interrupt:
                await SignalAsync(Interrupt);
                break;
            case FaultKind.Terminate:
                await SignalAsync(Terminate);
                break;
            case FaultKind.InterruptTwice:
                await SignalAsync(Interrupt);
                await SignalAsync(Interrupt);
                break;
            case FaultKind.Freeze:
                WakeLater(fault.FrozenFor);
                await SignalAsync(Stop);
                break;
            case FaultKind.Fail:
                throw new StepFailedException(
                    $"it was made to fail at {fault.Point}",
                    [$"{Fault.Variable} is set to {fault}"]
                );
            default:
                throw new UnreachableException($"No strike for {fault.Kind}");
        }
    }

    private async Task SignalAsync(int signal)
    {
        if (SendSignal(Environment.ProcessId, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent.");
        await Task.Delay(SignalTime, _time);
    }

    /// <summary>
    /// A frozen process cannot wake itself: another one does. On a terminal a Ctrl-C reaches that one too, and must not
    /// end it.
    /// </summary>
    private static void WakeLater(TimeSpan after)
    {
        var seconds = Math.Ceiling(after.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                "trap '' INT HUP TERM; sleep \"$1\"; kill -s CONT \"$2\"",
                "waker",
                seconds,
                Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            ]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name != "PATH").ToList())
            start.Environment.Remove(name);
        using var waker = Process.Start(start);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int processId, int signal);
}
