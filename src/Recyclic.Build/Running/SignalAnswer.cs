using System.Runtime.InteropServices;

namespace Recyclic.Build.Running;

/// <summary>What a build does on a signal.</summary>
internal enum SignalAnswer
{
    /// <summary>Cancels, and waits until what runs has ended or has undone its work.</summary>
    Cancel,

    /// <summary>Says what would be left if the wait ended now, and goes on waiting.</summary>
    Warn,

    /// <summary>Ends the process.</summary>
    End,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Pure: the answer to a signal, by those that came before it.</summary>
internal static class SignalAnswers
{
    /// <summary>
    /// A build server sends a second signal by itself, a few seconds after the first, and an undo may take longer than
    /// that: only a third ends. A hang-up never insists: when a window is closed the system sends one, and the shell in
    /// it another, at the same moment. </summary>
    /// <param name="before">How many have been answered before, not counting those with
    /// <see cref="SignalAnswer.None"/>.</param>
    public static SignalAnswer Of(int before, PosixSignal signal) =>
        before switch
        {
            0 => SignalAnswer.Cancel,
            _ when signal == PosixSignal.SIGHUP => SignalAnswer.None,
            1 => SignalAnswer.Warn,
            _ => SignalAnswer.End,
        };

    /// <summary>128 and the number of the signal, as a shell gives it.</summary>
    public static int ExitCodeOf(PosixSignal signal) =>
        signal switch
        {
            PosixSignal.SIGTERM => 143,
            PosixSignal.SIGHUP => 129,
            _ => ExitCodes.Cancelled,
        };
}
