using System.Globalization;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The judge where nobody brings another: it compares the new release with the one that serves at the same moments, by
/// the edge's log, as docs/progressive-delivery.md says. How the containers are is not its affair: what runs a canary
/// sees it at once when one ends or turns unhealthy.
/// </summary>
internal sealed class ComparingJudge(TimeProvider time) : ICanaryJudge
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>How long a share is held is counted by who asks.</summary>
    internal static readonly JudgingPolicy Policy = new()
    {
        HighMemory = null,
        Unhealthy = null,
        Restarts = null,
        OutOfMemory = null,
        HoldAtMost = JudgingPolicy.Longest,
    };

    private readonly EdgeLogCounts _counts = new();
    private Evidences _known = Evidences.None;
    private CanaryVerdict _said = new(CanaryAnswer.Hold, "");
    private (long Requests, long Errors) _fresh;
    private (long Requests, long Errors) _serving;
    private DateTimeOffset _countedUntil;
    private DateTimeOffset _next;
    private int _step;

    /// <inheritdoc/>
    public void Begin(CanaryStage stage)
    {
        _step++;
        (_fresh, _serving) = (default, default);
        _said = new(CanaryAnswer.Hold, "it has just begun");
        // A second of which a part was at another share is counted by nobody.
        _countedUntil = EdgeLogCounts.Second(time.GetUtcNow()) + Shortest;
        _next = time.GetUtcNow() + Every(stage);
    }

    /// <inheritdoc/>
    public void Hear(string line)
    {
        if (EdgeRequest.Read(line) is { } request)
            _counts.Add(request, time.GetUtcNow());
    }

    /// <inheritdoc/>
    public Task<CanaryVerdict> JudgeAsync(CanaryStage stage, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next)
            return Task.FromResult(_said);
        _next = now + Every(stage);
        var intervals = _counts.Read(new(stage.App, stage.Fresh, _countedUntil, now), now);
        var judgement = Judge.Look(
            Policy,
            _known,
            new CanaryStep(_step, stage.Percent, stage.Bake),
            intervals,
            silence: null,
            now
        );
        foreach (var interval in intervals)
            Count(interval);
        _known = judgement.After;
        _said = Said(judgement, Numbers());
        return Task.FromResult(_said);
    }

    private static TimeSpan Every(CanaryStage stage) =>
        TimeSpan.FromTicks(Math.Clamp(stage.Bake.Ticks / 10, Shortest.Ticks, Longest.Ticks));

    private void Count(Interval interval)
    {
        _countedUntil = interval.Until;
        foreach (var route in interval.Routes)
        {
            _fresh = (_fresh.Requests + route.Canary.Requests, _fresh.Errors + route.Canary.Errors);
            _serving = (_serving.Requests + route.Serving.Requests, _serving.Errors + route.Serving.Errors);
        }
    }

    /// <param name="numbers">What was counted, in words.</param>
    internal static CanaryVerdict Said(Judgement judgement, string numbers) =>
        new(
            judgement.Verdict switch
            {
                Verdict.Pass => CanaryAnswer.Pass,
                Verdict.Breach => CanaryAnswer.Breach,
                _ => CanaryAnswer.Hold,
            },
            string.Join("; ", judgement.Reasons.Take(2).Select(reason => reason.Text).Append(numbers))
        )
        {
            Record = judgement.ToJson(),
        };

    private string Numbers() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_fresh.Errors} of {_fresh.Requests} requests to the new release failed, {_serving.Errors} of {_serving.Requests} beside it"
        );
}
