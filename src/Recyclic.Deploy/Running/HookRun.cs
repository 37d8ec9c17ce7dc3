using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Runs hooks, each to its end or to its deadline, in real time: what they do has no other.</summary>
internal static class HookRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <exception cref="StepFailedException">It failed, or had not ended at its deadline.</exception>
    public static async Task ToItsEndAsync(Hook hook, HookFacts facts, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(hook.Deadline);
        try
        {
            var run = Task.Run(() => hook.Run(facts with { Point = hook.Point }, limit.Token), limit.Token);
            try
            {
                await run.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                // What it has started gets a moment to end. One that looks at no token is left behind.
                await Task.WhenAny(run)
                    .WaitAsync(Grace, CancellationToken.None)
                    .ContinueWith(
                        _ => { },
                        CancellationToken.None,
                        TaskContinuationOptions.None,
                        TaskScheduler.Default
                    );
                throw;
            }
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failure(hook, $"had not ended after {hook.Deadline.TotalSeconds:0.#} s");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw exception is StepFailedException failed
                ? new StepFailedException(Failure(hook, $"failed: {failed.Message}").Message, failed.Evidence)
                : Failure(hook, $"failed: {exception.Message}");
        }
    }

    /// <summary>
    /// Those for a failure, once all is undone that could be. Neither Ctrl-C nor a lost lock keeps them from running, and
    /// none of them changes how it ended.
    /// </summary>
    public static async Task AfterFailureAsync(DeployOutcome outcome, DeployContext context, IDeployReporter reporter)
    {
        if (outcome.Outcome == Outcome.Success)
            return;
        var facts = context.Facts! with
        {
            Outcome = outcome.Outcome,
            Reason = PrintableText.Of(
                outcome.Failure?.Cause is OperationCanceledException or null
                    ? "cancelled"
                    : outcome.Failure.Cause.Message,
                500
            ),
        };
        foreach (var hook in context.Options.Hooks.At(HookPoint.OnFailure))
            try
            {
                await ToItsEndAsync(hook, facts, CancellationToken.None);
            }
            catch (Exception exception)
            {
                reporter.Warn(exception.Message);
            }
    }

    private static StepFailedException Failure(Hook hook, string what) =>
        new($"the hook {hook.Point.Name()} ({hook.Name}) {what}", []);
}
