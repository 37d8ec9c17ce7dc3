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
            if (!edge.IsRunning || !await AnswersOrEndsAsync(cancellationToken))
                await StartAgainAsync(cancellationToken);
            await ask();
        }
    }

    /// <summary>
    /// Waits for an answer of an edge that was seen to run. For a moment after a kill an engine still says so.
    /// </summary>
    /// <returns>False: it does not run any more.</returns>
    private async Task<bool> AnswersOrEndsAsync(CancellationToken cancellationToken)
    {
        var answers = false;
        await UntilAsync(
            async () =>
                (answers = (await host.ReadAsync(cancellationToken)).Share is not null)
                || !(await platform.Host.ObserveAsync(context.AppName, cancellationToken)).Edge.IsRunning,
            AnswerDeadline,
            $"the edge runs, and did not answer within {AnswerDeadline.TotalSeconds} s",
            cancellationToken
        );
        return answers;
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

    /// <summary>Waits until the edge that was just started is the one that answers, and not the one before it.</summary>
    public async Task AwaitTakeOverAsync(CancellationToken cancellationToken)
    {
        var edge = (await platform.Host.ObserveAsync(context.AppName, cancellationToken)).Edge.Id;
        await UntilAsync(
            async () =>
                await host.ReadAsync(cancellationToken) is { Share: not null, Edge.Length: > 0 } state
                && edge.StartsWith(state.Edge, StringComparison.Ordinal),
            AnswerDeadline,
            $"the new edge did not answer within {AnswerDeadline.TotalSeconds} s of its start",
            cancellationToken
        );
    }

    /// <summary>
    /// Gives the edge that another one was to replace its place back. Where the other one had taken its connections
    /// already, it is started again: those that are new wait for it.
    /// </summary>
    public async Task ReturnAsync(EdgeConfiguration configuration)
    {
        using var limit = new CancellationTokenSource(AnswerDeadline, time);
        await platform.Edge.ReturnEdgeAsync(context.AppName, limit.Token);
        await host.ReturnEdgeAsync(limit.Token);
        if ((await host.ReadAsync(limit.Token)).Share is not null)
            return;
        // It runs, but its sockets have no name any more.
        var edge = (await platform.Host.ObserveAsync(context.AppName, limit.Token)).Edge;
        if (edge.IsRunning)
            await platform.Releases.StopContainersAsync([edge.Id], limit.Token);
        await platform.Edge.StartEdgeAsync(context.AppName, configuration, replace: false, limit.Token);
        await AwaitAnswerAsync(limit.Token);
    }
}
