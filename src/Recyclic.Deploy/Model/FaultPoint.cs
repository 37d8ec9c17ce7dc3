using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>On which side of a journal record's write.</summary>
public enum FaultMoment
{
    /// <summary>The record is not written yet.</summary>
    Before,

    /// <summary>The record is written, and what follows it has not begun.</summary>
    After,
}

/// <summary>A moment of a command that has a name: just before or just after it writes a journal record.</summary>
/// <param name="Number">Which of the records of this kind that the command writes, from 1.</param>
public sealed record FaultPoint(FaultMoment Moment, JournalKind Kind, int Number)
{
    private const int Highest = 999;

    /// <summary>Both sides of every record, in the order in which they were written.</summary>
    public static ImmutableArray<FaultPoint> Of(IEnumerable<JournalKind> written)
    {
        var counts = new Dictionary<JournalKind, int>();
        var points = ImmutableArray.CreateBuilder<FaultPoint>();
        foreach (var kind in written)
        {
            var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            points.Add(new FaultPoint(FaultMoment.Before, kind, number));
            points.Add(new FaultPoint(FaultMoment.After, kind, number));
        }
        return points.ToImmutable();
    }

    /// <summary>Reads <c>before:StepBegun:3</c>; null when the text is none.</summary>
    public static FaultPoint? TryParse(string text) =>
        text.Split(':') is [var moment, var kind, var number]
        && ByName<FaultMoment>(moment, char.ToLowerInvariant) is { } side
        && ByName<JournalKind>(kind, letter => letter) is { } record
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= Highest
            ? new FaultPoint(side, record, count)
            : null;

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{(Moment == FaultMoment.Before ? "before" : "after")}:{Kind}:{Number}");

    /// <summary>
    /// Exactly as written: <see cref="Enum.TryParse{T}(string, out T)"/> would take numbers and lists too.
    /// </summary>
    private static T? ByName<T>(string text, Func<char, char> first)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if ($"{value}" is var name && first(name[0]) + name[1..] == text)
                return value;
        return null;
    }
}
