using System.Globalization;
using System.Threading.Channels;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// One share of a canary: the judge is asked again and again, persons are listened to, and a container of the new release
/// that fails ends it at once.
/// </summary>
internal sealed class CanaryStageRun(Bake step, StepTools tools, RunningDeploy deploy)
{
    private readonly long _started = tools.Time.GetTimestamp();
    private bool _isHeld;
    private string _lastSaid = "";

    private TimeSpan Elapsed => tools.Time.GetElapsedTime(_started);

    private CanaryStage Stage => new(tools.Context.AppName, step.Slot, step.Percent, step.Duration, Elapsed);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (deploy.PromotedFully)
            return;
        var judge = deploy.Judge ??= tools.Platform.Judge();
        var fresh = deploy.Fresh ??= await LookAsync(cancellationToken);
        judge.Begin(Stage);
        var lines = Channel.CreateUnbounded<string>();
        var time = new JudgedTime(tools);
        await time.RunAsync(
            fresh.Mark,
            stop => time.FollowAsync(line => lines.Writer.TryWrite(line), stop),
            () => IsOverAsync(judge, lines.Reader, fresh, cancellationToken),
            cancellationToken
        );
    }

    private async Task<SeenSlot> LookAsync(CancellationToken cancellationToken) =>
        await tools.Gate.LookAsync(
            step.Slot,
            (await tools.ObserveAsync(cancellationToken))
                .Together(step.Slot)
                .Select(container => container.Service)
                .Distinct(),
            cancellationToken
        );

    private async Task<bool> IsOverAsync(
        ICanaryJudge judge,
        ChannelReader<string> lines,
        SeenSlot fresh,
        CancellationToken cancellationToken
    )
    {
        await tools.Health.CheckAsync(fresh.Containers, fresh.Mark, cancellationToken);
        while (lines.TryRead(out var line))
            judge.Hear(line);
        var verdict = await judge.JudgeAsync(Stage, cancellationToken);
        if (verdict.Answer == CanaryAnswer.Breach)
        {
            await RecordAsync(verdict, null, cancellationToken);
            throw Failed("is worse than the release beside it", verdict.Reason);
        }
        if (await HearAsync(verdict, cancellationToken))
            return true;
        if (Elapsed >= step.Duration && verdict.Answer == CanaryAnswer.Pass && !_isHeld)
        {
            await RecordAsync(verdict, null, cancellationToken);
            return true;
        }
        if (Elapsed >= step.Duration + step.HoldLimit)
        {
            await RecordAsync(verdict, null, cancellationToken);
            throw Failed(
                _isHeld
                    ? "was held by a person, and nobody has said how it goes on"
                    : "could not be judged in time (--hold-limit)",
                verdict.Reason
            );
        }
        Say(verdict);
        return false;
    }

    /// <summary>Whether a person's word ends the share.</summary>
    private async Task<bool> HearAsync(CanaryVerdict verdict, CancellationToken cancellationToken)
    {
        if (await tools.Host.HearAsync(tools.Context.DeployId, cancellationToken) is not { } order)
            return false;
        await RecordAsync(verdict, order, cancellationToken);
        tools.Reporter.Note($"{order.By} says: {Words(order.Word)}");
        switch (order.Word)
        {
            case CanaryWord.Abort:
                throw Failed($"was aborted by {order.By}", verdict.Reason);
            case CanaryWord.Hold:
                _isHeld = true;
                return false;
            default:
                deploy.PromotedFully = order.Word == CanaryWord.PromoteFully;
                return true;
        }
    }

    internal static string Words(CanaryWord word) =>
        word switch
        {
            CanaryWord.Promote => "promote to the next share",
            CanaryWord.PromoteFully => "promote to 100%",
            CanaryWord.Hold => "hold this share",
            _ => "abort",
        };

    private void Say(CanaryVerdict verdict)
    {
        var waits =
            _isHeld ? "held by a person"
            : Elapsed < step.Duration ? $"{Math.Floor(Elapsed.TotalSeconds):0} of {step.Duration.TotalSeconds:0} s"
            : "held";
        tools.Reporter.Progress($"{waits}; {verdict.Reason}");
        // A log that is no terminal has it once.
        if (waits == "held" && waits != _lastSaid)
            tools.Reporter.Note(
                $"the share stays at {step.Percent}% for {step.HoldLimit.TotalMinutes:0.#} min at most: {verdict.Reason}"
            );
        _lastSaid = waits;
    }

    private Task RecordAsync(CanaryVerdict verdict, CanaryOrder? order, CancellationToken cancellationToken) =>
        tools.Host.AppendAsync(
            new JournalRecord(tools.Time.GetUtcNow(), tools.Context.DeployId, JournalKind.Canary)
            {
                Percent = step.Percent,
                Word = order?.Word,
                By = order?.By,
                Reason = verdict.Reason,
                Judgement = verdict.Record,
            },
            cancellationToken
        );

    private StepFailedException Failed(string what, string reason) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"the canary at {step.Percent}% {what}"),
            [reason, string.Create(CultureInfo.InvariantCulture, $"after {Elapsed.TotalSeconds:0} s at this share")]
        );
}
