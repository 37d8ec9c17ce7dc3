using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>How a command gets the lock.</summary>
internal sealed class LockQueue(Platform platform, IDeployReporter reporter, TimeProvider time)
{
    /// <summary>The lock of an application, at once or, where the request waits, in its turn.</summary>
    /// <exception cref="LockHeldException">Another deploy is at work.</exception>
    public async Task<ILockedHost> TakeAsync(
        string app,
        DeployRequest request,
        CancellationToken cancellationToken,
        IStandBy? ready = null
    )
    {
        using var limit = new CancellationTokenSource(Deployer.LongestQueue, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        IQueuePlace? place = null;
        try
        {
            while (true)
            {
                try
                {
                    return await platform.Lock.TakeAsync(app, request.By, ready, cancellationToken);
                }
                catch (LockHeldException held) when (request.Wait && !limit.IsCancellationRequested)
                {
                    reporter.Note($"waiting for the deploy of {held.Holder.By} to end");
                    try
                    {
                        place ??= await platform.Lock.QueueAsync(app, request.By, either.Token);
                        await place.WaitAsync(either.Token);
                    }
                    catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                    {
                        throw held;
                    }
                }
            }
        }
        finally
        {
            if (place is not null)
                await place.DisposeAsync();
        }
    }
}
