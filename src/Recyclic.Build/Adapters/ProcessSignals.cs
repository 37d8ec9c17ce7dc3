using System.Runtime.InteropServices;

namespace Recyclic.Build.Adapters;

/// <summary>The first SIGINT, SIGTERM or SIGHUP cancels the token; the second ends the process.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private const int CancelledExitCode = 130;
    private const int Interrupt = 2;
    private const int DefaultAction = 0;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _say;
    private int _received;

    public ProcessSignals(Action<string> say)
    {
        _say = say;
        StopIgnoringInterrupts();
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Receive))];
    }

    public CancellationToken Token => _cancellation.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _cancellation.Dispose();
    }

    /// <summary>
    /// A shell script starts its background jobs with SIGINT ignored, and the runtime leaves that so: `./build.sh Deploy &amp;`
    /// could not be interrupted. SIGHUP stays ignored under `nohup`, as its user asked.
    /// </summary>
    private static void StopIgnoringInterrupts()
    {
        if (!OperatingSystem.IsWindows()) _ = Signal(Interrupt, DefaultAction);
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint Signal(int signal, nint action);

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _received) == 1)
        {
            _say($"{context.Signal}: cancelling, and waiting for the running target to finish or undo its work. A second signal stops the wait.");
            _ = _cancellation.CancelAsync();
            return;
        }
        _say($"{context.Signal}: not waiting any longer.");
        Environment.Exit(CancelledExitCode);
    }
}
