using System.Runtime.InteropServices;
using Recyclic.Build.Running;

namespace Recyclic.Build.Adapters;

/// <summary>
/// The first SIGINT, SIGTERM or SIGHUP cancels the token; the second says what would be left now; the third ends the
/// process, and with it the programs it has started.
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    /// <summary>
    /// A terminal that somebody has stopped takes no text; the end does not wait for it longer than this.
    /// </summary>
    private static readonly TimeSpan LongestWord = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _say;
    private readonly Func<string> _unfinished;
    private int _answered;

    /// <summary>128 and the number of the first signal, as a shell gives it; 130 while there is none.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Cancelled;

    /// <summary>Whether a signal is ending the process.</summary>
    public bool IsEnding { get; private set; }

    /// <param name="unfinished">What is at work and what it would leave if it ended now.</param>
    public ProcessSignals(Action<string> say, Func<string> unfinished)
    {
        (_say, _unfinished) = (say, unfinished);
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Receive))];
        SignalHandlers.StopIgnoringInterrupts();
    }

    public CancellationToken Token => _cancellation.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _cancellation.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        switch (Count(context.Signal))
        {
            case SignalAnswer.Cancel:
                // Before a word is said: the terminal may be stopped.
                _ = _cancellation.CancelAsync();
                _say(
                    $"{context.Signal}: cancelling, and waiting for what runs to finish or undo its work. A second signal says what would be left, a third stops the wait."
                );
                break;
            case SignalAnswer.Warn:
                _say($"{context.Signal} again: {_unfinished()}");
                break;
            case SignalAnswer.End:
                Task.Run(() => _say($"{context.Signal}: not waiting any longer.")).Wait(LongestWord);
                Environment.Exit(ExitCode);
                break;
        }
    }

    private SignalAnswer Count(PosixSignal signal)
    {
        lock (_lock)
        {
            var answer = SignalAnswers.Of(_answered, signal);
            if (answer == SignalAnswer.None)
                return answer;
            _answered++;
            if (answer == SignalAnswer.Cancel)
                ExitCode = SignalAnswers.ExitCodeOf(signal);
            IsEnding |= answer == SignalAnswer.End;
            return answer;
        }
    }
}
