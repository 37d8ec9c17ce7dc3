namespace Recyclic.Deploy.Running;

/// <summary>
/// The time in which a release is judged: the edge's log is listened to, and whoever judges is asked each second, and at
/// once when something happens to a container.
/// </summary>
internal sealed class JudgedTime(StepTools tools)
{
    /// <summary>How often the judge is asked, and how soon a person's word is heard.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="mark">Of what happens to containers, all after this is noticed.</param>
    /// <param name="listen">Runs all the while, and ends when it is cancelled.</param>
    /// <param name="isOver">Asked again and again until it says so.</param>
    public async Task RunAsync(
        int mark,
        Func<CancellationToken, Task> listen,
        Func<Task<bool>> isOver,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = listen(stop.Token);
        using var happenings = tools.Watch.Subscribe(mark);
        try
        {
            while (!await isOver())
                await NextAsync(happenings, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    /// <summary>Hears what the edge logs from now on, until cancelled.</summary>
    public async Task FollowAsync(Action<string> hear, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in tools.Platform.Edge.FollowEdgeLogAsync(tools.Context.AppName, cancellationToken))
                hear(line);
        }
        catch (Exception)
        {
            // Over, or the log broke off: a judge that hears nothing cannot tell.
        }
    }

    private async Task NextAsync(ContainerWatch.Subscription happenings, CancellationToken cancellationToken)
    {
        var time = tools.Time;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var either = await Task.WhenAny(happenings.NextAsync(enough.Token), Task.Delay(Interval, time, enough.Token));
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        await either;
    }
}
