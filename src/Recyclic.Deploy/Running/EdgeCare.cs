using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Keeps the edge running and asks it things.</summary>
internal sealed class EdgeCare(
    Platform platform,
    ILockedHost host,
    DeployContext context,
    IDeployReporter reporter,
    TimeProvider time
)
{
    /// <summary>How often it is asked again what it has no event for.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Usually half a second; a host whose processors and disk are overloaded needs the rest.</summary>
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await platform.Releases.StartContainersAsync(
            [(await platform.Host.ObserveAsync(context.AppName, cancellationToken)).Edge.Id],
            cancellationToken
        );
        await AwaitAnswerAsync(cancellationToken);
    }

    public Task StartAgainAsync(CancellationToken cancellationToken)
    {
        reporter.Warn("the edge did not run any more: it is started again; requests failed until now");
        return ResumeAsync(cancellationToken);
    }

    /// <summary>
    /// Asks the edge, and once more when it did not answer. One that was stopped or killed by hand is not started by
    /// its restart policy: until somebody does, users have nothing. All that is asked of it is safe to ask twice.
    /// </summary>
    /// <param name="withoutEdge">What holds when there is no edge at all; null: that is a failure.</param>
    public async Task AskAsync(Func<Task> ask, CancellationToken cancellationToken, Action? withoutEdge = null)
    {
        try
        {
            await ask();
        }
        catch (StepFailedException) when (!host.Lost.IsCancellationRequested)
        {
            var edge = (await platform.Host.ObserveAsync(context.AppName, cancellationToken)).Edge;
            if (!edge.Exists)
            {
                if (withoutEdge is null)
                    throw;
                withoutEdge();
                return;
            }
            if (edge.IsRunning)
                await AwaitAnswerAsync(cancellationToken);
            else
                await StartAgainAsync(cancellationToken);
            await ask();
        }
    }

    /// <exception cref="StepFailedException">It was not done in time.</exception>
    public async Task UntilAsync(
        Func<Task<bool>> isDone,
        TimeSpan deadline,
        string otherwise,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (!await isDone())
        {
            if (time.GetElapsedTime(started) >= deadline)
                throw new StepFailedException(otherwise, [$"see: docker logs {context.Naming.EdgeContainer}"]);
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Makes doors, or brings those in order that are there, with their configurations in place.</summary>
    public async Task OpenDoorsAsync(ImmutableArray<Door> doors, CancellationToken cancellationToken)
    {
        foreach (var door in doors)
            await host.ConfigureDoorAsync(door, cancellationToken);
        await platform.Edge.OpenDoorsAsync(context.AppName, doors, cancellationToken);
    }

    /// <summary>Waits until an edge that was just started or changed answers.</summary>
    public Task AwaitAnswerAsync(CancellationToken cancellationToken) =>
        UntilAsync(
            async () => (await host.ReadAsync(cancellationToken)).Share is not null,
            AnswerDeadline,
            $"the edge did not answer within {AnswerDeadline.TotalSeconds} s of its start",
            cancellationToken
        );
}
