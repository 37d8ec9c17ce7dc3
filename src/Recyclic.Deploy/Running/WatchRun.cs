using System.Threading.Channels;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The watch over a release that users have: the judge is asked again and again, containers are seen to, and a breach
/// fails the step, whose deploy is then undone, unless a person is needed for that.
/// </summary>
internal sealed class WatchRun(WatchOver step, StepTools tools)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>An hour of a log that cannot be read in this time is judged by as much of it as was.</summary>
    private static readonly TimeSpan ReadingTakes = TimeSpan.FromMinutes(1);

    private readonly long _started = tools.Time.GetTimestamp();

    private TimeSpan Elapsed => tools.Time.GetElapsedTime(_started);

    private CanaryStage Stage => new(tools.Context.AppName, step.Slot, 100, step.Duration, Elapsed);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var fresh = await tools.Gate.LookAsync(step.Slot, null, cancellationToken);
        var judge = tools.Platform.WatchJudge();
        judge.Begin(Stage);
        var lines = Channel.CreateUnbounded<(DateTimeOffset? At, string Text)>();
        var time = new JudgedTime(tools);
        await time.RunAsync(
            fresh.Mark,
            stop =>
                Task.WhenAll(
                    time.FollowAsync(line => lines.Writer.TryWrite((null, line)), stop),
                    RememberAsync(lines.Writer, stop)
                ),
            () => IsOverAsync(judge, lines.Reader, fresh, cancellationToken),
            cancellationToken
        );
    }

    private async Task<bool> IsOverAsync(
        ICanaryJudge judge,
        ChannelReader<(DateTimeOffset? At, string Text)> lines,
        SeenSlot fresh,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await tools.Health.CheckAsync(fresh.Containers, fresh.Mark, cancellationToken);
        }
        catch (StepFailedException exception)
        {
            await BreachAsync(
                new CanaryVerdict(CanaryAnswer.Breach, exception.Message) { Trigger = "health_check_failure" },
                exception,
                cancellationToken
            );
        }
        while (lines.TryRead(out var line))
            if (line.At is { } at)
                judge.Remember(at, line.Text);
            else
                judge.Hear(line.Text);
        var verdict = await judge.JudgeAsync(Stage, cancellationToken);
        if (verdict.Answer == CanaryAnswer.Breach)
            await BreachAsync(verdict, null, cancellationToken);
        if (Elapsed >= step.Duration)
        {
            await RecordAsync(verdict, stays: false, cancellationToken);
            tools.Reporter.Note($"watched until its end: {verdict.Reason}");
            return true;
        }
        tools.Reporter.Progress(
            $"{Math.Floor(Elapsed.TotalSeconds):0} of {step.Duration.TotalSeconds:0} s; {verdict.Reason}"
        );
        return false;
    }

    /// <exception cref="StepFailedException">Always.</exception>
    private async Task BreachAsync(
        CanaryVerdict verdict,
        StepFailedException? cause,
        CancellationToken cancellationToken
    )
    {
        var state = await tools.Host.ReadAsync(cancellationToken);
        var now = await new Snapshots(tools.Platform).TakeAsync(tools.Context.AppName, state, cancellationToken);
        var why = WatchPlan.WhyNotBack(
            now,
            now.Journal.Interrupted?.Before,
            tools.Context.DeployId,
            tools.Time.GetUtcNow()
        );
        // A recovery that reads this later does as it says.
        await RecordAsync(verdict, why is not null, cancellationToken);
        throw new StepFailedException(
            why is null
                ? $"the watch found {verdict.Trigger}: {verdict.Reason}"
                : $"the watch found {verdict.Trigger}: {verdict.Reason}; nobody is moved back without a person: {why}",
            [$"after {Elapsed.TotalSeconds:0} s of the watch", .. cause?.Evidence ?? []]
        )
        {
            Service = cause?.Service,
            Stays = why is not null,
            Next = why is null
                ? null
                : "a person is needed: ./build.sh Rollback goes back where that works, or deploy a release that mends it",
        };
    }

    private Task RecordAsync(CanaryVerdict verdict, bool stays, CancellationToken cancellationToken) =>
        tools.Host.AppendAsync(
            new JournalRecord(tools.Time.GetUtcNow(), tools.Context.DeployId, JournalKind.Watch)
            {
                Trigger = verdict.Trigger,
                Reason = verdict.Reason,
                Judgement = verdict.Record,
                Stays = stays ? true : null,
            },
            cancellationToken
        );

    /// <summary>The hour before this deploy, by the host's clock, which the log goes by.</summary>
    private async Task RememberAsync(
        ChannelWriter<(DateTimeOffset? At, string Text)> lines,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadingTakes);
        try
        {
            var state = await tools.Host.ReadAsync(limit.Token);
            if (state.Journal.Interrupted is not { } deploy)
                return;
            var until = (state.Now ?? tools.Time.GetUtcNow()) - (tools.Time.GetUtcNow() - deploy.StartedAt);
            await foreach (
                var line in tools.Platform.Edge.ReadEdgeLogAsync(
                    tools.Context.AppName,
                    until - Hour,
                    until,
                    limit.Token
                )
            )
                lines.TryWrite((line.At, line.Text));
        }
        catch (Exception)
        {
            // What was read stands; the limits hold without it.
        }
    }
}
