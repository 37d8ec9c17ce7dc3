using Recyclic.Build.Running;

namespace Recyclic.Build.Adapters;

/// <summary>
/// Sums up when the process ends while a target runs: one that exits the process, or a thread that throws.
/// </summary>
internal sealed class ProcessEnding : IDisposable
{
    private readonly Func<bool> _isSignalled;

    public ProcessEnding(Func<bool> isSignalled)
    {
        _isSignalled = isSignalled;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
    }

    /// <summary>The run is over, so an end of the process is no surprise.</summary>
    public bool IsExpected { get; set; }

    public void Dispose()
    {
        IsExpected = true;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
    }

    private void OnExit(object? sender, EventArgs e)
    {
        if (IsExpected || _isSignalled())
            return;
        IsExpected = true;
        BuildSession.Latest?.EndEarly?.Invoke(
            $"it ended the process with code {Environment.ExitCode} in place of throwing; undo and assured targets did not run"
        );
        // The build did not do what it was asked for, whatever the one who left thinks.
        if (Environment.ExitCode == ExitCodes.Done)
            Environment.ExitCode = ExitCodes.Failed;
    }

    /// <summary>
    /// The runtime would print the exception with all secrets in it and abort; what a thread of its own throws belongs
    /// to no target.
    /// </summary>
    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e)
    {
        if (BuildSession.Latest is not { EndEarly: { } end } || e.ExceptionObject is not Exception exception)
            return;
        IsExpected = true;
        end($"a thread ended with {ExceptionText.Of(exception, Verbosity.Verbose)}");
        Environment.Exit(ExitCodes.Failed);
    }
}
