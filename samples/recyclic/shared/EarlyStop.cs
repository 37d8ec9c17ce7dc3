using System.Runtime.InteropServices;

namespace Recyclic.Sample;

/// <summary>
/// The first process of a container gets no signal it has no handler for, and a web host has none in its first 150 ms:
/// a SIGTERM in that time would be lost, and the container killed only after its whole grace period.
/// </summary>
public static class EarlyStop
{
    /// <summary>
    /// Ends the process on SIGTERM, until disposed once the host listens for itself: there is no request yet to finish.
    /// </summary>
    public static IDisposable ExitAtOnce() =>
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(0));
}
