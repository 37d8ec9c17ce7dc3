using System.Collections.Immutable;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>Counts what releases do under traffic.</summary>
internal interface IMetricSource
{
    /// <summary>
    /// What happened in a time, told once it is over; a second ask for the same time may be answered with nothing. Never
    /// throws for a source that is down, slow or not understood: it is silent then, and says why.
    /// </summary>
    Task<MetricAnswer> ReadAsync(MetricQuestion question, CancellationToken cancellationToken);
}

/// <summary>What is asked of a source.</summary>
/// <param name="App">The application.</param>
/// <param name="Canary">Where the release is that is judged; the other slot serves.</param>
/// <param name="From">Where the last answer ended.</param>
/// <param name="Until">Now, or before.</param>
internal sealed record MetricQuestion(string App, Slot Canary, DateTimeOffset From, DateTimeOffset Until);

/// <summary>What a source says.</summary>
/// <param name="Intervals">What it counted, each once; also with a silence there may be some.</param>
/// <param name="Silence">Null: it spoke. Else the canary is held.</param>
internal sealed record MetricAnswer(ImmutableArray<Interval> Intervals, Silence? Silence = null)
{
    /// <summary>Nothing was counted.</summary>
    public static MetricAnswer Of(SilenceKind kind, string text) => new([], new Silence(kind, text));
}

/// <summary>Why a source says nothing.</summary>
/// <param name="Kind">For programs.</param>
/// <param name="Text">For people: to follow "the metrics say nothing: ".</param>
internal sealed record Silence(SilenceKind Kind, string Text);

/// <summary>Why a source says nothing.</summary>
internal enum SilenceKind
{
    /// <summary>It cannot be reached, or broke off.</summary>
    Down,

    /// <summary>It did not answer in time.</summary>
    TooSlow,

    /// <summary>It answered that it will not, or cannot.</summary>
    Refused,

    /// <summary>It answered something else, such as a page.</summary>
    NotUnderstood,

    /// <summary>It gave something for a number that is none, or that cannot be.</summary>
    NoNumber,

    /// <summary>It knows of no such releases.</summary>
    Empty,
}
