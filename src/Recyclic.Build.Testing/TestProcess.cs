namespace Recyclic.Build.Testing;

/// <summary>
/// The process that a build under test takes itself to run in. Whoever plays the world outside finds it among the host's
/// stand-ins and ends it: by a kill, after which nothing of the build is heard, or by Ctrl-C.
/// </summary>
public sealed class TestProcess : IDisposable
{
    /// <summary>The exit code of one that was killed: that of SIGKILL.</summary>
    public const int KilledExitCode = 137;

    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _interrupted;

    internal TestProcess(CancellationToken cancellationToken) =>
        _interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Ends when it is killed.</summary>
    public Task Killed => _killed.Task;

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Interrupted => _interrupted.Token;

    /// <summary>
    /// It is gone, and the run has ended. The code that runs on in the test must not come to anything: who calls this
    /// does not return to it.
    /// </summary>
    public void Kill() => _killed.TrySetResult();

    /// <summary>As Ctrl-C does. When this returns, whoever is told of it has been told.</summary>
    public void Interrupt() => _interrupted.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _interrupted.Dispose();
}
