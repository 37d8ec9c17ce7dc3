using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates;

/// <summary>When releases may go out.</summary>
/// <param name="TimeZone">Its name, for example `Europe/Vienna`; without one a window means nothing.</param>
/// <param name="From">The first minute, in that zone.</param>
/// <param name="To">The first minute after it; before <paramref name="From"/>: on the next day.</param>
public sealed record DeployWindow(string TimeZone, TimeOnly From, TimeOnly To)
{
    /// <summary>The days on which it opens; default: Monday to Thursday.</summary>
    public ImmutableArray<DayOfWeek> Days { get; init; } =
    [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday];

    /// <summary>Whether a local time is inside.</summary>
    public bool Contains(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (From < To)
            return Days.Contains(local.DayOfWeek) && time >= From && time < To;
        // From evening to morning, or all day long: the night belongs to the day on which it began.
        return time >= From ? Days.Contains(local.DayOfWeek) : time < To && Days.Contains(local.AddDays(-1).DayOfWeek);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(", ", Days.Select(day => day.ToString()[..3]))} {From.ToString("HH:mm", CultureInfo.InvariantCulture)}-{To.ToString("HH:mm", CultureInfo.InvariantCulture)} {TimeZone}";
}

/// <summary>Days on which nothing goes out, both included, in the window's time zone.</summary>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day, whole.</param>
/// <param name="Reason">As a refusal shows it.</param>
public sealed record Freeze(DateOnly First, DateOnly Last, string Reason)
{
    /// <summary>One without days: until it is taken back.</summary>
    public static Freeze UntilLifted(string reason) => new(DateOnly.MinValue, DateOnly.MaxValue, reason);

    /// <summary>Whether a day, in the window's time zone, is one of them.</summary>
    public bool Contains(DateTime local) =>
        DateOnly.FromDateTime(local) >= First && DateOnly.FromDateTime(local) <= Last;

    /// <inheritdoc/>
    public override string ToString() =>
        $"the freeze '{Reason}', {(this is { First: var first, Last: var last } && first == DateOnly.MinValue && last == DateOnly.MaxValue ? "until it is lifted" : $"{First:yyyy-MM-dd} to {Last:yyyy-MM-dd}")}";
}

/// <summary>The moment is inside the window and in no freeze.</summary>
/// <param name="Window">The hours in which releases go out.</param>
public sealed record WindowGate(DeployWindow Window) : Gate
{
    /// <summary>
    /// A freeze is told from hours that are merely not the usual ones: who passed over the one did not pass over the
    /// other.
    /// </summary>
    private const string FreezeName = "freeze";

    /// <summary>Days on which the window stays shut, for a hotfix too; default: none.</summary>
    public ImmutableArray<Freeze> Freezes { get; init; } = [];

    /// <inheritdoc/>
    public override string Name => "window";

    /// <inheritdoc/>
    public override IEnumerable<GateMistake> Mistakes(DeployEnvironment environment)
    {
        if (string.IsNullOrWhiteSpace(Window.TimeZone))
            yield return new("the window has no time zone", "Name one, for example \"Europe/Vienna\".");
        else if (Zone() is null)
            yield return new(
                $"the time zone '{Window.TimeZone}' is not known on this machine",
                "Use a name of the tz database, for example \"Europe/Vienna\"."
            );
        if (Window.Days.IsEmpty)
            yield return new("the window never opens: it has no day", "Name the days.");
        foreach (var freeze in Freezes.Where(freeze => freeze.Last < freeze.First))
            yield return new($"the freeze '{freeze.Reason}' ends before it begins", "Put the earlier day first.");
    }

    /// <inheritdoc/>
    public override GateResult Judge(GateFacts facts)
    {
        if (Zone() is not { } zone)
            return Failed(
                $"the time zone '{Window.TimeZone}' is not known on this machine",
                "Install the tz database, or use another name."
            );
        var local = TimeZoneInfo.ConvertTime(facts.Now, zone).DateTime;
        var shown = local.ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " " + Window.TimeZone;
        if (Freezes.FirstOrDefault(freeze => freeze.Contains(local)) is { } frozen)
            return new GateResult(
                FreezeName,
                GateVerdict.Failed,
                $"{shown} is in {frozen}",
                "Wait until it is over, or use --override \"<why>\"."
            );
        if (Window.Contains(local))
            return Passed($"{shown} is inside {Window}");
        return facts.Hotfix is { } reason
            ? Waived($"{shown} is outside {Window}; waived for a hotfix: {reason}")
            : Failed($"{shown} is outside {Window}", "Wait until it opens, or use --override \"<why>\".");
    }

    /// <summary>What keeps releases of an environment out at a moment, by its windows.</summary>
    public static ImmutableArray<ClosedGate> ClosedAt(DeployEnvironment environment, DateTimeOffset now)
    {
        var facts = new GateFacts(environment, now, "", "");
        return
        [
            .. from gate in environment.Gates.OfType<WindowGate>()
            let result = gate.Judge(facts)
            where result.Verdict == GateVerdict.Failed
            select new ClosedGate(
                result.Gate,
                result.Evidence,
                gate.Judge(facts with { Hotfix = "any" }).Verdict == GateVerdict.Failed
            ),
        ];
    }

    private TimeZoneInfo? Zone() => TimeZoneInfo.TryFindSystemTimeZoneById(Window.TimeZone, out var zone) ? zone : null;
}
