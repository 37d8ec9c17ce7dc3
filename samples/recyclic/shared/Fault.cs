using System.Diagnostics;
using System.Globalization;

namespace Recyclic.Sample;

/// <summary>What is wrong with a release on purpose.</summary>
public enum FaultKind
{
    /// <summary>It is sound.</summary>
    None,

    /// <summary>It answers, and calls itself unhealthy.</summary>
    NeverHealthy,

    /// <summary>It ends before it opens a port, with <see cref="Fault.ExitCode"/>.</summary>
    ExitAtOnce,

    /// <summary>It is healthy for <see cref="Fault.After"/>, and then never again.</summary>
    UnhealthyAfter,

    /// <summary>It is unhealthy for <see cref="Fault.After"/>, and then sound.</summary>
    StartDelay,

    /// <summary>It is healthy, and answers some requests with 500: <see cref="Fault.Rate"/>.</summary>
    ErrorRate,
}

/// <summary>
/// A release that is broken on purpose, so that tests and the demo can watch a deploy refuse it. Read from
/// <c>RECYCLIC_FAULT</c>: <c>never-healthy</c>, <c>exit-at-once</c>, <c>unhealthy-after=2s</c>, <c>start-delay=3s</c>,
/// <c>error-rate=8%</c>, <c>error-rate=8%,30s</c>.
/// </summary>
/// <param name="After">Since the start of the process; zero where the kind has no time.</param>
public sealed record Fault(FaultKind Kind, TimeSpan After)
{
    /// <summary>The exit code of <c>exit-at-once</c>.</summary>
    public const int ExitCode = 7;

    /// <summary>The part of requests that fail, 0 to 1; default: none.</summary>
    public double Rate { get; init; }

    /// <summary>That of a sound release.</summary>
    public static Fault None { get; } = new(FaultKind.None, TimeSpan.Zero);

    /// <exception cref="FormatException">The text is none of the five faults: a misspelt fault must not pass for a
    /// sound release.</exception>
    public static Fault Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var parts = text.Trim().Split('=', 2);
        return (parts[0], parts.Length) switch
        {
            ("never-healthy", 1) => new(FaultKind.NeverHealthy, TimeSpan.Zero),
            ("exit-at-once", 1) => new(FaultKind.ExitAtOnce, TimeSpan.Zero),
            ("unhealthy-after", 2) => new(FaultKind.UnhealthyAfter, Seconds(parts[1], text)),
            ("start-delay", 2) => new(FaultKind.StartDelay, Seconds(parts[1], text)),
            ("error-rate", 2) => parts[1].Split(',', 2) switch
            {
                [var rate, var after] => new(FaultKind.ErrorRate, Seconds(after, text)) { Rate = Percent(rate, text) },
                _ => new(FaultKind.ErrorRate, TimeSpan.Zero) { Rate = Percent(parts[1], text) },
            },
            _ => throw Unknown(text),
        };
    }

    /// <summary>Why the service must call itself unhealthy this long after its start; null when it need not.</summary>
    public string? Reason(TimeSpan sinceStart) =>
        Kind switch
        {
            FaultKind.NeverHealthy => "fault never-healthy",
            FaultKind.UnhealthyAfter when sinceStart >= After => string.Create(
                CultureInfo.InvariantCulture,
                $"fault unhealthy-after={After.TotalSeconds}s"
            ),
            FaultKind.StartDelay when sinceStart < After => string.Create(
                CultureInfo.InvariantCulture,
                $"fault start-delay={After.TotalSeconds}s"
            ),
            FaultKind.None
            or FaultKind.ExitAtOnce
            or FaultKind.UnhealthyAfter
            or FaultKind.StartDelay
            or FaultKind.ErrorRate => null,
            _ => throw new UnreachableException(),
        };

    private static TimeSpan Seconds(string value, string text) =>
        value.EndsWith('s')
        && double.TryParse(
            value.AsSpan(0, value.Length - 1),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && seconds <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw Unknown(text);

    private static double Percent(string value, string text) =>
        value.EndsWith('%')
        && double.TryParse(
            value.AsSpan(0, value.Length - 1),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var percent
        )
        && percent <= 100
            ? percent / 100
            : throw Unknown(text);

    private static FormatException Unknown(string text) =>
        new(
            $"RECYCLIC_FAULT is '{text}'; known are never-healthy, exit-at-once, unhealthy-after=<seconds>s, start-delay=<seconds>s, error-rate=<percent>%[,<seconds>s]."
        );
}
