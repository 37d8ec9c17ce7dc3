using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>A person's word to a canary: its deployer hears it, or, where that died, this command does what it says.</summary>
public sealed class CanaryCommand
{
    /// <summary>How long it is waited for that the deployer has heard; it asks about once a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly Platform _platform;
    private readonly Snapshots _snapshots;
    private readonly LockQueue _queue;
    private readonly Recovery _recovery;
    private readonly TimeProvider _time;

    internal CanaryCommand(
        Platform platform,
        Snapshots snapshots,
        LockQueue queue,
        Recovery recovery,
        TimeProvider time
    ) => (_platform, _snapshots, _queue, _recovery, _time) = (platform, snapshots, queue, recovery, time);

    /// <summary>Says a word.</summary>
    /// <param name="app">The application's name.</param>
    /// <param name="word">What is wanted.</param>
    /// <param name="course">What is done here where the deployer died; null: nothing.</param>
    /// <returns>What became of it, for a person.</returns>
    /// <exception cref="ConfigurationException">There is no canary.</exception>
    public async Task<string> SayAsync(
        string app,
        CanaryWord word,
        CanaryCourse? course,
        DeployRequest request,
        CancellationToken cancellationToken
    )
    {
        var now = await _snapshots.PeekAsync(app, cancellationToken);
        if (now.Journal.Interrupted is not { Canary: not null } deploy)
            throw None(app);
        if (
            await _platform.Lock.ReadHolderAsync(app, cancellationToken) is not null
            && await TellAsync(app, deploy, word, request.By, cancellationToken) is { } heard
        )
            return heard;
        if (course is not { } goes)
            return "Nobody is at work on this canary: its deployer died, and its share stays as it is until Promote or Abort.";
        await using var host = await _queue.TakeAsync(app, request, cancellationToken);
        now = await _snapshots.TakeAsync(app, await host.ReadAsync(cancellationToken), cancellationToken);
        if (now.Journal.Interrupted?.Deploy != deploy.Deploy)
            throw None(app);
        // Going on is for what works; what does not is not cut over to because somebody has not looked.
        if (goes != CanaryCourse.Back && CanaryRecovery.Left(now) is null)
            throw new ConfigurationException(
                "canary",
                $"{deploy.Release.Tag} cannot go on: it has no users, or does not work",
                "Go back: ./build.sh Abort; then deploy again."
            );
        await host.AppendAsync(
            new JournalRecord(_time.GetUtcNow(), deploy.Deploy, JournalKind.Canary)
            {
                Percent = CanaryRecovery.PercentOf(now, deploy.Slot),
                Word = word,
                By = request.By,
            },
            cancellationToken
        );
        now = await _recovery.RunAsync(app, null, host, request, cancellationToken, goes);
        var serves = now.Current?.Release;
        if (goes != CanaryCourse.Back && !deploy.Release.Equals(serves))
            throw new StepFailedException(
                $"the canary of {deploy.Release.Tag} did not go on: users have {serves?.Tag ?? "nothing"}",
                [now.Journal.Records.LastOrDefault(record => record.Kind == JournalKind.End)?.Reason ?? ""]
            );
        return $"{app}: users have {serves?.Tag}.";
    }

    /// <returns>Null: the deployer died before it heard.</returns>
    private async Task<string?> TellAsync(
        string app,
        InterruptedDeploy deploy,
        CanaryWord word,
        string by,
        CancellationToken cancellationToken
    )
    {
        await _platform.Lock.SayAsync(app, deploy.Deploy, new CanaryOrder(word, by), cancellationToken);
        var time = _time;
        var told = time.GetTimestamp();
        do
        {
            // Asked first: what it has written before it ended is in the journal then.
            var isGone = await _platform.Lock.ReadHolderAsync(app, cancellationToken) is null;
            var journal = (await _platform.Lock.PeekAsync(app, cancellationToken)).Journal;
            if (
                journal.Records.Count(record => record.Deploy == deploy.Deploy && record.Word is not null)
                > deploy.Words
            )
                return $"The deployer of {deploy.Release.Tag} ({deploy.By}) has heard: {CanaryStageRun.Words(word)}.";
            if (isGone)
                return null;
            // What others write into the journal has no event.
            await Task.Delay(Poll, time, cancellationToken);
        } while (time.GetElapsedTime(told) < Patience);
        throw new StepFailedException(
            $"the deployer of {deploy.Release.Tag} ({deploy.By}) has not heard it within {Patience.TotalSeconds:0} s",
            [
                deploy.Step is { } step ? $"it is at: {step}" : "it has not begun",
                "a word is heard while a share is judged; it is kept until the next one begins",
            ]
        );
    }

    private static ConfigurationException None(string app) =>
        new("canary", $"{app} has none at work", "See what is: ./build.sh Status.");
}
