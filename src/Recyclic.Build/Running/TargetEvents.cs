using Serilog.Events;

namespace Recyclic.Build.Running;

/// <summary>Calls the events of a build class that overrides them, and makes a failure of what they throw.</summary>
internal sealed class TargetEvents(RecyclicBuild build, BuildSession session)
{
    private readonly Action<string>? _running = Overridden(build.OnTargetRunning);
    private readonly Action<string>? _succeeded = Overridden(build.OnTargetSucceeded);
    private readonly Action<string>? _failed = Overridden(build.OnTargetFailed);
    private readonly Action<string>? _skipped = Overridden(build.OnTargetSkipped);

    /// <summary>To be called by the first attempt, whose time limit and cancellation hold for the event too.</summary>
    /// <exception cref="TargetFailedException">It threw.</exception>
    public void Running(string target)
    {
        try
        {
            _running?.Invoke(target);
        }
        catch (Exception exception)
        {
            throw Trouble(nameof(RecyclicBuild.OnTargetRunning), target, exception);
        }
    }

    /// <summary>Tells how a target ended.</summary>
    /// <returns>How it has ended in the end: an event that throws is a failure.</returns>
    public async ValueTask<TargetResult> EndedAsync(
        string target,
        TargetResult result,
        CancellationToken cancellationToken
    )
    {
        var (tell, name) = result.Status switch
        {
            ExecutionStatus.Succeeded => (_succeeded, nameof(RecyclicBuild.OnTargetSucceeded)),
            ExecutionStatus.Failed => (_failed, nameof(RecyclicBuild.OnTargetFailed)),
            ExecutionStatus.Skipped => (_skipped, nameof(RecyclicBuild.OnTargetSkipped)),
            _ => (null, ""),
        };
        if (tell is null || await TellAsync(tell, name, target, cancellationToken) is not { } trouble)
            return result;
        session.Output.Log(LogEventLevel.Error, target, ExceptionText.Of(trouble, session.Options.Verbosity), trouble);
        return result.Status == ExecutionStatus.Failed
            ? result
            : await EndedAsync(target, new(ExecutionStatus.Failed, trouble), cancellationToken);
    }

    /// <summary>A method that still is the base class's own does nothing, and costs nothing.</summary>
    private static Action<string>? Overridden(Action<string> callback) =>
        callback.Method.DeclaringType == typeof(RecyclicBuild) ? null : callback;

    private async Task<TargetFailedException?> TellAsync(
        Action<string> tell,
        string name,
        string target,
        CancellationToken cancellationToken
    )
    {
        var work = Task.Run(() => tell(target), CancellationToken.None);
        await work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCompleted)
            await work.WaitAsync(session.Options.CancelTimeout, session.Host.Clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompletedSuccessfully)
            return null;
        return Trouble(
            name,
            target,
            work.Exception is { } thrown
                ? ExceptionText.Unwrapped(thrown)
                : new TimeoutException("it did not end after the build was cancelled")
        );
    }

    private TargetFailedException Trouble(string name, string target, Exception exception) =>
        new(
            $"{name} of {build.GetType().Name} threw for {target}: {ExceptionText.Of(exception, Verbosity.Normal)}",
            (exception as TargetFailedException)?.ExitCode ?? ExitCodes.Failed,
            exception
        );
}
