using System.Globalization;
using System.Text.Json;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The judge where nobody brings another: it compares the failed requests of the two releases at this share, and cannot
/// tell before the new one has had some.
/// </summary>
public sealed class ErrorRateJudge : ICanaryJudge
{
    /// <summary>So many requests the new release must have had.</summary>
    public const int Fewest = 20;

    /// <summary>Fewer failures than these are nobody's fault.</summary>
    public const int FewestFailures = 5;

    /// <summary>How much larger the share of failed requests may be than beside it, in percent of all.</summary>
    public const double Tolerance = 2;

    private Slot _fresh;
    private (long Total, long Failed) _new;
    private (long Total, long Failed) _serving;

    /// <inheritdoc/>
    public void Begin(CanaryStage stage) => (_fresh, _new, _serving) = (stage.Fresh, default, default);

    /// <inheritdoc/>
    public void Hear(string line)
    {
        if (RequestCounter.Read(line) is not var (failed, _) || SlotOf(line) is not { } slot)
            return;
        ref var counts = ref slot == _fresh ? ref _new : ref _serving;
        counts = (counts.Total + 1, counts.Failed + (failed ? 1 : 0));
    }

    /// <inheritdoc/>
    public Task<CanaryVerdict> JudgeAsync(CanaryStage stage, CancellationToken cancellationToken) =>
        Task.FromResult(Judge());

    private CanaryVerdict Judge()
    {
        var numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"{_new.Failed} of {_new.Total} requests to the new release failed ({Rate(_new):0.##}%), {_serving.Failed} of {_serving.Total} beside it ({Rate(_serving):0.##}%)"
        );
        return _new.Failed >= FewestFailures && Rate(_new) > Rate(_serving) + Tolerance
                ? new(CanaryAnswer.Breach, numbers)
            : _new.Total < Fewest
                ? new(
                    CanaryAnswer.Hold,
                    string.Create(CultureInfo.InvariantCulture, $"too few to tell (less than {Fewest}): {numbers}")
                )
            : new(CanaryAnswer.Pass, numbers);
    }

    private static double Rate((long Total, long Failed) counts) =>
        counts.Total == 0 ? 0 : 100.0 * counts.Failed / counts.Total;

    /// <summary>The slot that answered a request, by its backend; null: none did.</summary>
    public static Slot? SlotOf(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            var backend = entry.RootElement.GetProperty("backend").GetString() ?? "";
            return Slots.Parse(backend.Replace("assets-", "", StringComparison.Ordinal).Split('-')[0]);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
