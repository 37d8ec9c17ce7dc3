using System.Globalization;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The judge of a canary, with the hour before in the place of the release beside it: each second of the watch is compared
/// with a second of that hour, and none of them twice. So it is a canary at 50% of the seconds, judged by the same bets.
/// </summary>
internal sealed class WatchJudge(TimeProvider time) : ICanaryJudge
{
    private const int Share = 50;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Two times of a day differ more than two releases at one moment: latency has more room than a canary's, and how many
    /// come says nothing of a release.
    /// </summary>
    private static readonly JudgingPolicy Policy = ComparingJudge.Policy with
    {
        SlowerBy = TimeSpan.FromMilliseconds(100),
        SlowerByPart = 0.5,
        RequestsDown = null,
    };

    private readonly EdgeLogCounts _counts = new();
    private readonly WatchBaseline _before = new();
    private Evidences _known = Evidences.None;
    private CanaryVerdict _said = new(CanaryAnswer.Hold, "it has just begun");
    private DateTimeOffset _countedUntil;
    private long _requests;
    private long _errors;
    private int _second;

    /// <inheritdoc/>
    public void Begin(CanaryStage stage) => _countedUntil = EdgeLogCounts.Second(time.GetUtcNow()) + Second;

    /// <inheritdoc/>
    public void Hear(string line)
    {
        if (EdgeRequest.Read(line) is { } request)
            _counts.Add(request, time.GetUtcNow());
    }

    /// <inheritdoc/>
    public void Remember(DateTimeOffset at, string line)
    {
        if (EdgeRequest.Read(line) is { } request)
            _before.Add(at, request);
    }

    /// <inheritdoc/>
    public Task<CanaryVerdict> JudgeAsync(CanaryStage stage, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        while (_said.Answer != CanaryAnswer.Breach && _countedUntil + Second <= now)
        {
            var until = _countedUntil + Second;
            var heard = _counts.Read(new(stage.App, stage.Fresh, _countedUntil, until), now);
            _countedUntil = until;
            foreach (var interval in heard)
                Judge(stage, _before.Beside(interval, stage.Fresh.Other(), _second++), now);
        }
        return Task.FromResult(_said);
    }

    private void Judge(CanaryStage stage, Interval interval, DateTimeOffset now)
    {
        _requests += interval.Routes.Sum(route => route.Canary.Requests);
        _errors += interval.Routes.Sum(route => route.Canary.Errors);
        var judgement = Judging.Judge.Look(
            Policy,
            _known,
            new CanaryStep(1, Share, stage.Bake),
            [interval],
            silence: null,
            now
        );
        _known = judgement.After;
        _said = ComparingJudge.Said(judgement, Numbers());
        if (_said.Answer == CanaryAnswer.Breach)
            _said = _said with { Trigger = NameOf(judgement.Reasons[0].Trigger) };
    }

    /// <summary>The names that teams use; the text says by what it was found.</summary>
    private static string NameOf(Trigger trigger) =>
        trigger switch
        {
            Trigger.MoreErrors or Trigger.HighErrorRate => "high_error_rate",
            Trigger.Slower or Trigger.HighResponseTime => "high_response_time",
            _ => trigger.ToString(),
        };

    private string Numbers() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_errors} of {_requests} requests failed since the watch began; {_before.Seconds} s of the hour before are known"
        );
}
