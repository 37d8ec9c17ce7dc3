using System.Runtime.InteropServices;

namespace Recyclic.Build.Adapters;

/// <summary>The first SIGINT, SIGTERM or SIGHUP cancels the token; the second ends the process, and with it the programs it has started.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private const int Interrupt = 2;
    private const int DefaultAction = 0;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _say;
    private int _received;

    /// <summary>128 and the number of the first signal, as a shell gives it; 130 while there is none.</summary>
    public int ExitCode { get; private set; } = 130;

    /// <summary>Whether a second signal is ending the process.</summary>
    public bool IsEnding => _received > 1;

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
            ExitCode = context.Signal switch
            {
                PosixSignal.SIGTERM => 143,
                PosixSignal.SIGHUP => 129,
                _ => 130,
            };
            _say($"{context.Signal}: cancelling, and waiting for the running target to finish or undo its work. A second signal stops the wait.");
            _ = _cancellation.CancelAsync();
            return;
        }
        _say($"{context.Signal}: not waiting any longer.");
        Environment.Exit(ExitCode);
    }
}
